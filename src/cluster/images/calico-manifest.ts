import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isScalar, parseAllDocuments, visit } from 'yaml';
import { PodreachError } from '../../errors.ts';
import { fetchText } from '../../host/index.ts';
import type { Progress } from '../../progress.ts';
import { type Mirror, throughMirror } from './reference.ts';

/** Releases whose manifest for VXLAN podreach knows by its checksum; the first is what it takes unless told otherwise. */
const RELEASES: Readonly<Record<string, string>> = {
  'v3.32.1': 'c2ab4f9a4ecde01d66e6f040d6745cd7f174d5ded573164c809ffb9f40a9d566',
  'v3.31.2': '4be1e091e5ac0d4725aac465bd72fbc7078046340099babe52f5174d14686999',
};
const STOCK = 'v3.32.1';

/** podreach's own choice, then others that it knows. */
export const calicoVersions: readonly string[] = Object.keys(RELEASES);

const urlOf = (version: string) =>
  `https://raw.githubusercontent.com/projectcalico/calico/${version}/manifests/calico-vxlan.yaml`;

/** Where Calico's manifest comes from, and the SHA-256 that it must have. */
export type CalicoChoice =
  | { readonly version: string; readonly sha256: string }
  | { readonly file: string; readonly sha256: string | undefined };

const FORM = /^(?<name>.+?)(?:@sha256:(?<sha256>[0-9a-f]{64}))?$/s;

/**
 * Reads `VERSION` or `FILE`, either with `@sha256:…` behind it; undefined means the release that podreach is tested
 * with. Throws a PodreachError for a version whose checksum is neither given nor known.
 */
export const parseCalico = (text: string = STOCK): CalicoChoice => {
  const { name = text, sha256 } = FORM.exec(text)?.groups ?? {};
  if (!/^v?\d+\.\d+\.\d+$/.test(name)) return { file: name, sha256 };
  const version = name.startsWith('v') ? name : `v${name}`;
  const expected = sha256 ?? RELEASES[version];
  if (expected !== undefined) return { version, sha256: expected };
  throw new PodreachError(`Calico ${version}: podreach does not know the checksum of its manifest`, {
    hint: `download ${urlOf(version)}, check it, and give --calico ${version}@sha256:CHECKSUM (sha256sum FILE), or a file`,
  });
};

/** Throws unless the text has the checksum, because a manifest is applied with all rights in the cluster. */
export const checkManifest = (text: string, sha256: string, where: string): string => {
  const actual = createHash('sha256').update(text).digest('hex');
  if (actual === sha256) return text;
  throw new PodreachError(`Calico's manifest from ${where} has the checksum ${actual}, not ${sha256}`, {
    hint: 'it was changed, so do not use it; try another network, or name a file that you trust with --calico FILE',
  });
};

/** The manifest as its makers published it, or as the file has it. */
export const readManifest = async (choice: CalicoChoice, progress: Progress): Promise<string> => {
  if ('file' in choice) {
    const text = await readFile(choice.file, 'utf8').catch((cause: unknown) => {
      throw new PodreachError(`Calico's manifest ${choice.file} can't be read`, {
        hint: '--calico needs a version (v3.32.1) or a file',
        cause,
      });
    });
    return choice.sha256 === undefined ? text : checkManifest(text, choice.sha256, choice.file);
  }
  const url = urlOf(choice.version);
  const hint =
    'behind a proxy, set HTTPS_PROXY; otherwise name a file with --calico FILE, or build with --images build';
  const fetched = await progress.during(`fetching the manifest of Calico ${choice.version}`, () =>
    fetchText(url, { purpose: "fetching Calico's manifest", timeoutMs: 60_000, hint }),
  );
  return checkManifest(fetched, choice.sha256, url);
};

/** The manifest with every image named as the mirror has it. */
export const withMirror = (manifest: string, mirror: Mirror | undefined): string => {
  if (!mirror) return manifest;
  const documents = parseAllDocuments(manifest);
  for (const document of documents) {
    visit(document, {
      Pair: (_, { key, value }) => {
        if (isScalar(key) && key.value === 'image' && isScalar(value)) {
          value.value = throughMirror(String(value.value), mirror);
        }
      },
    });
  }
  return documents.map((document) => document.toString({ lineWidth: 0 })).join('');
};
