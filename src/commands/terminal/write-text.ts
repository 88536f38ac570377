/** Text on its way out of podreach: in chunks, without the secrets that this process knows. */
import type { Writable } from 'node:stream';
import { getSystemErrorMessage } from 'node:util';
import { masked } from '../../secrets.ts';

/** A text, or its parts in order. */
export type Text = string | Iterable<string>;

/** What is being written at one time is short, so that it survives few collections of garbage. */
const CHUNK_CHARACTERS = 16 * 1024;

/** Writes all of the text, no faster than the stream takes it. Rejects with the stream's error. */
export const writeText = async (stream: Writable, text: Text): Promise<void> => {
  for (const chunk of chunksOf(text))
    await new Promise<void>((resolve, reject) => {
      stream.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
};

function* chunksOf(text: Text): Generator<string> {
  if (typeof text === 'string') {
    yield masked(text);
    return;
  }
  let parts: string[] = [];
  let length = 0;
  for (const part of text) {
    parts.push(part);
    length += part.length;
    if (length < CHUNK_CHARACTERS) continue;
    yield masked(parts.join(''));
    parts = [];
    length = 0;
  }
  if (length > 0) yield masked(parts.join(''));
}

/**
 * `no space left on device (ENOSPC)`: what the system says about a file that can't be read or written. It contains nothing that was
 * written.
 */
export const writeProblem = (error: unknown): string => {
  const { code, errno } = Object(error) as { code?: unknown; errno?: unknown };
  const known = typeof code === 'string' ? code : 'an unknown error';
  return typeof errno === 'number' ? `${getSystemErrorMessage(errno)} (${known})` : known;
};

/** Whether the reader has closed its end because it wants no more. */
export const isClosed = (error: unknown): boolean => Object(error).code === 'EPIPE';
