/**
 * Why a document is no object of Kubernetes, in words that quote nothing of it; null where it is one. A pattern may lead to
 * any file of the repository, and what is in a file that is none may be a secret.
 */
export const whyNoManifest = (value: unknown): string | null => {
  const document = Object(value);
  const missing = ['apiVersion', 'kind'].filter((key) => typeof document[key] !== 'string' || document[key] === '');
  if (typeof value !== 'object' || Array.isArray(value) || missing.length === 2)
    return 'no Kubernetes object: it has no apiVersion and no kind';
  return missing.length === 0 ? null : `no Kubernetes object: it has no ${missing[0]}`;
};
