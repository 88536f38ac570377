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

/** Any answer, a refusal for want of a login included, means that the registry can be reached. */
const answers = async (url: string): Promise<boolean> => {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(4000), redirect: 'manual' });
    return status < 400 || status === 401;
  } catch {
    return false;
  }
};

/** Exists where the host has cgroup v2. */
const CONTROLLERS = '/sys/fs/cgroup/cgroup.controllers';

const hasCgroupV2 = (controllers: string): Promise<boolean> =>
  access(controllers).then(
    () => true,
    () => process.platform !== 'linux', // Docker Desktop's virtual machine has it
  );

/**
 * Decides whether images are pulled or built. `auto` pulls where every registry answers and the host has cgroup v2, which
 * the kubelet of the stock node image insists on; else it builds.
 */
export const imageSource = async (choice: ImageChoice, controllers = CONTROLLERS): Promise<ImageSource> => {
  if (choice !== 'auto') return choice;
  if (!(await hasCgroupV2(controllers))) return 'build';
  return (await Promise.all(registries.map(answers))).every(Boolean) ? 'registry' : 'build';
};
