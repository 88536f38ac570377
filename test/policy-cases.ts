/** NetworkPolicies that the API server takes or refuses: the unit tests ask the model, the live ones the API server. */

export interface PolicyCase {
  /** The part of a manifest that it is about. */
  readonly about: string;
  /** That and what stands there. */
  readonly name: string;
  /** In namespace `default`, called `case`, where it is not about the name. */
  readonly manifest: unknown;
  /** Whether a strict server-side apply of it succeeds. */
  readonly valid: boolean;
}

type Fragments = readonly unknown[];

/** A manifest around its part that matters. `undefined` leaves a field out. */
const policy = (spec: unknown, more: object = {}): unknown => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'case', namespace: 'default' },
  ...(spec !== undefined && { spec }),
  ...more,
});
const rule = (fragment: unknown): unknown => policy({ podSelector: {}, ingress: [fragment] });
const port = (fragment: unknown): unknown => rule({ ports: [fragment] });
const peer = (fragment: unknown): unknown => rule({ from: [fragment] });
const selector = (fragment: unknown): unknown => policy({ podSelector: fragment });
const labels = (fragment: unknown): unknown => selector({ matchLabels: fragment });
const expression = (fragment: unknown): unknown => selector({ matchExpressions: [fragment] });
const block = (fragment: unknown): unknown => peer({ ipBlock: fragment });
const egress = (fragment: unknown): unknown => policy({ podSelector: {}, egress: [fragment] });
const metadata = (fragment: unknown): unknown => policy({}, { metadata: fragment });
const named = (fragment: unknown): unknown => metadata({ name: 'case', namespace: 'default', ...(fragment as object) });
const owner = (fragment: unknown): unknown =>
  named({
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', uid: 'b', ...(fragment as object) }],
  });
const top = (fragment: unknown): unknown => policy({}, fragment as object);

const letters = (count: number): string => 'a'.repeat(count);

