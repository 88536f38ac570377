import { expect } from 'chai';
import type { PodreachError } from '../../src/errors.ts';

/** What the work is rejected with; fails the test when it is not. Cast: a test says itself whether it is podreach's own. */
export const failureOf = (work: Promise<unknown>): Promise<PodreachError> =>
  work.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );
