import { PodreachError } from '../errors.ts';
import type { Known } from './facts.ts';

/** What was read, or why the API server did not give it. Throws only on an abort. */
export const looked = async <T>(right: string, read: () => Promise<T>, signal?: AbortSignal): Promise<Known<T>> => {
  try {
    return { value: await read() };
  } catch (error) {
    if (signal?.aborted || !(error instanceof PodreachError)) throw error;
    return { missing: FORBIDDEN.test(error.message) ? `you are not allowed to ${right}` : error.message };
  }
};

const FORBIDDEN = /: 403\b/;
