import { excerpt, quoted } from '../text.ts';
import type { SourceDocument } from './document.ts';
import type { Problem } from './problem.ts';
import { CHANGES } from './step-changes.ts';
import type { WrittenStep } from './step-schema.ts';

/** The name of the step before anything changes. */
export const START = 'start';

const LONGEST = 60;

/** The names under the key of a change, in their order. */
const namesIn = (document: SourceDocument, step: WrittenStep, change: (typeof CHANGES)[number]): readonly string[] => {
  if (change === 'label') return document.keysAt(['label']);
  if (change !== 'create') return step[change] ?? [];
  return document.keysAt(['create', 'namespaces']).flatMap((name) => {
    const pods = document.keysAt(['create', 'namespaces', name, 'pods']);
    return pods.length > 0 ? pods.map((pod) => `${name}/${pod}`) : [`namespace:${name}`];
  });
};

/** The name of a step: as written, or else what it changes, `apply changes/deny.yaml, remove prod/api`. */
export const nameOfStep = (document: SourceDocument, step: WrittenStep): string =>
  step.name ??
  excerpt(
    CHANGES.filter((change) => step[change] !== undefined)
      .map((change) => `${change} ${namesIn(document, step, change).join(' ')}`)
      .join(', '),
    LONGEST,
  );

/** Two steps with the same written name go to `problems`. */
export const tellRepeatedNames = (
  document: SourceDocument,
  steps: readonly WrittenStep[],
  problems: Problem[],
): void => {
  const seen = new Set([START]);
  for (const [at, { name }] of steps.entries()) {
    if (name === undefined) continue;
    if (seen.has(name)) problems.push(document.problemAt(['steps', at, 'name'], `duplicate step ${quoted(name)}`));
    seen.add(name);
  }
};
