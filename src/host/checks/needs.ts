import type { Need } from './action.ts';
import {
  type HostFacts,
  type InotifyLimit,
  inotifyMinimums,
  type Program,
  wrapperPath,
  wrapperRuntime,
} from './facts.ts';

/** Packages are installed with apt-get, under Debian's names. */
export const isDebian = (facts: HostFacts) =>
  facts.platform === 'linux' && facts.distribution.some((id) => id === 'debian' || id === 'ubuntu');

/** No Engine runs, here or elsewhere. */
const lacksEngine = ({ engine }: HostFacts) => engine.state === 'silent' && !engine.elsewhere && engine.daemon === null;

/** dockerd must be started from here, with this process's capabilities and no more. */
const startsDockerd = (facts: HostFacts) => lacksEngine(facts) && !facts.systemd;

const needsWrapper = (facts: HostFacts) =>
  facts.platform === 'linux' &&
  ((startsDockerd(facts) && !facts.resourceCapability) || facts.engine.runtime === wrapperRuntime);

/** Packages by what is missing, with the purpose of each. The names are Debian's; Ubuntu's are the same. */
const packageNeeds = (facts: HostFacts): readonly (readonly [string, string])[] => {
  const lacks = (program: Program) => !facts.programs.has(program);
  const linux = facts.platform === 'linux';
  const local = linux && lacksEngine(facts);
  const built = linux && facts.imageSource === 'build';
  // In Debian 13 the client is a separate package; up to 12 it is part of docker.io. So it is requested only if the
  // Engine is installed or elsewhere, and the client is still missing.
  const clientAlone = lacks('docker') && !(lacksEngine(facts) && lacks('dockerd'));
  const wanted: readonly (readonly [boolean, string, string])[] = [
    [local && lacks('dockerd'), 'docker.io', 'the Docker Engine, in which kind runs the nodes'],
    [local && lacks('iptables'), 'iptables', 'needed by the Docker Engine'],
    [clientAlone, 'docker-cli', 'the docker client, which kind calls'],
    [built && lacks('mmdebstrap'), 'mmdebstrap', 'makes the root file systems of the images'],
    [(built || needsWrapper(facts)) && lacks('jq'), 'jq', needsWrapper(facts) ? 'for the runtime' : 'for the images'],
    [built && lacks('tar'), 'tar', 'packs the images'],
  ];
  return wanted.flatMap(([missing, name, use]) => (missing ? [[name, use] as const] : []));
};

const installNeeds = (facts: HostFacts): readonly Need[] => {
  const needed = packageNeeds(facts);
  if (needed.length === 0) return [];
  const packages = needed.map(([name]) => name);
  const why = `these packages are missing: ${needed.map(([name, use]) => `${name} (${use})`).join(', ')}`;
  const command = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  const cure = isDebian(facts)
    ? `sudo ${command}`
    : `install the packages that Debian calls ${packages.join(', ')}${packages.includes('docker.io') ? ': https://docs.docker.com/engine/install/' : ''}`;
  const topic = packages.some((name) => name.startsWith('docker')) ? 'engine' : 'packages';
  return [{ action: { kind: 'install', topic, packages, why }, cure }];
};

const wrapperNeeds = (facts: HostFacts): readonly Need[] => {
  if (!needsWrapper(facts) || facts.wrapper === 'current') return [];
  const outdated = facts.wrapper === 'outdated' && facts.engine.state === 'answers';
  const why = outdated
    ? "the Docker Engine's runtime comes from another version of podreach"
    : 'CAP_SYS_RESOURCE is missing here, so the Docker Engine needs a runtime that does not ask for it';
  const cure = `install scripts/host/runc-clamped as ${wrapperPath}`;
  return [
    {
      action: { kind: 'write-wrapper', topic: 'runtime', path: wrapperPath, why },
      cure,
      ...(outdated && { optional: true }),
    },
  ];
};

const engineNeeds = (facts: HostFacts): readonly Need[] => {
  // The next plan starts what this one only installs, because the result is not known yet.
  if (!lacksEngine(facts) || !facts.programs.has('dockerd') || !facts.programs.has('docker')) return [];
  if (facts.systemd) {
    const why = 'the Docker Engine is not running';
    return [
      {
        action: { kind: 'start-service', topic: 'engine', service: 'docker', why },
        cure: 'sudo systemctl start docker',
      },
    ];
  }
  const stale = facts.stalePidFiles.map(
    (path): Need => ({
      action: { kind: 'remove-file', topic: 'engine', path, why: 'it names the process of an Engine that is gone' },
      cure: `sudo rm ${path}`,
    }),
  );
  const args = facts.resourceCapability
    ? []
    : ['--add-runtime', `${wrapperRuntime}=${wrapperPath}`, '--default-runtime', wrapperRuntime];
  const why = 'the Docker Engine is not running, and there is no systemd to start it';
  return [
    ...stale,
    { action: { kind: 'start-dockerd', topic: 'engine', args, why }, cure: `sudo ${['dockerd', ...args].join(' ')}` },
  ];
};

const limitNeeds = ({ inotify }: HostFacts): readonly Need[] => {
  const limits = inotify ? (Object.keys(inotifyMinimums) as InotifyLimit[]) : [];
  return limits.flatMap((limit): Need[] => {
    const now = inotify?.[limit] ?? 0;
    const value = inotifyMinimums[limit];
    if (now >= value) return [];
    const why = `fs.inotify.${limit} is ${now}, too low for the nodes of a cluster`;
    return [
      {
        action: { kind: 'raise-limit', topic: 'limits', limit, value, why },
        cure: `sudo sysctl fs.inotify.${limit}=${value}`,
        optional: true,
      },
    ];
  });
};

/** Everything that a Linux host lacks, in the necessary order. */
export const needsOf = (facts: HostFacts): readonly Need[] => [
  ...installNeeds(facts),
  ...(facts.platform === 'linux' ? [...wrapperNeeds(facts), ...engineNeeds(facts), ...limitNeeds(facts)] : []),
];
