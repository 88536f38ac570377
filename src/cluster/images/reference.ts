import { PodreachError } from '../../errors.ts';

/** The name of an image: `quay.io/calico/node:v3.32.1@sha256:…`. */
export interface ImageReference {
  /** Host and port; `docker.io` where the text names none. */
  readonly registry: string;
  /** `calico/node`; Docker Hub's own images lie below `library/`. */
  readonly repository: string;
  /** `:v3.32.1`, `@sha256:…`, both or nothing. */
  readonly version: string;
}

// https://github.com/distribution/reference: a first part with a dot or a colon, or `localhost`, is a registry.
const REGISTRY =
  '(?:localhost|[A-Za-z0-9.-]+\\.[A-Za-z0-9.-]+|[A-Za-z0-9.-]+(?=:\\d)|\\[[0-9a-fA-F:]+\\])(?::\\d{1,5})?';
const REPOSITORY = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*';
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const FORM = new RegExp(`^(?:(${REGISTRY})/)?(${REPOSITORY})((?::${TAG})?(?:@sha256:[0-9a-f]{64})?)$`);
const MIRROR = new RegExp(`^(${REGISTRY})(?:/(${REPOSITORY}))?$`);

/** Reads the name of an image. Throws a PodreachError if it is none. */
export const parseReference = (text: string): ImageReference => {
  const [, registry = 'docker.io', path = '', version = ''] = FORM.exec(text) ?? [];
  if (path === '') {
    throw new PodreachError(`${JSON.stringify(text)} is not the name of an image`, {
      hint: 'for example kindest/node:v1.34.0 or registry.example.com/tools/agnhost:2.56',
    });
  }
  return { registry, repository: registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path, version };
};

/** A registry that has the images of others, perhaps below a path of its own: `registry.example.com/proxy`. */
export interface Mirror {
  readonly registry: string;
  readonly prefix: string;
}

/** Reads HOST[:PORT][/PREFIX]. Throws a PodreachError for anything else. */
export const parseMirror = (text: string): Mirror => {
  const [, registry = '', prefix = ''] = MIRROR.exec(text.replace(/\/+$/, '')) ?? [];
  if (registry === '') {
    throw new PodreachError(`${JSON.stringify(text)} is not the address of a registry`, {
      hint: 'give HOST[:PORT][/PREFIX], without https://: registry.example.com/proxy',
    });
  }
  return { registry, prefix };
};

/**
 * The image's name in the mirror: what follows its own registry, below the mirror's prefix, with the same tag and
 * digest. An image that the mirror's registry has anyway keeps its name.
 */
export const throughMirror = (image: string, mirror: Mirror | undefined): string => {
  const { registry, repository, version } = parseReference(image);
  if (!mirror || registry === mirror.registry) return image;
  return [mirror.registry, mirror.prefix, `${repository}${version}`].filter((part) => part !== '').join('/');
};
