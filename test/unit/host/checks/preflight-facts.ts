import type { EngineFacts, HostFacts, Program } from '../../../../src/host/checks/facts.ts';

export const running: EngineFacts = {
  state: 'answers',
  version: '28.3.0',
  runtime: 'runc',
  elsewhere: false,
  daemon: { pid: 700, resourceCapability: true },
};

export const noEngine: EngineFacts = { state: 'silent', version: null, runtime: null, elsewhere: false, daemon: null };

/** A machine where nothing is left to do: root on Debian with systemd, images pulled. The facts given differ. */
export const host = (differing: Partial<HostFacts> = {}): HostFacts => ({
  platform: 'linux',
  distribution: ['debian'],
  root: true,
  systemd: true,
  nodeVersion: '24.21.0',
  programs: new Set<Program>(['docker', 'dockerd', 'iptables', 'jq', 'mmdebstrap', 'tar']),
  engine: running,
  resourceCapability: true,
  wrapper: 'absent',
  stalePidFiles: [],
  inotify: { max_user_watches: 524_288, max_user_instances: 512 },
  goVersion: '1.26.8',
  goSwitches: false,
  kindVersion: '0.33.0',
  imageSource: 'registry',
  ...differing,
});

/** A new container without systemd, an Engine or CAP_SYS_RESOURCE, where images must be built. */
export const bare = (differing: Partial<HostFacts> = {}): HostFacts =>
  host({
    systemd: false,
    programs: new Set<Program>(['tar']),
    engine: noEngine,
    resourceCapability: false,
    kindVersion: null,
    imageSource: 'build',
    ...differing,
  });
