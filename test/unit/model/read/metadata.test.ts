import { expect } from 'chai';
import { readPolicies, readPolicy } from '../../../../src/model/read/read-policy.ts';

const HEAD = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
const FORM = '1 to 63 letters, digits, "-", "_" and ".", with a letter or a digit at both ends';

/** What is told of a manifest, as `path: message`. */
const problemsOf = (manifest: unknown): readonly string[] => {
  const problems: string[] = [];
  readPolicy(manifest, ({ path, onKey, message }) =>
    problems.push(`${path.join('.')}${onKey ? ' (key)' : ''}: ${message}`),
  );
  return problems;
};
const metadata = (own: object) => ({ ...HEAD, metadata: { name: 'web', ...own } });
const owner = (own: object) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', uid: 'b', ...own });

describe('reading the metadata of a policy', () => {
  for (const [what, own] of [
    ['a generateName, which may end as no name does', { generateName: 'web-of-prod-' }],
    ['owners of which one is the controller', { ownerReferences: [owner({ controller: true }), owner({ name: 'c' })] }],
    ['owners of which none is', { ownerReferences: [owner({}), owner({ controller: false })] }],
    ['an Event of another API group as owner', { ownerReferences: [owner({ apiVersion: 'x.io/v1', kind: 'Event' })] }],
    ['another kind of the core group', { ownerReferences: [owner({ apiVersion: 'v1', kind: 'Pod' })] }],
    ['field managers that say little', { managedFields: [{ operation: 'Apply', time: null, fieldsType: null }] }],
    ['field managers without fields', { managedFields: [{ operation: 'Update', manager: null, fieldsV1: null }] }],
    [
      'field managers that say all',
      {
        managedFields: [
          {
            ...{ manager: 'kubectl', apiVersion: 'v1', subresource: 'status', operation: 'Update' },
            ...{ time: '2025-06-01T08:50:15Z', fieldsType: 'FieldsV1', fieldsV1: {} },
          },
        ],
      },
    ],
  ] as const)
    it(`takes ${what}`, () => {
      expect(problemsOf(metadata(own))).to.deep.equal([]);
    });

  const managed = (own: object) => ({ managedFields: [{ operation: 'Apply', ...own }] });
  const refused: Readonly<Record<string, readonly [own: object, ...problems: readonly string[]]>> = {
    'a namespace that is no DNS label': [
      { namespace: 'a.b' },
      'namespace: invalid namespace "a.b": up to 63 lower case letters, digits and "-", with a letter or a digit at both ends',
    ],
    'a generateName that begins no name': [
      { generateName: '-a' },
      'generateName: invalid generateName "-a": the beginning of a name of lower case letters, digits, "-" and "."',
    ],
    'a whole number in quotes': [
      { generation: '1' },
      'generation: expected a whole number without quotes, got the string "1"',
    ],
    'a time in words': [
      { creationTimestamp: 'now' },
      'creationTimestamp: expected a time such as 2025-06-01T08:50:15Z, got the string "now"',
    ],
    'a time in a list': [
      { creationTimestamp: ['2025-06-01T08:50:15Z'] },
      'creationTimestamp: expected a time such as 2025-06-01T08:50:15Z, got a list',
    ],
    "a label's key": [
      { labels: { 'a b': 'x' } },
      `labels.a b (key): "a b" is not a label key: ${FORM}, optionally after a DNS name and "/"`,
    ],
    "an annotation's key": [
      { annotations: { 'a b': 'x' } },
      `annotations.a b (key): "a b" is not an annotation key: ${FORM}, optionally after a DNS name and "/"`,
    ],
    'annotations that are too long': [
      { annotations: { a: 'x'.repeat(200_000), b: 'x'.repeat(100_000) } },
      'annotations (key): annotations of 300002 bytes: at most 262144',
    ],
    'two owners that are the controller': [
      { ownerReferences: [owner({ controller: true }), owner({ name: 'c', controller: true })] },
      'ownerReferences (key): 2 owners are the controller: only one can be',
    ],
    'an owner that lacks something': [
      { ownerReferences: [owner({ uid: null })] },
      'ownerReferences.0: uid is missing: an owner has apiVersion, kind, name, uid',
    ],
    'an owner with a flag in quotes': [
      { ownerReferences: [owner({ controller: 'true' })] },
      'ownerReferences.0.controller: expected true or false, got the string "true"',
    ],
    'an Event as owner': [
      { ownerReferences: [owner({ apiVersion: 'v1', kind: 'Event' })] },
      'ownerReferences.0.kind: an Event can own nothing',
    ],
    'an unknown finalizer': [
      { finalizers: ['x'] },
      'finalizers.0: "x" is not a finalizer: orphan, foregroundDeletion, kubernetes, or a name such as example.org/cleanup',
    ],
    'a finalizer that is null': [
      { finalizers: [null] },
      'finalizers.0: "" is not a finalizer: orphan, foregroundDeletion, kubernetes, or a name such as example.org/cleanup',
    ],
    'finalizers that exclude each other': [
      { finalizers: ['foregroundDeletion', 'orphan'] },
      'finalizers (key): orphan and foregroundDeletion exclude each other',
    ],
    'a field manager without operation': [
      { managedFields: [{}] },
      'managedFields.0: expected one of Apply, Update, got nothing',
    ],
    'another operation': [
      managed({ operation: 'Updated' }),
      'managedFields.0.operation: "Updated" is not a valid operation; the nearest valid operation is "Update"',
    ],
    'a time of it that is none': [
      managed({ time: 'now' }),
      'managedFields.0.time: expected a time such as 2025-06-01T08:50:15Z, got the string "now"',
    ],
    'other fields': [
      managed({ fieldsType: 'FieldsV2' }),
      'managedFields.0.fieldsType: "FieldsV2" is not a valid fieldsType; the nearest valid fieldsType is "FieldsV1"',
    ],
    'fields that are no mapping': [
      managed({ fieldsV1: [] }),
      'managedFields.0.fieldsV1: expected a mapping, got a list',
    ],
    'a manager that is no string': [
      managed({ manager: 1 }),
      'managedFields.0.manager: expected a string, got the number 1: put it in quotes',
    ],
  };
  for (const [what, [own, ...problems]] of Object.entries(refused))
    it(`refuses ${what}`, () => {
      expect(problemsOf(metadata(own))).to.deep.equal(problems.map((problem) => `metadata.${problem}`));
    });
});

