import { expect } from 'chai';
import fc from 'fast-check';
import { policyManifest } from '../../../src/deploy/policies/manifest.ts';
import { loadScenarios } from '../../../src/scenario/index.ts';
import { withFiles, writeFiles } from './temporary-folder.ts';

const scenario = 'namespaces: {prod: {}}\n';
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** What a cluster writes into the metadata of an object, each in a form that it may have; null says nothing. */
const owned: Readonly<Record<string, unknown>> = {
  uid: 'ae8f840d-9ec6-4c7c-ad64-968a5a6d8306',
  resourceVersion: '1748767815991983024',
  generation: 3,
  creationTimestamp: '2025-06-01T08:50:15Z',
  deletionTimestamp: '2025-06-01T08:50:15Z',
  deletionGracePeriodSeconds: 30,
  selfLink: '/apis/networking.k8s.io/v1/namespaces/prod/networkpolicies/p',
  managedFields: [{ manager: 'x', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': {} } }],
  ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', uid: 'b', controller: true }],
  finalizers: ['example.org/cleanup'],
};

const manifest = (metadata: object, more: object = {}): string =>
  JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'prod', ...metadata },
    spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
    ...more,
  });

/** What is sent, what the model has and what is said to be left out. */
const loaded = (text: string) =>
  withFiles({ 'scenario.yaml': scenario, 'policies/p.json': text }, async (folder) => {
    const [found] = await loadScenarios([folder]);
    const policy = found?.steps[0]?.policies[0];
    if (!policy) return expect.fail('no policy');
    const { placeOf: _, ...spec } = policy.spec;
    const notes = found?.notes ?? [];
    return {
      sent: policyManifest(policy, (name) => `${name}-1`),
      spec,
      left: notes.flatMap((note) => ('fields' in note ? note.fields : [note.kind])),
    };
  });

describe('what a cluster wrote into a policy', () => {
  it('is left out, whatever of it there is, and said', () =>
    withFiles({}, async () => {
      const plain = await loaded(manifest({ labels: { a: 'b' }, annotations: { c: 'd' } }));
      expect(plain.left).to.deep.equal([]);
      const anyOwned = fc.record({
        keys: fc.subarray(Object.keys(owned)),
        nulls: fc.subarray(Object.keys(owned)),
        isApplied: fc.boolean(),
        status: fc.constantFrom(undefined, null, {}, { conditions: [] }),
      });
      await fc.assert(
        fc.asyncProperty(anyOwned, async ({ keys, nulls, isApplied, status }) => {
          const metadata = {
            ...Object.fromEntries(nulls.map((key) => [key, null])),
            ...Object.fromEntries(keys.map((key) => [key, owned[key]])),
            labels: { a: 'b' },
            annotations: { c: 'd', ...(isApplied && { [lastApplied]: '{}' }) },
          };
          const { sent, spec, left } = await loaded(manifest(metadata, { status }));
          expect(sent).to.deep.equal(plain.sent);
          expect(spec).to.deep.equal(plain.spec);
          expect([...left].sort()).to.deep.equal(
            [
              ...keys.map((key) => `metadata.${key}`),
              ...(isApplied ? [`metadata.annotations.${lastApplied}`] : []),
              ...(status ? ['status'] : []),
            ].sort(),
          );
        }),
        { numRuns: 15 },
      );
    })).timeout(20_000);

  it('leaves nothing if there are no other annotations', async () => {
    const { sent } = await loaded(manifest({ annotations: { [lastApplied]: '{}' } }));
    expect(sent).to.deep.equal((await loaded(manifest({}))).sent);
    expect(sent.metadata).to.deep.equal({ name: 'p', namespace: 'prod-1' });
  });

  it('is said once a file, at the first of it', () =>
    withFiles({ 'scenario.yaml': scenario }, async (folder) => {
      const yaml = (name: string, more: string): string =>
        `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ${name}\n  namespace: prod\n${more}\n`;
      await writeFiles(folder, {
        'policies/p.yaml': `${yaml('a', '')}---\n${yaml('b', '  uid: x\n  generation: 1')}---\n${yaml('c', '  uid: z\nstatus: {}')}`,
      });
      const [found] = await loadScenarios([folder]);
      expect(found?.notes?.map(({ file: _, ...note }) => note)).to.deep.equal([
        { kind: 'left-out', line: 13, column: 3, fields: ['metadata.uid', 'metadata.generation', 'status'] },
      ]);
    }));
});
