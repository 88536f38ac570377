import { expect } from 'chai';
import { labelDistance, unmetBy } from '../../../../src/model/explain/why-labels.ts';
import type { Requirement } from '../../../../src/model/policy.ts';

const wants = (key: string, ...values: readonly string[]): Requirement => ({
  ...{ key, operator: values.length > 0 ? 'In' : 'Exists', values },
  path: [],
});

describe('labels that a selector lacks', () => {
  it('are as far as their keys and values are, in edits', () => {
    for (const [requirement, key, value, distance] of [
      [wants('app', 'web'), 'app', 'web', 0],
      [wants('app', 'web'), 'app', 'wbe', 2],
      [wants('app', 'web'), 'App', 'web', 1],
      [wants('app', 'api', 'web'), 'app', 'wes', 1],
      // A value that fits outweighs a key that is far; and the same for a key that is a part of the other.
      [wants('name', 'web'), 'k8s-app', 'web', 1],
      [wants('environment', 'dev'), 'env', 'prod', 5],
      [wants('example.com/app'), 'app', 'web', 1],
      [wants('app'), 'apk', 'web', 1],
    ] as const)
      expect(labelDistance(requirement, { key, value }), `${requirement.key} ${key}=${value}`).to.equal(distance);
  });

  it('are reported with the existing ones, except the one that Kubernetes sets', () => {
    const labels = { 'kubernetes.io/metadata.name': 'dev', env: 'dev' };
    const [unmet] = unmetBy({ requirements: [wants('team', 'shop')], path: [] }, labels);
    expect(unmet?.labels).to.deep.equal([{ key: 'env', value: 'dev' }]);
    expect(unmetBy({ requirements: [wants('env', 'dev')], path: [] }, labels)).to.deep.equal([]);
  });

  it('were meant if the key differs by a third of its letters, and one at least', () => {
    const near = (key: string, own: string) =>
      unmetBy({ requirements: [wants(key)], path: [] }, { [own]: 'x' })[0]?.near?.key ?? null;
    expect(near('environment', 'enviromen')).to.equal('enviromen');
    expect(near('environment', 'enxxxonment')).to.equal('enxxxonment');
    expect(near('environment', 'enxxxxnment')).to.equal(null);
    expect(near('ab', 'ax')).to.equal('ax');
    expect(near('ab', 'xy')).to.equal(null);
  });
});
