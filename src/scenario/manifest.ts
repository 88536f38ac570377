/**
 * Why a document is not a Kubernetes object, without quoting any of it; null if it is one. A pattern may lead to any
 * file of the repository, and a file that is not a manifest may hold secrets.
 */
export const whyNoManifest = (value: unknown): string | null => {
  const document = Object(value);
  const missing = ['apiVersion', 'kind'].filter((key) => typeof document[key] !== 'string' || document[key] === '');
  if (typeof value !== 'object' || Array.isArray(value) || missing.length === 2)
    return 'not a Kubernetes object: it has no apiVersion and no kind';
  return missing.length === 0 ? null : `not a Kubernetes object: it has no ${missing[0]}`;
};
