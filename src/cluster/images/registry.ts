import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PodreachError } from '../../errors.ts';
import { cached } from '../../host/index.ts';
import type { Progress } from '../../progress.ts';
import type { ClusterImages } from './build.ts';

/** A release of Calico: its manifest for VXLAN, verified by a checksum, names its images. */
const calico = {
  version: 'v3.32.1',
  sha256: 'c2ab4f9a4ecde01d66e6f040d6745cd7f174d5ded573164c809ffb9f40a9d566',
};
const manifestUrl = `https://raw.githubusercontent.com/projectcalico/calico/${calico.version}/manifests/calico-vxlan.yaml`;

/** Upstream's own test image: HTTP and UDP servers, nc and wget. */
export const stockProbeImage =
  'registry.k8s.io/e2e-test-images/agnhost:2.56@sha256:352a050380078cb2a1c246357a0dfa2fcf243ee416b92ff28b44a01d1b4b0294';

const fetchManifest = async (): Promise<string> => {
  const hint = 'check the network, or build the images with --images build';
  const response = await fetch(manifestUrl, { signal: AbortSignal.timeout(60_000) }).catch((cause: unknown) => {
    throw new PodreachError(`Calico's manifest could not be fetched from ${manifestUrl}`, { hint, cause });
  });
  if (!response.ok) throw new PodreachError(`${manifestUrl} answered with status ${response.status}`, { hint });
  return response.text();
};

/** Throws unless the text has the checksum, because a manifest is applied with all rights in the cluster. */
export const checkManifest = (text: string, sha256 = calico.sha256): string => {
  const actual = createHash('sha256').update(text).digest('hex');
  if (actual === sha256) return text;
  throw new PodreachError(`Calico's manifest has the checksum ${actual}, not ${sha256}; it was changed on the way`, {
    hint: 'do not use it; try another network, or build the images with --images build',
  });
};

/** Stock images: kind's own default node image (pinned by digest in kind), a pinned Calico, a pinned probe image. */
export const stockImages = async (progress: Progress): Promise<ClusterImages> => {
  const folder = await cached('calico-manifest', calico.version, (unfinished) =>
    progress.during(`fetching the manifest of Calico ${calico.version}`, async () =>
      writeFile(join(unfinished, 'calico.yaml'), checkManifest(await fetchManifest())),
    ),
  );
  return { calicoManifest: join(folder, 'calico.yaml'), probe: stockProbeImage };
};
