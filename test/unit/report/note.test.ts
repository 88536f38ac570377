import { expect } from 'chai';
import { noteLine, noteText } from '../../../src/report/index.ts';

const place = { file: 'policies/p.yaml', line: 3, column: 5 } as const;

describe('the words of a note', () => {
  it('name ten kinds of objects, and count the rest', () => {
    const objects = Array.from({ length: 12 }, (_, index) => ({ kind: `Kind${index}`, count: 2 }));
    const text = noteText({ kind: 'not-read', ...place, objects });
    expect(text).to.match(/^not read: 2 Kind0, 2 Kind1, .*2 Kind9, 2 more kinds$/);
    expect(noteText({ kind: 'not-read', ...place, objects: [{ kind: 'x'.repeat(5_000), count: 1 }] })).to.have.length(
      72,
    );
  });

  it('say so where a file holds nothing', () => {
    expect(noteLine({ kind: 'not-read', ...place, objects: [] })).to.equal(
      'note: policies/p.yaml: no object in this file',
    );
  });

  it('say what the cluster would make of owners and finalizers', () => {
    const fields = ['metadata.uid', 'metadata.ownerReferences', 'metadata.finalizers', 'status'];
    expect(noteLine({ kind: 'left-out', ...place, fields })).to.equal(
      'note: policies/p.yaml: not sent, because the cluster sets it: uid, ownerReferences, finalizers, status (a policy whose owner is missing is deleted; a finalizer keeps a deleted policy in force)',
    );
  });

  it('name both places of a policy that is there twice', () => {
    expect(noteLine({ kind: 'repeated', ...place, name: 'prod/web', first: 'policies/a.yaml:1' })).to.equal(
      'note: policies/p.yaml: policy prod/web is also at policies/a.yaml:1, with the same spec',
    );
  });

  it('name a policy that is not judged, with its place', () => {
    const policy = {
      kind: 'not-judged',
      ...place,
      apiVersion: 'x.io/v1',
      objectKind: 'NetworkPolicy',
      vendor: null,
    } as const;
    expect(noteLine({ ...policy, name: '' })).to.equal(
      'warning: policies/p.yaml:3:5: not judged: NetworkPolicy (x.io/v1); podreach neither applies nor predicts it, but it changes who may reach whom',
    );
  });
});
