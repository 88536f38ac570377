import { access } from 'node:fs/promises';
import { openUrl, reasonOf } from './fetch.ts';

export type ImageChoice = 'auto' | 'registry' | 'build';
export type ImageSource = Exclude<ImageChoice, 'auto'>;

/** Where images come from, and why: `because …`, undefined where the user chose. */
export interface SourceDecision {
  readonly source: ImageSource;
  readonly because?: string;
}

/** Where the stock images come from: kind's node image, Calico's images and its manifest, the probe image. */
const STOCK = [
  'https://registry-1.docker.io/v2/',
  'https://quay.io/v2/',
  'https://raw.githubusercontent.com/projectcalico/calico/HEAD/README.md',
  'https://registry.k8s.io/v2/',
];

export interface Surroundings {
  /** Exists on hosts with cgroup v2. */
  readonly controllers?: string;
  readonly registries?: readonly string[];
  /** How long the registries may take to answer. */
  readonly patienceMs?: number;
}

const hasCgroupV2 = (controllers: string): Promise<boolean> =>
  access(controllers).then(
    () => true,
    () => process.platform !== 'linux', // Docker Desktop's virtual machine has it
  );

/** Null when the registry is reachable: any answer says so, a refusal without a login included. Otherwise why not. */
const problemOf = async (url: string, signal: AbortSignal): Promise<string | null> => {
  try {
    const response = await openUrl(url, signal);
    response.destroy();
    const { statusCode: status = 0 } = response;
    return status < 400 || status === 401 ? null : `status ${status}`;
  } catch (error) {
    return signal.aborted ? 'no answer in time' : reasonOf(error);
  }
};

/**
 * Decides whether images are pulled or built. `auto` builds if the host has cgroup v1, on which the kubelet of the stock
 * node image does not start, or if no registry answers. If some answer and others don't, images are pulled all the same,
 * and the pull says what is wrong, because nobody asked for a build of ten minutes.
 */
export const imageSource = async (choice: ImageChoice, around: Surroundings = {}): Promise<SourceDecision> => {
  if (choice !== 'auto') return { source: choice };
  const { controllers = '/sys/fs/cgroup/cgroup.controllers', registries = STOCK, patienceMs = 4_000 } = around;
  if (!(await hasCgroupV2(controllers))) {
    return { source: 'build', because: "this machine has cgroup v1, and kind's node image needs v2" };
  }
  const signal = AbortSignal.timeout(patienceMs);
  const problems = await Promise.all(registries.map((url) => problemOf(url, signal)));
  const failed = registries.flatMap((url, index) =>
    problems[index] === null ? [] : [`${new URL(url).host}: ${problems[index]}`],
  );
  if (failed.length === 0) return { source: 'registry', because: 'every registry answers' };
  if (failed.length < registries.length) {
    return { source: 'registry', because: `registries answer, though not all of them (${failed.join(', ')})` };
  }
  return { source: 'build', because: `no registry can be reached (${failed.join(', ')})` };
};
