import { access } from 'node:fs/promises';

export type ImageChoice = 'auto' | 'registry' | 'build';
export type ImageSource = Exclude<ImageChoice, 'auto'>;

/** Where the stock images come from: kind's node image, Calico's images and its manifest, the probe image. */
const registries = [
  'https://registry-1.docker.io/v2/',
  'https://quay.io/v2/',
  'https://raw.githubusercontent.com/projectcalico/calico/HEAD/README.md',
  'https://registry.k8s.io/v2/',
];

/** Any answer, including a refusal without a login, means that the registry is reachable. */
const answers = async (url: string): Promise<boolean> => {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(4000), redirect: 'manual' });
    return status < 400 || status === 401;
  } catch {
    return false;
  }
};

/** Exists on hosts with cgroup v2. */
const CONTROLLERS = '/sys/fs/cgroup/cgroup.controllers';

const hasCgroupV2 = (controllers: string): Promise<boolean> =>
  access(controllers).then(
    () => true,
    () => process.platform !== 'linux', // Docker Desktop's virtual machine has it
  );

/**
 * Decides whether images are pulled or built. `auto` pulls if every registry answers and the host has cgroup v2, which
 * the kubelet of the stock node image requires; otherwise it builds.
 */
export const imageSource = async (choice: ImageChoice, controllers = CONTROLLERS): Promise<ImageSource> => {
  if (choice !== 'auto') return choice;
  if (!(await hasCgroupV2(controllers))) return 'build';
  return (await Promise.all(registries.map(answers))).every(Boolean) ? 'registry' : 'build';
};
