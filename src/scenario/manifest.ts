/**
 * Why a document is no manifest of Kubernetes, in words that quote nothing of it; null where it is one. A pattern may lead to
 * any file of the repository, and what is in a file that is no manifest may be a secret.
 */
export const whyNoManifest = (value: unknown): string | null => {
  const document = Object(value);
  const missing = ['apiVersion', 'kind'].filter((key) => typeof document[key] !== 'string' || document[key] === '');
  if (typeof value !== 'object' || Array.isArray(value) || missing.length === 2)
    return 'no manifest of Kubernetes: it has neither apiVersion nor kind';
  return missing.length === 0 ? null : `no manifest of Kubernetes: it has no ${missing[0]}`;
};
