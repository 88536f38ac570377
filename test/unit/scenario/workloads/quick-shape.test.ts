import { expect } from 'chai';
import { hasPlainShape } from '../../../../src/scenario/workloads/quick-shape.ts';
import { SHAPES } from '../../../../src/scenario/workloads/shapes.ts';

const pod = (): Record<string, unknown> => ({
  metadata: {
    ...{ name: 'web', namespace: 'prod', labels: { app: 'web' }, generateName: 'web-' },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web', controller: true }],
  },
  status: { phase: 'Running' },
  spec: { containers: [{ name: 'main', ports: [{ containerPort: 80, name: 'http', protocol: 'TCP' }] }] },
});
/** What may stand anywhere instead of what belongs there. */
const ANYTHING: readonly unknown[] = [
  ...[undefined, null, '', 'A', 'a.b', 'x'.repeat(64), 'x'.repeat(300), 'a-', 'a_b', 'http--x', '80', 'UDP', 'tcp'],
  ...[0, 1, 80.5, 65_535, 65_536, Number.NaN, true, false, [], {}, [null], ['a'], { a: 'b' }, { 'podreach/x': 'a' }],
  ...[{ 'a/b': '' }, { 'a b': 'c' }, { a: 1 }, { a: null }, [{ containerPort: 1 }], [{ ports: [{}] }], '\n', 'web\n'],
  Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`k${at}`, 'v'])),
  Array.from({ length: 251 }, () => ({ containerPort: 1 })),
];

const KEYS = [
  ...['metadata', 'spec', 'status', 'template', 'name', 'namespace', 'labels', 'generateName', 'ownerReferences'],
  ...['containers', 'initContainers', 'hostNetwork', 'ports', 'containerPort', 'protocol', 'restartPolicy', 'ordinals'],
  ...['app', 'phase', 'kind', 'controller', 'other'],
];

/** The mappings in an object. */
const mappingsIn = (value: unknown): readonly Record<string, unknown>[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : [value as Record<string, unknown>];
  return [...own, ...Object.values(value).flatMap(mappingsIn)];
};

/** The object with each of the values at each of the keys of each of its mappings, by turns. */
function* variantsOf(make: () => unknown): Generator<unknown> {
  for (const at of mappingsIn(make()).keys())
    for (const key of KEYS)
      for (const own of ANYTHING) {
        const value = make();
        Object.assign(mappingsIn(value)[at] ?? {}, { [key]: own });
        yield value;
      }
}

describe('hasPlainShape', () => {
  for (const [kind, make] of [
    ['Namespace', () => ({ metadata: { name: 'prod', labels: { app: 'web' } } })],
    ['Pod', pod],
    ['Deployment', () => ({ metadata: { name: 'web' }, spec: { template: pod() } })],
  ] as const)
    it(`takes no ${kind} that the API server would refuse`, () => {
      let [taken, refused] = [0, 0];
      for (const value of variantsOf(make)) {
        const isPlain = hasPlainShape(kind, value);
        const isSound = SHAPES[kind].safeParse(value).success;
        if (isPlain) expect(isSound, JSON.stringify(value)).to.equal(true);
        taken += Number(isPlain);
        refused += Number(!isSound);
      }
      expect(taken).to.be.above(300);
      expect(refused).to.be.above(100);
    });
});
