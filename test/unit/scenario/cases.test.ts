import { expect } from 'chai';
import { judgePredicted, predict } from '../../../src/matrix/index.ts';
import { noteLine } from '../../../src/report/index.ts';
import type { Scenario } from '../../../src/scenario/index.ts';
import { type Files, load, refusal } from './temporary-folder.ts';

/** Manifests in the shapes in which people have them, shortened from public reports. */

const exported = (name: string, metadata: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  creationTimestamp: "2020-01-16T21:23:19Z"
  generation: 1
  name: ${name}
${metadata}spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
`;

const exportedJson = JSON.stringify({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'a' },
  spec: { podSelector: {}, policyTypes: ['Ingress'] },
});

const topology = `namespaces:
  default:
    pods:
      web: {labels: {app: web}, ports: [80]}
      client: {}
`;
const denied = `${topology}expect: {default: deny}\n`;

/** Loads the one scenario, which the model has to predict as it expects. */
const passing = async (files: Files): Promise<Scenario> => {
  const [scenario] = await load({ 'scenario.yaml': denied, ...files });
  const [step] = scenario?.steps ?? [];
  if (!scenario || !step || !Array.isArray(step.expected)) return expect.fail('no expectation');
  const cells = judgePredicted(step.expected, predict(step));
  expect(cells.filter(({ from, to, status }) => from !== to && status !== 'match')).to.deep.equal([]);
  return scenario;
};

const lines = ({ notes = [] }: Scenario): readonly string[] =>
  notes.map((note) => noteLine(note).replace(/\S*(?=policies\/)/, ''));

describe('a policy exported from a cluster', () => {
  it('is read without its owner, which is not here', async () => {
    const owners = `  ownerReferences:
  - {apiVersion: apps/v1, kind: Deployment, name: basic-install, uid: 2dce7bf1-38a6-11ea-8cf9-52fdfc072182, controller: true}
`;
    const scenario = await passing({ 'policies/p.yaml': exported('gateway', owners) });
    expect(scenario.steps[0]?.policies[0]?.manifest.metadata).to.deep.equal({ name: 'gateway' });
    expect(lines(scenario)).to.deep.equal([
      'note: policies/p.yaml: not sent, because the cluster sets it: generation, creationTimestamp, ownerReferences (a policy whose owner is missing is deleted)',
    ]);
  });

  it('is read from a list, without what the server refuses', async () => {
    const metadata = `  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"kind":"NetworkPolicy"}'
  managedFields:
  - apiVersion: networking.k8s.io/v1
    fieldsType: FieldsV1
    fieldsV1: {f:metadata: {f:annotations: {.: {}}}}
    manager: crossplane-kubernetes-provider
    operation: Update
    time: "2025-06-01T08:50:15Z"
  resourceVersion: "1748767815991983024"
  uid: ae8f840d-9ec6-4c7c-ad64-968a5a6d8306
`;
    const item = exported('p', metadata).trimEnd().replaceAll('\n', '\n  ');
    const list = `apiVersion: v1\nitems:\n- ${item}\nkind: List\nmetadata: {resourceVersion: ""}\n`;
    const scenario = await passing({ 'policies/p.yaml': list });
    expect(scenario.steps[0]?.policies[0]?.manifest.metadata).to.deep.equal({ name: 'p' });
    expect(lines(scenario)).to.deep.equal([
      'note: policies/p.yaml: not sent, because the cluster sets it: uid, resourceVersion, generation, creationTimestamp, managedFields, annotation kubectl.kubernetes.io/last-applied-configuration',
    ]);
  });

  it('is read with the status that older servers wrote, and the empty time of kubectl create --dry-run', async () => {
    const yaml = `${exported('p', '').replace('"2020-01-16T21:23:19Z"', 'null').replace('  generation: 1\n', '')}status: {}\n`;
    const scenario = await passing({ 'policies/p.yaml': yaml });
    expect(scenario.steps[0]?.policies[0]?.manifest).to.have.all.keys('apiVersion', 'kind', 'metadata', 'spec');
    expect(lines(scenario)).to.deep.equal(['note: policies/p.yaml: not sent, because the cluster sets it: status']);
  });
});

it('the values of metadata are checked, each at its place', async () => {
  const yaml = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  labels:
    app.kubernetes.io/version: 2.4
    team: 5
    "bad key!": x
    ok: "has spaces and is far too wrong!"
  annotations:
    rollme: true
    weight: 5
  finalizers: foregroundDeletion
  ownerReferences: {kind: Deployment}
  creationTimestamp: yesterday
  generation: "1"
spec: {}
`;
  const { lines: told } = await refusal({ 'scenario.yaml': topology, 'policies/p.yaml': yaml });
  expect(told.map((line) => /^policies\/p\.yaml:(\d+:\d+): /.exec(line)?.[1])).to.deep.equal([
    ...['6:32', '7:11', '8:5', '9:9', '11:13', '12:13', '13:15', '14:20', '15:22', '16:15'],
  ]);
});

