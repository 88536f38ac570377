import { expect } from 'chai';
import { parse } from 'yaml';
import { compile, type NetworkPolicy, type Path, readPolicies } from '../../../../src/model/index.ts';
import { lint } from '../../../../src/model/lint/lint.ts';
import { worldOf } from './fixture.ts';

const world = worldOf({ pods: { 'prod/web': { labels: { app: 'web' } }, 'prod/db': { labels: { app: 'db' } } } });
const manifest = (spec: unknown) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'p', namespace: 'prod' },
  spec,
});
const toDb = { to: [{ podSelector: { matchLabels: { app: 'db' } } }], ports: [{ port: 5432 }] };
const linted = (policies: readonly NetworkPolicy[]) => lint(compile(world, policies));

describe('lint', () => {
  it('has nothing to say of no policy', () => {
    expect(linted([])).to.deep.equal([]);
  });

  it('goes by the places of a policy if they are known', () => {
    const missing = (app: string) => ({ podSelector: { matchLabels: { app } } });
    const places: Readonly<Record<string, [number, number]>> = { podSelector: [9, 1], ingress: [4, 7], egress: [4, 3] };
    const placeOf = (path: Path) => {
      const [line, column] = places[path[1] ?? ''] ?? [1, 1];
      return { file: 'p.yaml', line, column };
    };
    const spec = {
      ...missing('x'),
      ingress: [{ from: [missing('y')] }],
      egress: [{ to: [missing('z')], ports: [{ port: 53, protocol: 'UDP' }] }],
    };
    const policies = readPolicies([manifest(spec)], { placeOf });
    expect(linted(policies).map(({ path }) => path[1])).to.deep.equal(['egress', 'ingress', 'podSelector']);
    const unplaced = readPolicies([manifest(spec)]);
    expect(linted(unplaced).map(({ path }) => path[1])).to.deep.equal(['podSelector', 'ingress', 'egress']);
  });

  it('gives a rule for DNS that satisfies it', () => {
    const spec = { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [toDb] };
    const [warning] = linted(readPolicies([manifest(spec)]));
    expect(warning?.rule).to.equal('dns-cut');
    const { 'egress rule for DNS': rule } = parse(warning?.hint ?? '');
    expect(linted(readPolicies([manifest({ ...spec, egress: [toDb, rule] })]))).to.deep.equal([]);
  });
});
