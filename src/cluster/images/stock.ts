import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PodreachError } from '../../errors.ts';
import { cached, contentKey, registryLogin } from '../../host/index.ts';
import type { Progress } from '../../progress.ts';
import { parseCalico, readManifest, withMirror } from './calico-manifest.ts';
import type { ClusterImages, RegistryAccess } from './cluster-images.ts';
import { ensurePulled } from './pull.ts';
import { type Mirror, parseMirror, throughMirror } from './reference.ts';

/** Upstream's own test image: HTTP and UDP servers, nc and wget. */
const stockProbeImage =
  'registry.k8s.io/e2e-test-images/agnhost:2.56@sha256:352a050380078cb2a1c246357a0dfa2fcf243ee416b92ff28b44a01d1b4b0294';

/** The default of kind 0.33.0, which it pins itself: pkg/apis/config/defaults/image.go. */
const stockNodeImage = 'kindest/node:v1.37.0@sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5';

/** The version of Kubernetes that podreach takes unless told otherwise: `v1.37.0`. */
export const stockKubernetes: string = /:([^@]+)/.exec(stockNodeImage)?.[1] ?? '';

/** What stands in for the public registries and for single images of theirs. */
export interface StockChoice {
  /** HOST[:PORT][/PREFIX] of a registry that has them all. */
  readonly mirror?: string | undefined;
  /** Path of the CA certificates, in PEM, with which the nodes verify the mirror. */
  readonly registryCa?: string | undefined;
  readonly nodeImage?: string | undefined;
  /** A version or a file, with or without `@sha256:…`. */
  readonly calico?: string | undefined;
  readonly probeImage?: string | undefined;
}

/** The probe image as it is to be pulled: the stock one unless another is named, by way of the mirror if there is one. */
export const probeImageOf = ({ mirror, probeImage = stockProbeImage }: StockChoice): string =>
  throughMirror(probeImage, mirrorOf(mirror));

/**
 * Stock images: kind's own default node image, a pinned Calico, a pinned probe image. Pulls the node image into the
 * Docker Engine; the nodes pull the rest themselves.
 */
export const stockImages = async (
  choice: StockChoice,
  progress: Progress,
  signal?: AbortSignal,
): Promise<ClusterImages> => {
  const { nodeImage = stockNodeImage, calico } = choice;
  const mirror = mirrorOf(choice.mirror);
  if (choice.registryCa !== undefined && !mirror) {
    throw new PodreachError('--registry-ca needs a mirror, and there is none', {
      hint: 'add --mirror',
    });
  }
  const node = throughMirror(nodeImage, mirror);
  const probe = probeImageOf(choice);
  const access = mirror && (await accessTo(mirror, choice.registryCa));
  const release = parseCalico(calico);
  // A file may change under the same name, so its content is the key.
  const ownText = 'file' in release ? await readManifest(release, progress) : undefined;
  const key = contentKey(ownText ?? JSON.stringify(release), JSON.stringify(mirror ?? null));
  const folder = await cached('calico-manifest', key, async (unfinished) => {
    const text = ownText ?? (await readManifest(release, progress));
    await writeFile(join(unfinished, 'calico.yaml'), withMirror(text, mirror));
  });
  await ensurePulled(node, { progress, signal, ca: access?.ca });
  return { node, calicoManifest: join(folder, 'calico.yaml'), probe, ...(access && { registry: access }) };
};

const mirrorOf = (text: string | undefined): Mirror | undefined => (text === undefined ? undefined : parseMirror(text));

const accessTo = async ({ registry }: Mirror, caFile: string | undefined): Promise<RegistryAccess> => {
  const login = await registryLogin(registry);
  return { registry, ...(caFile !== undefined && { ca: await readCa(caFile) }), ...(login && { login }) };
};

const readCa = async (file: string): Promise<{ readonly file: string; readonly pem: string }> => {
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PodreachError(`the certificates ${file} can't be read`, {
      hint: '--registry-ca needs a PEM file',
      cause,
    });
  });
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return { file, pem };
  throw new PodreachError(`${file} has no certificate in PEM`, {
    hint: '--registry-ca needs a file with -----BEGIN CERTIFICATE----- in it',
  });
};
