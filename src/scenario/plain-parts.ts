/** What stands below a key of a document, such as the spec of an object, and its text. */
interface Part {
  readonly text: string;
  readonly value: unknown;
}

/**
 * Remembers what stood last below each key: pods of one workload differ in their names and are otherwise written alike. They
 * then share what was read, which is never changed, so that others can remember what they found out about it.
 */
export const createLastParts = (text: string) => {
  const parts = new Map<string, Part>();
  return {
    /** The part of the document before, if the text goes on with it here. */
    at: (key: string, start: number): Part | undefined => {
      const part = parts.get(key);
      return part && text.startsWith(part.text, start) ? part : undefined;
    },
    keep: (key: string, part: Part): void => void parts.set(key, part),
  };
};
