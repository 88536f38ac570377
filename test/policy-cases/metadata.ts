import { type Groups, letters, metadata, named, owner, top } from './parts.ts';

export const METADATA: Groups = {
  top: [
    top,
    [{}, { spec: undefined }, { spec: null }],
    [
      ...[{ kind: 'Networkpolicy' }, { kind: undefined }, { kind: 1 }],
      ...[{ apiVersion: 'networking.k8s.io/v1beta1' }, { apiVersion: null }, { apiVersion: 'projectcalico.org/v3' }],
      ...[{ specs: {} }, { spec: [] }, { spec: 'x' }, { metadata: null }],
      { metadata: [] },
    ],
  ],
  metadata: [
    metadata,
    [
      ...[{ name: 'a' }, { name: 'a.b-c.d' }, { name: '0' }, { name: letters(253) }, { name: 'a', namespace: null }],
      ...[
        { name: 'a', namespace: '' },
        { name: 'a', labels: { a: 'b' } },
        { name: 'a', generation: 3 },
      ],
    ],
    [
      ...[{}, { name: '' }, { name: null }, { name: 1 }, { name: 'A' }, { name: 'a_b' }, { name: 'a-' }],
      ...[{ name: '.a' }, { name: letters(254) }, { name: 'a', nmespace: 'b' }, { name: 'a', clusterName: null }],
    ],
  ],
  'labels and annotations': [
    named,
    [
      ...[
        { labels: null },
        { labels: {} },
        { labels: { a: '' } },
        { labels: { 'a.b/C_d': 'X.y' } },
        { labels: { a: null } },
      ],
      ...[
        { annotations: null },
        { annotations: { a: '' } },
        { annotations: { a: null } },
        { annotations: { 'A.b/C': ' any text! ' } },
      ],
      { annotations: { a: letters(256 * 1024 - 1) } },
    ],
    [
      ...[{ labels: [] }, { labels: 'x' }, { labels: { a: 2.4 } }, { labels: { a: true } }, { labels: { a: ['b'] } }],
      ...[{ labels: { 'bad key!': 'x' } }, { labels: { a: 'has spaces' } }, { labels: { a: letters(64) } }],
      ...[
        { annotations: [] },
        { annotations: { a: true } },
        { annotations: { a: 5 } },
        { annotations: { 'a b': 'x' } },
      ],
      ...[{ annotations: { 'a/b/c': 'x' } }, { annotations: { a: letters(256 * 1024) } }],
    ],
  ],
  'server-owned metadata': [
    named,
    [
      ...[
        { generateName: 'a-' },
        { selfLink: '/x' },
        { generation: null },
        { generation: 0 },
        { creationTimestamp: null },
      ],
      ...[{ creationTimestamp: '2025-06-01T08:50:15Z' }, { creationTimestamp: '2024-02-29T23:59:59.5+02:00' }],
      ...[{ deletionGracePeriodSeconds: 30 }, { ownerReferences: [] }, { ownerReferences: null }],
      ...[{ finalizers: [] }, { finalizers: ['example.org/a', 'kubernetes'] }, { finalizers: ['orphan'] }],
    ],
    [
      ...[{ generateName: '-a' }, { generateName: 1 }, { selfLink: 1 }, { uid: 1 }, { resourceVersion: 5 }],
      ...[{ generation: '1' }, { generation: 1.5 }, { generation: true }],
      ...[{ creationTimestamp: 'yesterday' }, { creationTimestamp: '' }, { creationTimestamp: 5 }],
      ...[{ creationTimestamp: '2025-06-01' }, { creationTimestamp: '2025-02-30T00:00:00Z' }],
      ...[{ creationTimestamp: '2025-06-01T08:50Z' }, { deletionTimestamp: 'x' }, { deletionGracePeriodSeconds: '30' }],
      ...[
        { finalizers: 'foregroundDeletion' },
        { finalizers: ['cleanup'] },
        { finalizers: [1] },
        { finalizers: ['a b/c'] },
      ],
      ...[{ finalizers: ['orphan', 'foregroundDeletion'] }, { managedFields: {} }, { managedFields: ['x'] }],
      ...[{ ownerReferences: { kind: 'Deployment' } }, { ownerReferences: ['x'] }, { ownerReferences: [{}] }],
    ],
  ],
  'owner reference': [
    owner,
    [{}, { controller: true }, { controller: null }, { blockOwnerDeletion: false }],
    [
      ...[{ apiVersion: '' }, { kind: undefined }, { name: '' }, { uid: '' }, { uid: 1 }, { apiVersion: 1 }],
      ...[
        { controller: 'true' },
        { blockOwnerDeletion: 1 },
        { namespace: 'default' },
        { apiVersion: 'v1', kind: 'Event' },
      ],
    ],
  ],
};
