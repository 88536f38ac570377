import * as z from 'zod';
import { quoted } from '../text.ts';
import { DURATION, millisecondsOf } from './duration.ts';

const LONGEST_MS = 600_000;

const durationLike = (pattern: RegExp) =>
  z
    .string()
    .regex(pattern, {
      error: ({ input }) => `invalid duration ${quoted(input)}: a whole number of ms or s, for example 500ms or 2s`,
    })
    .refine((text) => millisecondsOf(text) <= LONGEST_MS, { error: () => 'expected at most 10 minutes' });

export const duration = durationLike(DURATION);
export const durationOrNone = durationLike(/^(?:0|[1-9]\d{0,5})(?:ms|s)$/);
