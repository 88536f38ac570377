import { expect } from 'chai';
import type { NetworkPolicy } from '../../../../src/model/policy.ts';
import { type PolicyProblem, type ReadOptions, readPolicy } from '../../../../src/model/read/read-policy.ts';

/** What is read of a manifest, and all problems that are found. */
export const read = (
  manifest: unknown,
  options?: ReadOptions,
): readonly [NetworkPolicy | null, readonly PolicyProblem[]] => {
  const problems: PolicyProblem[] = [];
  const policy = readPolicy(manifest, (problem) => problems.push(problem), options);
  return [policy, problems];
};

export const policy = (spec: unknown, metadata: unknown = { name: 'web' }): unknown => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata,
  spec,
});

/** Of a manifest without problems. */
export const soundly = (manifest: unknown, options?: ReadOptions): NetworkPolicy => {
  const [read_, problems] = read(manifest, options);
  expect(problems).to.deep.equal([]);
  if (!read_) return expect.fail('no policy, and no problem');
  return read_;
};
