import type { ImageSource } from '../image-source.ts';

/** The programs to look for on PATH. */
export const soughtPrograms = ['docker', 'dockerd', 'iptables', 'jq', 'mmdebstrap', 'tar'] as const;
export type Program = (typeof soughtPrograms)[number];

/**
 * The Docker Engine as the docker client sees it: it `answers`, this user is `denied`, or nothing answers (`silent`).
 * `runtime` is the default runtime's name, null unless it answers.
 */
export interface EngineFacts {
  readonly state: 'answers' | 'denied' | 'silent';
  readonly version: string | null;
  readonly runtime: string | null;
  /** The client is configured for another machine's socket, so podreach can't start that Engine. */
  readonly elsewhere: boolean;
  /** The dockerd process of this machine; null if none runs or is visible. */
  readonly daemon: { readonly pid: number; readonly resourceCapability: boolean } | null;
}

/** The facts that a plan for the host depends on. Null means unknown, without a Linux kernel or the program. */
export interface HostFacts {
  /** As in `process.platform`. */
  readonly platform: string;
  /** ID and ID_LIKE of os-release: `['ubuntu', 'debian']`. */
  readonly distribution: readonly string[];
  readonly root: boolean;
  /** PID 1 is systemd, which starts installed services. */
  readonly systemd: boolean;
  readonly nodeVersion: string;
  readonly programs: ReadonlySet<Program>;
  readonly engine: EngineFacts;
  /** CAP_SYS_RESOURCE is in this process's bounding set, so a dockerd started from here would have it. */
  readonly resourceCapability: boolean;
  /** The installed runtime wrapper, compared with this version's. */
  readonly wrapper: 'current' | 'outdated' | 'absent';
  /** Files that contain the process number of a dead dockerd or of its containerd. */
  readonly stalePidFiles: readonly string[];
  /** /proc/sys/fs/inotify. */
  readonly inotify: { readonly max_user_watches: number; readonly max_user_instances: number } | null;
  readonly goVersion: string | null;
  /** GOTOOLCHAIN lets Go download a later release of itself. */
  readonly goSwitches: boolean;
  readonly kindVersion: string | null;
  readonly imageSource: ImageSource;
}

/** Facts for the user beyond what podreach needs. */
export interface HostSurvey extends HostFacts {
  readonly cgroupVersion: 1 | 2 | null;
  readonly freeDiskBytes: number;
  readonly memoryBytes: number;
  /** The kernel can open SCTP sockets. */
  readonly sctp: boolean | null;
}

/** Where the runtime wrapper is installed: outside any clone, because dockerd outlives clones. */
export const wrapperPath = '/usr/local/lib/podreach/runc-clamped';

/** The name under which dockerd knows the wrapper. */
export const wrapperRuntime = 'podreach';

export type InotifyLimit = keyof NonNullable<HostFacts['inotify']>;

/** kind's own advice: https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files */
export const inotifyMinimums: Readonly<Record<InotifyLimit, number>> = {
  max_user_watches: 524_288,
  max_user_instances: 512,
};

export const minimums = {
  node: '22.22',
  go: '1.26',
  switchingGo: '1.21',
  kind: '0.33.0',
  freeDiskBytes: 10e9,
  memoryBytes: 4e9,
} as const;