const groups: Readonly<Record<string, readonly [(fragment: unknown) => unknown, Fragments, Fragments]>> = {
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
  spec: [
    policy,
    [
      ...[{}, { podSelector: null }, { podSelector: {} }, { policyTypes: null }, { policyTypes: [] }],
      ...[{ policyTypes: ['Ingress'] }, { policyTypes: ['Egress'] }, { policyTypes: ['Egress', 'Ingress'] }],
      ...[{ policyTypes: ['Egress', 'Egress'] }, { policyTypes: ['Egress'], ingress: [{}] }],
      ...[{ policyTypes: ['Ingress'], egress: [{}] }, { ingress: null }, { ingress: [] }, { ingress: [null] }],
      ...[{ egress: null }, { egress: [] }, { egress: [{}] }, { ingress: [{}], egress: [{}, {}] }],
    ],
    [
      ...[{ podSelectors: {} }, { foo: null }, { podSelector: [] }, { podSelector: 'x' }, { ingress: {} }],
      ...[{ ingress: 'x' }, { egress: true }, { ingress: ['x'] }, { policyTypes: 'Ingress' }, { policyTypes: [null] }],
      ...[{ policyTypes: ['ingress'] }, { policyTypes: [1] }, { policyTypes: ['Ingress', 'Egress', 'Egress'] }],
    ],
  ],
  rule: [
    rule,
    [
      ...[{}, { from: null }, { from: [] }, { ports: null }, { ports: [] }, { from: [], ports: [] }],
      { from: [{ podSelector: {} }, { podSelector: {} }], ports: [{ port: 80 }, { port: 80 }] },
    ],
    [{ to: [] }, { from: {} }, { from: 'x' }, { ports: 80 }, { port: 80 }, []],
  ],
  'egress rule': [
    egress,
    [{ to: [{ podSelector: {} }], ports: [{ port: 'dns', protocol: 'UDP' }] }, { to: null }],
    [{ from: [] }, { to: [{}] }, { ports: [{ port: 0 }] }],
  ],
  port: [
    port,
    [
      ...[null, {}, { port: null }, { port: 1 }, { port: 65535 }, { port: 'http' }, { port: '8a' }, { port: 'a-1-b' }],
      ...[{ port: letters(15) }, { protocol: null }, { protocol: 'TCP' }, { protocol: 'UDP' }, { protocol: 'SCTP' }],
      ...[
        { port: 80, endPort: 80 },
        { port: 80, endPort: 65535 },
        { port: 80, endPort: null },
      ],
    ],
    [
      ...[{ port: 0 }, { port: 65536 }, { port: -1 }, { port: 80.5 }, { port: 4294967376 }, { port: true }],
      ...[{ port: [] }, { port: {} }, { port: '80' }, { port: '' }, { port: 'HTTP' }, { port: letters(16) }],
      ...[{ port: 'a--b' }, { port: '-a' }, { port: 'a-' }, { port: '8-0' }, { port: 'a\n' }, { port: 'a_b' }],
      ...[{ port: 80, endPort: 79 }, { port: 80, endPort: 65536 }, { port: 80, endPort: 0 }, { endPort: 80 }],
      ...[
        { port: 'http', endPort: 90 },
        { port: 80, endPort: '90' },
        { port: 80, endPort: 80.5 },
      ],
      ...[{ protocol: '' }, { protocol: 'tcp' }, { protocol: 'ICMP' }, { protocol: 1 }, { number: 80 }, 80],
    ],
  ],
  peer: [
    peer,
    [
      ...[{ podSelector: {} }, { namespaceSelector: {} }, { podSelector: {}, namespaceSelector: {} }],
      { podSelector: null, namespaceSelector: null, ipBlock: { cidr: '10.0.0.0/8' } },
    ],
    [
      ...[null, {}, 'x', [], { podSelector: null }, { ipBlock: null }, { podSelectors: {} }, { podSelector: 'x' }],
      { podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } },
      { namespaceSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } },
      { podSelector: {}, ipBlock: {} },
      { namespaceSelector: { matchLabels: { a: '-' } } },
    ],
  ],
  ipBlock: [
    block,
    [
      ...[{ cidr: '10.0.0.0/8' }, { cidr: '0.0.0.0/0' }, { cidr: '10.0.0.1/32' }],
      ...[{ cidr: '::/0' }, { cidr: '::10.0.0.1/128' }, { cidr: 'FD00:0000::/8' }, { cidr: '1:2:3:4:5:6:7::/128' }],
      ...[{ cidr: '64:ff9b::10.0.0.0/104' }, { cidr: '10.0.0.0/8', except: null }, { cidr: '10.0.0.0/8', except: [] }],
      { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.1.0.0/16', '10.2.3.4/32'] },
      { cidr: '::/0', except: ['fd00::/8'] },
    ],
    [
      ...[{}, { cidr: null }, { cidr: '' }, { cidr: 1 }, { cidr: '10.0.0.0' }, { cidr: '10.0.0.0/33' }],
      ...[
        { cidr: '10.0.0.0/' },
        { cidr: '/8' },
        { cidr: '10.0.0/8' },
        { cidr: '10.0.0.0/-1' },
        { cidr: '10.0.0.0/+8' },
      ],
      ...[{ cidr: '256.0.0.0/8' }, { cidr: '10.0.0.0/8 ' }, { cidr: '10.0.0.0/8/8' }, { cidr: '0x0a.0.0.0/8' }],
      ...[{ cidr: 'fd00::/129' }, { cidr: 'fd00::%eth0/8' }, { cidr: '1:2:3:4:5:6:7:8::/128' }, '10.0.0.0/8'],
      ...[
        { cidr: '10.0.0.0/8', except: '10.1.0.0/16' },
        { cidr: '10.0.0.0/8', excepts: [] },
      ],
      ...['10.0.0.0/8', '0.0.0.0/0', '11.0.0.0/16', 'fd00::/16', '', null, 'x', '10.1.0.0'].map((written) => ({
        cidr: '10.0.0.0/8',
        except: [written],
      })),
      { cidr: '::/0', except: ['10.0.0.0/8'] },
      { cidr: '0.0.0.0/0', except: ['::/1'] },
      { cidr: 'x', except: ['10.0.0.0/8'] },
    ],
  ],
  matchLabels: [
    labels,
    [
      ...[null, {}, { a: '' }, { a: null }, { a: 'b', c: 'd' }, { A: 'X_y.z-0' }, { 'a.b/C_d': 'x' }],
      ...[{ [letters(63)]: letters(63) }, { [`${letters(253)}/b`]: 'x' }, { [`${letters(64)}.c/b`]: 'x' }],
    ],
    [
      ...[[], 'x', { a: 1 }, { a: true }, { a: ['b'] }, { '': 'x' }, { 'a b': 'x' }, { _a: 'x' }, { 'a/b/c': 'x' }],
      ...[{ '/b': 'x' }, { 'a/': 'x' }, { 'A/b': 'x' }, { a: 'b c' }, { a: '-b' }, { a: 'b.' }, { a: 'b\n' }],
      ...[{ [letters(64)]: 'x' }, { a: letters(64) }, { [`${letters(254)}/b`]: 'x' }],
    ],
  ],
  matchExpressions: [
    expression,
    [
      ...[
        { key: 'a', operator: 'Exists' },
        { key: 'a', operator: 'DoesNotExist', values: [] },
      ],
      ...[
        { key: 'a', operator: 'Exists', values: null },
        { key: 'a', operator: 'In', values: ['b', 'b'] },
      ],
      ...[
        { key: 'a', operator: 'NotIn', values: ['', null] },
        { key: 'a.b/c', operator: 'In', values: ['b', 'c'] },
      ],
    ],
    [
      ...[null, {}, 'x', { key: 'a' }, { operator: 'Exists' }, { key: '', operator: 'Exists' }],
      ...[
        { key: 'a b', operator: 'Exists' },
        { key: 1, operator: 'Exists' },
        { key: 'a', operator: null },
      ],
      ...['', 'in', 'Inn', 'Gt', 'exists'].map((operator) => ({ key: 'a', operator, values: ['b'] })),
      ...[null, [], 'b', [1], ['b c'], ['-']].map((values) => ({ key: 'a', operator: 'In', values })),
      ...[
        { key: 'a', operator: 'NotIn' },
        { key: 'a', operator: 'Exists', values: ['b'] },
      ],
      ...[
        { key: 'a', operator: 'DoesNotExist', values: [''] },
        { key: 'a', operator: 'Exists', value: 'b' },
      ],
    ],
  ],
  selector: [selector, [{}, { matchExpressions: null }], [{ app: 'web' }, [], 'x', { matchExpressions: {} }]],
};

