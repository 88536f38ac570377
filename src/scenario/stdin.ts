import type { ManifestFile } from './from.ts';
import { LIMITS } from './limits.ts';
import { fileProblem } from './problem.ts';
import { textIn } from './source.ts';

/** Opens standard input. */
export type OpenStdin = () => AsyncIterable<Uint8Array>;

/** How messages name standard input. */
const NAME = 'stdin';

/** The bytes of a stream; null if there are more than of a file. */
const bytesOf = async (stream: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > LIMITS.fileBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** Standard input as a file of manifests. */
export const stdinFile = (open: OpenStdin): ManifestFile => ({
  path: NAME,
  read: async (problems) => {
    const bytes = await bytesOf(open());
    const text = bytes ? textIn(bytes) : { problem: `larger than ${LIMITS.fileBytes / 1024} KiB` };
    if (typeof text === 'string') return text;
    problems.push(fileProblem(NAME, text.problem));
    return null;
  },
});
