/** How a rule names its endpoints, as written. */
import * as z from 'zod';
import { kindOf } from '../text.ts';
import { labels, mapping } from './field.ts';

const podsByLabels = mapping({
  namespace: z.string().optional().describe('Only pods of this namespace; a pattern such as prod-* names several'),
  labels: labels
    .refine((all) => Object.keys(all).length > 0, { error: () => 'expected at least one label' })
    .meta({ minProperties: 1 })
    .describe('Labels that a pod has to have, all of them'),
});

const one = z.union([z.string(), podsByLabels], {
  error: ({ input }) => `expected an endpoint pattern or {namespace, labels}, got ${kindOf(input)}`,
});

/** A pattern, labels of pods, or a list of these. */
export const endsOfRule = z.union(
  [z.string(), podsByLabels, z.array(one).min(1, { error: () => 'expected at least one endpoint pattern' })],
  { error: ({ input }) => `expected one endpoint pattern or a list of them, got ${kindOf(input)}` },
);

export type WrittenEnds = z.infer<typeof endsOfRule>;
export type WrittenEnd = z.infer<typeof one>;
export type WrittenLabels = z.infer<typeof podsByLabels>;
