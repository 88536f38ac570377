/** The numbers of the first version in a text: `go version go1.26.8 linux/amd64` is `1.26.8`, null where there is none. */
export const versionIn = (text: string): string | null => /\d+\.\d+(?:\.\d+)*/.exec(text)?.[0] ?? null;

/** Whether a version such as `24.21.0` is the minimum or later; a part that is not written counts as 0. */
export const isAtLeast = (version: string, minimum: string): boolean => {
  const wanted = minimum.split('.').map(Number);
  const parts = version.split('.').map(Number);
  const differs = wanted.findIndex((part, place) => (parts[place] ?? 0) !== part);
  return differs < 0 || (parts[differs] ?? 0) > (wanted[differs] ?? 0);
};