it('an equal policy in a second file is applied once, as kubectl leaves it unchanged, whatever its file ends in', async () => {
  const deny = exported('deny', '');
  const files = { 'policies/deny.yml': deny, 'policies/sub/deny.yaml': deny, 'policies/other.json': exportedJson };
  const scenario = await passing(files);
  expect(scenario.steps[0]?.policies.map(({ name }) => name).toSorted()).to.deep.equal(['a', 'deny']);
  const note = scenario.notes?.find(({ kind }) => kind === 'repeated');
  expect(note).to.include({ kind: 'repeated', name: 'default/deny', line: 6, column: 9 });
  expect(`${note?.file} ${note?.kind === 'repeated' && note.first}`).to.match(
    /policies\/sub\/deny.yaml .*policies\/deny.yml:1$/,
  );
});

it('what a chart renders is read as it is, and so is a folder with its kustomization', async () => {
  const object = (apiVersion: string, kind: string): string =>
    `---\n# Source: shop/templates/x.yaml\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: web}\n`;
  const scenario = await passing({
    'policies/rendered.yaml': `---\n# Source: shop\n${exported('p', '')}${object('apps/v1', 'Deployment')}${object('v1', 'Service')}`,
    'policies/kustomization.yaml': object('kustomize.config.k8s.io/v1beta1', 'Kustomization'),
  });
  expect(lines(scenario)).to.deep.equal([
    'note: policies/kustomization.yaml: not read: 1 Kustomization; only the output of `kustomize build` shows what it changes',
    'note: policies/rendered.yaml: not read: 1 Deployment, 1 Service',
    'note: policies/rendered.yaml: not sent, because the cluster sets it: generation, creationTimestamp',
  ]);
});

it('policies of other vendors are reported one by one, also if there is nothing else', async () => {
  const yaml = `---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: allow-dns, namespace: policy-demo}
spec: {types: [Egress], egress: [{action: Allow, protocol: TCP}]}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: c, namespace: policy-demo}
spec: {endpointSelector: {}}
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: anp}
`;
  const alone = 'namespaces: {policy-demo: {pods: {web: {ports: [80]}}}}\nexpect: model\n';
  const [scenario] = await load({ 'scenario.yaml': alone, 'policies/p.yaml': yaml });
  const end = '; podreach neither applies nor predicts it, but it changes who may reach whom';
  expect(scenario && lines(scenario)).to.deep.equal([
    `warning: policies/p.yaml:2:1: not judged: NetworkPolicy policy-demo/allow-dns (Calico, projectcalico.org/v3)${end}`,
    `warning: policies/p.yaml:7:1: not judged: CiliumNetworkPolicy policy-demo/c (Cilium, cilium.io/v2)${end}`,
    `warning: policies/p.yaml:12:1: not judged: AdminNetworkPolicy anp (the Network Policy API, policy.networking.k8s.io/v1alpha1)${end}`,
  ]);
});

it('a peer directly under a rule and a missing space are reported as what they are', async () => {
  const head = (name: string): string =>
    `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}}\nspec:\n  podSelector: {}\n`;
  const yaml = [
    `${head('a')}  ingress:\n  - namespaceSelector: {matchLabels: {name: openshift-sdn}}\n    ports: [{port: 8000}]\n`,
    `${head('b')}  egress:\n  - namespaceSelector: {}\n`,
    `${head('c')}  ingress:\n  - from:\n    - namespaceSelector:\n        matchLabels:\n          policy-group.network.openshift.io/ingress:""\n`,
  ];
  expect((await refusal({ 'scenario.yaml': topology, 'policies/p.yaml': yaml.join('') })).lines).to.deep.equal([
    'policies/p.yaml:8:5: a peer belongs under from: write "from: [{namespaceSelector: …}]"',
    'policies/p.yaml:17:5: a peer belongs under to: write "to: [{namespaceSelector: …}]"',
    'policies/p.yaml:28:11: expected a mapping, got the string "policy-group.network.openshift.io/ingress:\\"\\"": write a space after the colon',
  ]);
});