const fragmentText = (fragment: unknown): string => (JSON.stringify(fragment) ?? 'nothing').slice(0, 100);

export const policyCases: readonly PolicyCase[] = Object.entries(groups).flatMap(([about, [wrap, taken, refused]]) => {
  const caseOf = (part: unknown, valid: boolean): PolicyCase => ({
    about,
    name: `${about} ${fragmentText(part)}`,
    manifest: wrap(part),
    valid,
  });
  return [...taken.map((part) => caseOf(part, true)), ...refused.map((part) => caseOf(part, false))];
});

/**
 * Ranges that Kubernetes takes with a warning, and no longer once StrictIPCIDRValidation is on, as it is from 1.36
 * (https://github.com/kubernetes/enhancements/issues/4858).
 */
const doubtful = (ranges: readonly string[]): readonly PolicyCase[] =>
  ranges.map((cidr) => ({ about: 'ipBlock', name: `ipBlock ${cidr}`, manifest: block({ cidr }), valid: true }));

/** The model refuses those that programs read differently: as octal, as a typing error, as IPv4 or as IPv6. */
export const ambiguousRanges: readonly PolicyCase[] = doubtful([
  ...['010.0.0.0/8', '10.0.0.00/8', '10.0.0.0/08', '::010.0.0.1/128', 'fd00:00000::/8'],
  ...['::ffff:10.0.0.0/104', '::ffff:a00:0/104', '::ffff:10.0.0.0/90'],
]);

/** Bits behind the prefix: the model cuts them off, as the API server does to compare ranges. */
export const unmaskedRanges: readonly PolicyCase[] = doubtful(['10.0.0.1/8', '192.168.1.5/24', 'fd00::1/8']);

/** What a cluster writes into the policies that are exported from it: the API server refuses it, podreach leaves it out. */
export const exportedCases: readonly PolicyCase[] = [
  top({ status: {} }),
  named({ managedFields: [{ manager: 'x', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': {} } }] }),
  named({ uid: 'ae8f840d-9ec6-4c7c-ad64-968a5a6d8306' }),
  named({ managedFields: [] }),
].map((manifest) => ({ about: 'exported', name: `exported ${JSON.stringify(manifest)}`, manifest, valid: false }));

/** What is not JSON's mapping is no manifest. */
export const noManifests: readonly unknown[] = [null, undefined, 'x', 1, true, [], [policy({})]];