describe('reading the head of a policy', () => {
  it('says that the old API is gone, what to write, and what is wrong besides', () => {
    expect(problemsOf({ ...HEAD, apiVersion: 'extensions/v1beta1', metadata: {} })).to.deep.equal([
      'apiVersion: extensions/v1beta1 NetworkPolicy was removed in Kubernetes 1.16: write apiVersion "networking.k8s.io/v1"',
      'metadata: the policy has no name',
    ]);
    expect(problemsOf({ ...HEAD, apiVersion: 'networking.k8s.io/v2', metadata: {} })).to.deep.equal([
      'apiVersion: expected apiVersion "networking.k8s.io/v1", got "networking.k8s.io/v2"',
      'metadata: the policy has no name',
    ]);
    expect(problemsOf({ apiVersion: 'extensions/v1beta1', kind: 'Ingress' })).to.deep.equal([
      'apiVersion: expected apiVersion "networking.k8s.io/v1", got "extensions/v1beta1"',
      'kind: expected kind "NetworkPolicy", got "Ingress"',
    ]);
  });

  it('refuses a policy type that is null', () => {
    const [problem, ...others] = problemsOf({ ...metadata({}), spec: { policyTypes: [null] } });
    expect(problem).to.match(/^spec\.policyTypes\.0: "" is not a valid policyType/);
    expect(others).to.deep.equal([]);
  });

  it('names a policy without a name by its position, and quotes an odd key', () => {
    expect(() => readPolicies([{ ...HEAD, metadata: { name: '' } }])).to.throw(
      /^policy 0, metadata: the policy has no name$/,
    );
    expect(() => readPolicies([{ ...metadata({}), 'a.b': 1 }])).to.throw(
      'policy "default/web", ["a.b"]: unknown key "a.b"',
    );
  });
});
