/** podreach in chai: `chai.use(podreachChai)`, then `expect(matrix).to.allow('dev/client', 'prod/web', '80/TCP')`. */
import type { Family } from '../scenario/index.ts';
import { type Finding, findConnection } from './connection.ts';
import { type Duration, findEnforcement } from './enforcement.ts';
import { findExpectation } from './expectation.ts';
import { stepOf } from './matrix.ts';

export type { Duration } from './enforcement.ts';
export type { Matrix } from './matrix.ts';

declare global {
  namespace Chai {
    interface Assertion {
      /**
       * The connection is allowed, over every IP family or the one that is given. Fails with and without `not` if that is
       * not known. Throws a PodreachError if the matrix has no such endpoint or port.
       */
      allow(from: string, to: string, port: string | number, family?: Family): Assertion;
      /** The connection is blocked, whether it is dropped or refused. */
      deny(from: string, to: string, port: string | number, family?: Family): Assertion;
      /** Every cell is as the scenario expects, and every change was enforced as it expects. */
      matchExpectation(): Assertion;
      /**
       * Every cell that the step changes was enforced in this time: `'2s'`, or milliseconds. Throws a PodreachError if that
       * was not recorded.
       */
      enforceWithin(limit: Duration): Assertion;
    }
  }
}

/** The plug-in, for `chai.use`. */
const podreachChai: Chai.ChaiPlugin = ({ Assertion }, { flag }) => {
  const add = <Arguments extends readonly unknown[]>(
    name: string,
    find: (matrix: unknown, ...args: Arguments) => Finding,
  ): void =>
    Assertion.addMethod(name, function (this: Chai.AssertionPrototype, ...args: unknown[]) {
      const { holds, message, negated } = find(this._obj, ...(args as unknown as Arguments));
      // What nobody knows passes neither way.
      const isMet = holds ?? flag(this, 'negate') === true;
      this.assert(isMet, message, negated, undefined, undefined, false);
    });
  const connection =
    (wanted: 'allow' | 'deny') => (matrix: unknown, from: string, to: string, port: string | number, family?: Family) =>
      findConnection(stepOf(matrix), { from, to, port, family }, wanted);
  add('allow', connection('allow'));
  add('deny', connection('deny'));
  add('matchExpectation', (matrix) => findExpectation(stepOf(matrix)));
  add('enforceWithin', (matrix, limit: Duration) => findEnforcement(stepOf(matrix), limit));
};

export default podreachChai;
