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

  it('say so if a file holds nothing', () => {
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

  it('warn of a key that is there twice, because a rule may be lost with it', () => {
    expect(noteLine({ kind: 'repeated-key', ...place, key: 'cidr' })).to.equal(
      `warning: policies/p.yaml:${place.line}:${place.column}: duplicate key "cidr": only the last one counts, as for kubectl, which says nothing about it`,
    );
  });

  it('say what became of objects that stand twice, or under another name', () => {
    const objects = [{ kind: 'Service', count: 2 }];
    expect(noteText({ kind: 'repeated-objects', ...place, objects })).to.equal(
      'the same as earlier ones, and read once: 2 Service',
    );
    const name = 'prod/web';
    expect(noteText({ kind: 'replaced', ...place, objectKind: 'Service', name, first: 'a.yaml:1' })).to.equal(
      'Service prod/web replaces the one at a.yaml:1: kubectl applies both, and the later one wins',
    );
    expect(noteText({ kind: 'renamed', ...place, objectKind: 'CronJob', name, endpoint: 'prod/web-cronjob' })).to.equal(
      'CronJob prod/web is called prod/web-cronjob here',
    );
  });

  it('say why something is not tested, and on which port', () => {
    const note = { kind: 'not-tested', ...place, objectKind: 'Service', name: 'prod/web' } as const;
    expect(noteText({ ...note, reason: 'no-pod' })).to.equal('Service prod/web: left out: its selector selects no pod');
    expect(noteText({ ...note, reason: 'headless', port: '80/TCP' })).to.equal(
      'Service prod/web: port 80/TCP is probed at its target port: a headless Service does not translate ports',
    );
  });

  it('say that an address outside the cluster is another one, and that nobody is kept from it', () => {
    const note = { kind: 'not-tested', ...place, objectKind: 'Service', name: 'prod/web' } as const;
    expect(noteText({ ...note, reason: 'external-address' })).to.equal(
      'Service prod/web: its address outside the cluster is replaced by one that nobody has, and probed from pods only (external:…)',
    );
    expect(noteText({ ...note, reason: 'source-ranges' })).to.equal(
      'Service prod/web: its loadBalancerSourceRanges are left out',
    );
  });

  it('say that a kustomization changes what is read', () => {
    expect(noteText({ kind: 'not-read', ...place, objects: [{ kind: 'Kustomization', count: 1 }] })).to.equal(
      'not read: 1 Kustomization; only the output of `kustomize build` shows what it changes',
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
