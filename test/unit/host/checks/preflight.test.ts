import { expect } from 'chai';
import fc from 'fast-check';
import type { Program } from '../../../../src/host/checks/facts.ts';
import { plan } from '../../../../src/host/checks/preflight.ts';
import { bare, host, noEngine, running } from './preflight-facts.ts';

const kinds = (facts: Parameters<typeof plan>[0]) => plan(facts).map(({ kind }) => kind);
const packages = (facts: Parameters<typeof plan>[0]) =>
  plan(facts).flatMap((action) => (action.kind === 'install' ? action.packages : []));
const asks = (facts: Parameters<typeof plan>[0]) =>
  plan(facts).flatMap((action) => (action.kind === 'ask' ? [`${action.why}: ${action.cure}`] : []));
const all = ['docker', 'dockerd', 'iptables', 'jq', 'mmdebstrap', 'tar'] as const satisfies readonly Program[];
const without = (...missing: readonly Program[]) => new Set<Program>(all.filter((name) => !missing.includes(name)));

describe('plan', () => {
  it('does nothing if all is there', () => {
    expect(plan(host())).to.deep.equal([]);
    expect(plan(host({ root: false }))).to.deep.equal([]);
    expect(plan(host({ platform: 'darwin', distribution: [], root: false, inotify: null }))).to.deep.equal([]);
  });

  it('installs what a bare machine lacks, and the runtime if CAP_SYS_RESOURCE is missing', () => {
    expect(kinds(bare())).to.deep.equal(['install', 'write-wrapper']);
    expect(packages(bare())).to.deep.equal(['docker.io', 'iptables', 'mmdebstrap', 'jq']);
    expect(packages(bare({ resourceCapability: true, imageSource: 'registry' }))).to.deep.equal([
      'docker.io',
      'iptables',
    ]);
  });

  it('asks for the client alone if a distribution has it as a package of its own', () => {
    expect(packages(bare({ programs: without('docker') }))).to.deep.equal(['docker-cli']);
    expect(
      packages(host({ programs: without('docker'), engine: { ...noEngine, daemon: running.daemon } })),
    ).to.deep.equal(['docker-cli']);
  });

  it('starts dockerd with the runtime, without it where the capability is there, once all is installed', () => {
    const installed = { programs: without() };
    const dockerd = (args: readonly string[]) => ({
      kind: 'start-dockerd',
      topic: 'engine',
      args,
      why: 'the Docker Engine is not running, and there is no systemd to start it',
    });
    expect(plan(bare({ ...installed, wrapper: 'current' }))).to.deep.equal([
      dockerd(['--add-runtime', 'podreach=/usr/local/lib/podreach/runc-clamped', '--default-runtime', 'podreach']),
    ]);
    expect(plan(bare({ ...installed, resourceCapability: true }))).to.deep.equal([dockerd([])]);
    expect(kinds(bare({ ...installed, wrapper: 'outdated' }))).to.deep.equal(['write-wrapper', 'start-dockerd']);
  });

  it('removes the pid files of a dead Engine before it starts one, and only then', () => {
    const stalePidFiles = ['/var/run/docker.pid'];
    expect(kinds(bare({ programs: without(), wrapper: 'current', stalePidFiles }))).to.deep.equal([
      'remove-file',
      'start-dockerd',
    ]);
    expect(plan(host({ stalePidFiles }))).to.deep.equal([]);
  });

  it('leaves the starting to systemd if it is PID 1', () => {
    expect(kinds(host({ engine: noEngine }))).to.deep.equal(['start-service']);
  });

  it('raises only the inotify limits that are too low', () => {
    const inotify = { max_user_watches: 8192, max_user_instances: 1024 };
    expect(plan(host({ inotify }))).to.deep.equal([
      {
        kind: 'raise-limit',
        topic: 'limits',
        limit: 'max_user_watches',
        value: 524_288,
        why: 'fs.inotify.max_user_watches is 8192, too low for the nodes of a cluster',
      },
    ]);
    expect(kinds(host({ inotify, root: false }))).to.deep.equal(['advise']);
  });

  it('updates the runtime of an Engine that uses it, but does not insist', () => {
    const engine = { ...running, runtime: 'podreach', daemon: { pid: 7, resourceCapability: false } };
    expect(plan(host({ engine, wrapper: 'current' }))).to.deep.equal([]);
    expect(kinds(host({ engine, wrapper: 'outdated' }))).to.deep.equal(['write-wrapper']);
    expect(kinds(host({ engine, wrapper: 'outdated', root: false }))).to.deep.equal(['advise']);
    expect(kinds(host({ engine, wrapper: 'absent', root: false }))).to.deep.equal(['ask']);
  });

  it('says what to install if it cannot: not root, not Debian', () => {
    expect(asks(bare({ root: false, resourceCapability: true }))).to.deep.equal([
      'these packages are missing: docker.io (the Docker Engine, in which kind runs the nodes), iptables (needed by the ' +
        'Docker Engine), mmdebstrap (makes the root file systems of the images), jq (for the images): ' +
        'sudo apt-get install --no-install-recommends docker.io iptables mmdebstrap jq',
    ]);
    const fedora = bare({
      distribution: ['fedora'],
      imageSource: 'registry',
      kindVersion: '0.33.0',
      resourceCapability: true,
    });
    expect(asks(fedora)).to.deep.equal([
      'these packages are missing: docker.io (the Docker Engine, in which kind runs the nodes), iptables (needed by the ' +
        'Docker Engine): install the packages that Debian calls docker.io, iptables: https://docs.docker.com/engine/install/',
    ]);
    expect(packages(bare({ distribution: ['ubuntu', 'debian'] }))).to.include('docker.io');
    expect(packages(bare({ distribution: ['linuxmint', 'ubuntu', 'debian'] }))).to.include('docker.io');
  });

  it('asks on a Mac for a Docker that runs, and for a registry, because images are not built there', () => {
    const mac = { platform: 'darwin', distribution: [], root: false, systemd: false, inotify: null };
    expect(asks(host({ ...mac, programs: new Set(['tar']), engine: noEngine }))).to.deep.equal([
      'the Docker Engine is not running: start Docker Desktop, or another Docker Engine: https://docs.docker.com/engine/install/',
    ]);
    expect(asks(host({ ...mac, imageSource: 'build' }))).to.deep.equal([
      'no image registry can be reached, and images are built only on Debian and Ubuntu: ' +
        'make docker.io, quay.io and registry.k8s.io reachable',
    ]);
  });

  it('never starts an Engine beside one that is there but does not answer', () => {
    const cases = [
      { ...noEngine, state: 'denied' as const },
      { ...noEngine, elsewhere: true },
      { ...noEngine, daemon: { pid: 4711, resourceCapability: true } },
    ];
    for (const engine of cases) {
      expect(kinds(host({ engine, systemd: false })), JSON.stringify(engine)).to.deep.equal(['ask']);
      expect(kinds(host({ engine })), JSON.stringify(engine)).to.deep.equal(['ask']);
    }
  });

  it('asks where a running Engine lacks the capability and has no runtime for that', () => {
    const daemon = { pid: 7, resourceCapability: false };
    expect(asks(host({ engine: { ...running, daemon }, systemd: false }))).to.deep.equal([
      "the Docker Engine runs without CAP_SYS_RESOURCE, so it can't start the nodes of a cluster: " +
        'stop dockerd; podreach then starts it with a runtime that works without it',
    ]);
    expect(plan(host({ engine: { ...running, daemon, runtime: 'crun' } }))).to.deep.equal([]);
    // The Engine is that of the machine around this container: it has what this process lacks.
    expect(plan(host({ engine: { ...running, daemon: null }, resourceCapability: false }))).to.deep.equal([]);
  });

  it('wants Go 1.26 if images or kind are built, or a Go that fetches it', () => {
    const tooOld = ['Go 1.24.4 is too old: install Go 1.26 or later: https://go.dev/doc/install'];
    const built = host({ imageSource: 'build' });
    expect(asks({ ...built, goVersion: null })).to.deep.equal([
      'Go is not on PATH: install Go 1.26 or later: https://go.dev/doc/install',
    ]);
    expect(asks({ ...built, goVersion: '1.24.4' })).to.deep.equal(tooOld);
    expect(asks({ ...built, goVersion: '1.24.4', goSwitches: true })).to.deep.equal([]);
    expect(asks({ ...built, goVersion: '1.20', goSwitches: true })).to.have.length(1);
    expect(asks({ ...built, goVersion: '1.26' })).to.deep.equal([]);
    expect(asks(host({ goVersion: null }))).to.deep.equal([]);
    expect(asks(host({ goVersion: '1.24.4', kindVersion: '0.32.9' }))).to.deep.equal(tooOld);
  });

  it('wants Node.js 22.22 or later', () => {
    expect(kinds(host({ nodeVersion: '20.20.2' }))).to.deep.equal(['ask']);
    expect(kinds(host({ nodeVersion: '22.21.9' }))).to.deep.equal(['ask']);
    expect(kinds(host({ nodeVersion: '22.22.0' }))).to.deep.equal([]);
  });

  it('holds questions or deeds, never both, and for anyone but root no deeds at all', () => {
    const facts = fc.record({
      platform: fc.constantFrom('linux', 'darwin'),
      distribution: fc.constantFrom(['debian'], ['ubuntu', 'debian'], ['fedora'], []),
      root: fc.boolean(),
      systemd: fc.boolean(),
      programs: fc.subarray([...all]).map((names) => new Set<Program>(names)),
      engine: fc.constantFrom(
        running,
        noEngine,
        { ...noEngine, state: 'denied' as const },
        { ...noEngine, elsewhere: true },
      ),
      resourceCapability: fc.boolean(),
      wrapper: fc.constantFrom('current' as const, 'outdated' as const, 'absent' as const),
      goVersion: fc.constantFrom(null, '1.20', '1.26.8'),
      imageSource: fc.constantFrom('registry' as const, 'build' as const),
      inotify: fc.constantFrom(null, { max_user_watches: 1, max_user_instances: 1 }),
    });
    fc.assert(
      fc.property(facts, (differing) => {
        const planned = plan(host(differing));
        const deeds = planned.filter(({ kind }) => kind !== 'ask' && kind !== 'advise');
        const isAsking = planned.some(({ kind }) => kind === 'ask');
        expect(isAsking && deeds.length > 0).to.equal(false);
        if (!differing.root) expect(deeds).to.deep.equal([]);
        if (differing.engine.state !== 'answers') expect(planned).not.to.deep.equal([]);
      }),
    );
  });
});
