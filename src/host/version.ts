/** The first version number in a text: `go version go1.26.8 linux/amd64` gives `1.26.8`; null if there is none. */
export const versionIn = (text: string): string | null => /\d+\.\d+(?:\.\d+)*/.exec(text)?.[0] ?? null;

/** Whether a version such as `24.21.0` is at least the minimum; a missing part counts as 0. */
export const isAtLeast = (version: string, minimum: string): boolean => {
  const wanted = minimum.split('.').map(Number);
  const parts = version.split('.').map(Number);
  const differs = wanted.findIndex((part, place) => (parts[place] ?? 0) !== part);
  return differs < 0 || (parts[differs] ?? 0) > (wanted[differs] ?? 0);
};
