import { access, readFile, statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { cacheFolder } from '../../cache-folder.ts';
import { type ImageChoice, imageSource } from '../image-source.ts';
import { versionIn } from '../version.ts';
import {
  type EngineFacts,
  type HostFacts,
  type HostSurvey,
  type Program,
  soughtPrograms,
  wrapperPath,
} from './facts.ts';

const deadlineMs = 10_000;
const pidFiles = {
  '/var/run/docker.pid': 'dockerd',
  '/var/run/docker/containerd/containerd.pid': 'containerd',
} as const;

/** CAP_SYS_RESOURCE, from capability.h. */
const resourceCapability = 24n;

const wrapperSource = join(import.meta.dirname, '../../../scripts/host/runc-clamped');

const contentOf = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);

/** Standard output of a program that may be missing or fail: null then. Its error output is discarded. */
const outputOf = async (file: string, ...args: readonly string[]): Promise<string | null> => {
  const { failed, stdout } = await execa(file, args, { reject: false, stdin: 'ignore', timeout: deadlineMs });
  return failed ? null : stdout.trim();
};

const isOnPath = async (program: string): Promise<boolean> => {
  // Debian leaves the sbin folders out of a normal user's PATH, but programs there are installed too.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, program)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
};

/** The name of a living process, null if there is none; a zombie does not count. */
const processName = async (pid: number): Promise<string | null> => {
  const stat = await contentOf(`/proc/${pid}/stat`); // `4711 (dockerd) S 1 …`
  const match = /\((.*)\) (\S)/.exec(stat ?? '');
  return match?.[1] !== undefined && match[2] !== 'Z' ? match[1] : null;
};

/** Whether the bounding set of a process has CAP_SYS_RESOURCE; true if that can't be read. */
export const hasResourceCapability = (procStatus: string | null): boolean => {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(procStatus ?? '')?.[1];
  return bounding === undefined || ((BigInt(`0x${bounding}`) >> resourceCapability) & 1n) === 1n;
};

/** ID and ID_LIKE of an os-release file, in that order. */
export const distributionIn = (osRelease: string | null): readonly string[] =>
  ['ID', 'ID_LIKE'].flatMap((key) => {
    const value = new RegExp(`^${key}=(.*)$`, 'm').exec(osRelease ?? '')?.[1] ?? '';
    return value.replaceAll(/["']/g, '').split(' ').filter(Boolean);
  });

const daemon = async (): Promise<EngineFacts['daemon']> => {
  const pid = Number.parseInt((await contentOf('/var/run/docker.pid')) ?? '', 10);
  if (!(pid > 0) || (await processName(pid)) !== 'dockerd') return null;
  return { pid, resourceCapability: hasResourceCapability(await contentOf(`/proc/${pid}/status`)) };
};

const stalePidFiles = async (): Promise<readonly string[]> => {
  const stale = await Promise.all(
    Object.entries(pidFiles).map(async ([path, name]) => {
      const content = await contentOf(path);
      return content !== null && (await processName(Number.parseInt(content, 10))) !== name ? [path] : [];
    }),
  );
  return stale.flat();
};

/** Asks the Engine through the docker client, so that DOCKER_HOST and the user's docker context apply. */
export const surveyEngine = async (): Promise<EngineFacts> => {
  const fields = '{{.ServerVersion}}\t{{.DefaultRuntime}}';
  const [info, endpoint, ownDaemon] = await Promise.all([
    execa('docker', ['info', '--format', fields], { reject: false, stdin: 'ignore', timeout: deadlineMs }),
    outputOf('docker', 'context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'),
    daemon(),
  ]);
  const [version = '', runtime = ''] = info.failed ? [] : info.stdout.split('\t');
  const denied = /permission denied/i.test(info.stderr ?? '');
  return {
    state: version ? 'answers' : denied ? 'denied' : 'silent',
    version: version || null,
    runtime: runtime || null,
    elsewhere: !/^(unix:\/\/(\/var)?\/run\/docker\.sock)?$/.test(endpoint ?? process.env.DOCKER_HOST ?? ''),
    daemon: ownDaemon,
  };
};

const inotifyLimits = async (): Promise<HostFacts['inotify']> => {
  const [watches, instances] = await Promise.all(
    ['max_user_watches', 'max_user_instances'].map((limit) => contentOf(`/proc/sys/fs/inotify/${limit}`)),
  );
  return watches && instances ? { max_user_watches: Number(watches), max_user_instances: Number(instances) } : null;
};

/** Inspects this machine without changing it. */
export const gatherFacts = async (images: ImageChoice = 'auto'): Promise<HostFacts> => {
  const [osRelease, status, init, wrapper, source, go, kind] = await Promise.all([
    contentOf('/etc/os-release'),
    contentOf('/proc/self/status'),
    processName(1),
    contentOf(wrapperPath),
    contentOf(wrapperSource),
    outputOf('go', 'env', 'GOVERSION', 'GOTOOLCHAIN'),
    outputOf('kind', 'version'),
  ]);
  const programs = await Promise.all(
    soughtPrograms.map(async (program): Promise<Program[]> => ((await isOnPath(program)) ? [program] : [])),
  );
  return {
    platform: process.platform,
    distribution: distributionIn(osRelease),
    root: process.getuid?.() === 0,
    systemd: init === 'systemd',
    nodeVersion: process.versions.node,
    programs: new Set(programs.flat()),
    engine: await surveyEngine(),
    resourceCapability: hasResourceCapability(status),
    wrapper: wrapper === null ? 'absent' : wrapper === source ? 'current' : 'outdated',
    stalePidFiles: await stalePidFiles(),
    inotify: await inotifyLimits(),
    goVersion: versionIn(go ?? ''),
    goSwitches: /auto|path/.test(go ?? ''),
    kindVersion: versionIn(kind ?? ''),
    imageSource: (await imageSource(images)).source,
  };
};

/** The nearest existing folder: the Engine's own if readable, otherwise the cache's or one above it. */
const freeBytesNear = async (path: string): Promise<number> => {
  const disk = await statfs(path).catch(() => null);
  if (disk) return disk.bavail * disk.bsize;
  const above = join(path, '..');
  return above === path ? 0 : freeBytesNear(above);
};

const cgroupVersion = async (): Promise<HostSurvey['cgroupVersion']> => {
  if (process.platform !== 'linux') return null;
  return (await contentOf('/sys/fs/cgroup/cgroup.controllers')) === null ? 1 : 2;
};

/** Already registered, or a module that can be loaded on demand. */
const opensSctp = async (): Promise<boolean | null> => {
  const protocols = await contentOf('/proc/net/protocols');
  if (protocols === null) return null;
  return /^SCTP\b/m.test(protocols) || (await outputOf('modprobe', '--dry-run', '--quiet', 'sctp')) !== null;
};

/** The facts, and what else a user may want to know. */
export const surveyHost = async (): Promise<HostSurvey> => ({
  ...(await gatherFacts()),
  cgroupVersion: await cgroupVersion(),
  freeDiskBytes: Math.min(...(await Promise.all(['/var/lib/docker', cacheFolder()].map(freeBytesNear)))),
  memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
  sctp: await opensSctp(),
});
