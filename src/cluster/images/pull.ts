import { resolve } from 'node:path';
import { PodreachError } from '../../errors.ts';
import { cancelledBy, run } from '../../host/index.ts';
import type { Progress } from '../../progress.ts';
import { hasImage } from './node.ts';
import { parseReference } from './reference.ts';

/** A gigabyte at 1 MB a second. */
const PULL_MS = 20 * 60_000;

interface Pulling {
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** What the user gave as the registry's certificates. */
  readonly ca?: { readonly file: string } | undefined;
}

/** Makes sure that the Docker Engine has the image; pulls it, with the Engine's own logins and proxies, if it does not. */
export const ensurePulled = async (image: string, { progress, signal, ca }: Pulling): Promise<void> => {
  if (await hasImage(image)) return;
  const { registry } = parseReference(image);
  const options = { purpose: `pulling ${image}`, timeout: PULL_MS, ...cancelledBy(signal) };
  await progress
    .during(`pulling ${image}`, () => run('docker', ['pull', '--quiet', image], options))
    .catch((error) => {
      if (!(error instanceof PodreachError) || signal?.aborted) throw error;
      throw new PodreachError(error.message, { hint: hintFor(error.message, registry, ca?.file), cause: error });
    });
};

/** The cures, by what the Docker Engine says. */
const CURES: readonly (readonly [RegExp, (registry: string, caFile: string | undefined) => string])[] = [
  [
    /x509|certificate/i,
    (registry, caFile = 'CA.pem') =>
      `the Docker Engine does not trust this registry's certificate: sudo install -D ${resolve(caFile)} /etc/docker/certs.d/${registry}/ca.crt`,
  ],
  [/unauthorized|denied|authentication required|no basic auth/i, (registry) => `log in: docker login ${registry}`],
  [/manifest unknown|not found/i, () => 'the registry does not have it; choose another with --node-image'],
  [/did not end in time/, () => 'pull it by hand, or name a nearer registry with --mirror'],
];

const hintFor = (message: string, registry: string, caFile: string | undefined): string => {
  const [, cure] = CURES.find(([said]) => said.test(message)) ?? [];
  return (
    cure?.(registry, caFile) ?? 'try again, name a mirror with --mirror HOST, or build the images with --images build'
  );
};
