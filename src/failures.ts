import { PodreachError } from './errors.ts';

interface Failing {
  readonly problem?: string | undefined;
  readonly hint?: string | undefined;
}

/** What results say that failed. */
export const failuresIn = (...results: readonly Failing[]): readonly PodreachError[] =>
  results.flatMap(({ problem, hint }) =>
    problem === undefined ? [] : [new PodreachError(problem, hint === undefined ? {} : { hint })],
  );

/** Several failures as one, in their order; undefined if there is none. */
export const asOne = (failures: readonly PodreachError[]): PodreachError | undefined => {
  const [first] = failures;
  if (failures.length < 2) return first;
  const hints = new Set(failures.flatMap(({ hint }) => hint ?? []));
  return new PodreachError(failures.map(({ message }) => message).join('\n'), {
    ...(hints.size > 0 && { hint: [...hints].join('\n') }),
    cause: first,
  });
};

/** Throws what failed, if anything did. */
export const throwAll = (failures: readonly PodreachError[]): void => {
  const failure = asOne(failures);
  if (failure) throw failure;
};
