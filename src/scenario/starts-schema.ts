/** The keys of a step that measure how its new pods start. */
import * as z from 'zod';
import { quoted } from '../text.ts';
import { durationOrNone } from './duration-schema.ts';
import { LIMITS } from './limits.ts';

const badStarts = ({ input }: { readonly input?: unknown }): string =>
  `invalid number of starts ${quoted(input)}: 1 to ${LIMITS.starts}`;

export const startKeys = {
  starts: z
    .int({ error: badStarts })
    .min(1, { error: badStarts })
    .max(LIMITS.starts, { error: badStarts })
    .optional()
    .describe(
      'How often pods like those that the step creates start under its policies, to measure for how long they are open or closed as they start',
    ),
  openAtMost: durationOrNone
    .optional()
    .describe('With starts: how long after its start a pod may have connections that policies deny: 0ms'),
  closedAtMost: durationOrNone
    .optional()
    .describe('With starts: how long after its start a pod may miss connections that policies allow: 2s'),
};

/** What is wrong with these keys together with the others of the step. */
export const startProblems = (step: {
  readonly create?: unknown;
  readonly starts?: unknown;
  readonly openAtMost?: unknown;
  readonly closedAtMost?: unknown;
}): readonly { readonly key: string; readonly message: string }[] => {
  if (step.starts === undefined)
    return (['openAtMost', 'closedAtMost'] as const)
      .filter((key) => step[key] !== undefined)
      .map((key) => ({ key, message: `${key} needs the key starts, such as starts: 20` }));
  return step.create === undefined
    ? [{ key: 'starts', message: 'starts needs pods under create: pods like those are started' }]
    : [];
};
