import { expect } from 'chai';
import { podsOf } from '../../../src/scenario/index.ts';
import { app, endpoints, FROM, kinds, loadOne, topologyOf, web } from './from-fixture.ts';
import { policy, refusal } from './temporary-folder.ts';
import { namespace, placeOf, podsIn, serving, workload } from './workloads/objects-fixture.ts';

describe('from', () => {
  it('takes the topology and the policies from manifests, by a file, a folder or a pattern', async () => {
    const files = { ...app, 'k8s/deep/p.yml': policy('p', 'shop') };
    for (const from of ['../k8s', '[../k8s/]', '["../k8s/**"]', '[../k8s/app.yaml, ../k8s/deep]']) {
      const { steps } = await loadOne(`from: ${from}\n`, files);
      expect(podsIn(steps[0].topology), from).to.deep.equal([
        { endpoint: 'shop/web', labels: { app: 'web' }, ports: [{ number: 80, protocol: 'TCP', name: 'http' }] },
      ]);
      expect(
        steps[0].topology.services.map(({ name }) => name),
        from,
      ).to.deep.equal(['web']);
      expect(
        steps[0].policies.map(({ name }) => name),
        from,
      ).to.deep.equal(['p']);
      expect(steps[0].expected, from).to.equal(null);
    }
  });

  it('reads lists as well, and JSON', async () => {
    const item = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', uid: 'x' }, spec: {}, status: {} };
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [item] });
    const typed =
      'apiVersion: apps/v1\nkind: DeploymentList\nitems: [{metadata: {name: b}, spec: {template: {spec: {}}}}]\n';
    expect(await endpoints(FROM, { 'k8s/a.json': list, 'k8s/b.yaml': typed })).to.deep.equal([
      'default/a',
      'default/b',
    ]);
  });

  it('is added to by namespaces: pods, namespaces, labels and ports', async () => {
    const scenario = `${FROM}namespaces:
  shop:
    labels: {stage: qa}
    pods:
      web: {labels: {version: v2, app: shop}, ports: [9090, {name: www, port: 80}]}
      attacker: {}
  dev: {pods: {client: {}}}
`;
    const topology = await topologyOf(scenario, { 'k8s/app.yaml': `${namespace('shop', '{team: a}')}${web}` });
    expect(topology.namespaces.map(({ name, labels }) => [name, labels])).to.deep.equal([
      ['shop', { team: 'a', stage: 'qa' }],
      ['dev', {}],
    ]);
    expect(podsIn(topology)).to.deep.equal([
      {
        endpoint: 'shop/web',
        labels: { app: 'shop', version: 'v2' },
        ports: [
          { number: 9090, protocol: 'TCP' },
          { number: 80, protocol: 'TCP', name: 'www' },
        ],
      },
      { endpoint: 'shop/attacker', labels: {}, ports: [] },
      { endpoint: 'dev/client', labels: {}, ports: [] },
    ]);
  });

  it("is overridden by a pod's hostNetwork and address, and by a Service of the same name", async () => {
    const scenario = `${FROM}namespaces: {shop: {pods: {web: {address: 192.168.77.10}}}}
services: {shop/web: {port: 81, targetPort: http}}
`;
    const { namespaces, services } = await topologyOf(scenario);
    expect(namespaces[0]?.pods[0]?.addresses).to.deep.equal(['192.168.77.10']);
    expect(services.map(({ name, ports }) => [name, ports])).to.deep.equal([
      ['web', [{ number: 81, protocol: 'TCP', target: 'http' }]],
    ]);
    const hosted = workload('DaemonSet', 'web', {
      namespace: 'shop',
      pod: 'hostNetwork: true',
      containers: serving('[{containerPort: 80}]'),
    });
    const pods = { 'k8s/a.yaml': hosted };
    const [pod] = podsIn(await topologyOf(`${FROM}namespaces: {shop: {pods: {web: {hostNetwork: false}}}}\n`, pods));
    expect(pod).to.deep.equal({ endpoint: 'shop/web', labels: {}, ports: [{ number: 80, protocol: 'TCP' }] });
  });

  it('makes pods written by hand backends of a Service too, on its target port', async () => {
    const scenario = `${FROM}namespaces: {shop: {pods: {canary: {labels: {app: web}}}}}\n`;
    const [, canary] = podsIn(await topologyOf(scenario));
    expect(canary?.ports).to.deep.equal([{ number: 80, protocol: 'TCP' }]);
  });

  it('takes the policies of policies/ as well, if there are some, and a file only once', async () => {
    const files = { ...app, 's/policies/p.yaml': policy('p', 'shop'), 'k8s/q.yaml': policy('q', 'shop') };
    const names = async (scenario: string) =>
      (await loadOne(scenario, files)).steps[0].policies.map(({ name }) => name);
    expect(await names(FROM)).to.deep.equal(['q', 'p']);
    expect(await names(`${FROM}policies: []\n`)).to.deep.equal(['q']);
    const again = await loadOne(`${FROM}policies: [../k8s/q.yaml]\n`, files);
    expect(again.steps[0].policies.map(({ name }) => name)).to.deep.equal(['q']);
    expect(again.notes).to.equal(undefined);
  });

  it('puts what names no namespace if policyNamespace says', async () => {
    const files = { 'k8s/a.yaml': `${workload('Deployment', 'web')}---\n${policy('p')}` };
    const { steps } = await loadOne(`${FROM}policyNamespace: prod\n`, files);
    expect(steps[0].topology.namespaces.map(({ name }) => name)).to.deep.equal(['prod']);
    expect(steps[0].policies[0]?.namespace).to.equal('prod');
  });

  it('knows the namespaces that only policies name', async () => {
    const { namespaces } = await topologyOf(FROM, { 'k8s/a.yaml': `${web}---\n${policy('p', 'far')}` });
    expect(namespaces.map(({ name }) => name)).to.deep.equal(['shop', 'far']);
  });

  it('counts other kinds in one note a file, and names the policies of others', async () => {
    const others = ['ConfigMap', 'Secret', 'Secret'].map(
      (kind) => `---\napiVersion: v1\nkind: ${kind}\nmetadata: {name: a}\n`,
    );
    const cilium = '---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: shop}\n';
    const { notes = [] } = await loadOne(FROM, { 'k8s/a.yaml': `${web}${others.join('')}${cilium}` });
    expect(notes.map(({ file: _, line: __, column: ___, ...note }) => note)).to.deep.equal([
      {
        ...{ kind: 'not-judged', apiVersion: 'cilium.io/v2', objectKind: 'CiliumNetworkPolicy', name: 'shop/c' },
        vendor: 'Cilium',
      },
      {
        kind: 'not-read',
        objects: [
          { kind: 'ConfigMap', count: 1 },
          { kind: 'Secret', count: 2 },
        ],
      },
    ]);
  });

  it('takes the last of two objects with one name, in the order in which kubectl walks the folder', async () => {
    const version = (text: string) => workload('Deployment', 'web', { labels: `{v: ${text}}` });
    // Walked by name at each level: the folder `a` comes before the file `a.yaml`.
    const files = { 'k8s/a/z.yaml': version('first'), 'k8s/a.yaml': version('last') };
    const scenario = await loadOne(FROM, files);
    expect(podsIn(scenario.steps[0].topology)[0]?.labels).to.deep.equal({ v: 'last' });
    const [note] = scenario.notes ?? [];
    expect(note).to.include({ kind: 'replaced', objectKind: 'Deployment', name: 'default/web', line: 2 });
    expect(note?.file).to.match(/k8s\/a\.yaml$/);
  });

  it('reads equal objects once, and says so once a file', async () => {
    const scenario = await loadOne(FROM, { 'k8s/a.yaml': web, 'k8s/b.yaml': `${web}${web}` });
    expect(kinds(scenario)).to.deep.equal(['repeated-objects']);
    expect(scenario.notes?.[0]).to.deep.include({ objects: [{ kind: 'Deployment', count: 2 }] });
  });
});

describe('replicas', () => {
  it('are pods with a number each', async () => {
    expect(await endpoints(`${FROM}namespaces: {shop: {pods: {web: {replicas: 2}}}}\n`)).to.deep.equal([
      'shop/web-1',
      'shop/web-2',
    ]);
    expect(
      await endpoints('namespaces: {a: {pods: {b: {replicas: 3}, c: {replicas: 1}}}}\npolicies: []\n'),
    ).to.deep.equal([...['a/b-1', 'a/b-2', 'a/b-3', 'a/c']]);
  });

  it('of a StatefulSet are those of Kubernetes', async () => {
    const files = { 'k8s/a.yaml': workload('StatefulSet', 'db') };
    const pods = podsIn(await topologyOf(`${FROM}namespaces: {default: {pods: {db: {replicas: 2}}}}\n`, files));
    expect(pods.map(({ endpoint, labels }) => [endpoint, labels])).to.deep.equal([
      ['default/db-0', { 'apps.kubernetes.io/pod-index': '0', 'statefulset.kubernetes.io/pod-name': 'db-0' }],
      ['default/db-1', { 'apps.kubernetes.io/pod-index': '1', 'statefulset.kubernetes.io/pod-name': 'db-1' }],
    ]);
  });

  it('of 0 leave out a workload, and what leads to it', async () => {
    const scenario = await loadOne(`${FROM}namespaces: {shop: {pods: {web: {replicas: 0}}}}\n`);
    expect(podsOf(scenario.steps[0].topology)).to.deep.equal([]);
    expect(scenario.notes?.[0]).to.include({ kind: 'not-tested', reason: 'no-pod', name: 'shop/web' });
  });

  const refused: Readonly<Record<string, readonly [pods: string, line: string]>> = {
    'fewer than none': ['{web: {replicas: -1}}', 'invalid replicas -1: 0 to 50'],
    'more than fifty': ['{web: {replicas: 51}}', 'invalid replicas 51: 0 to 50'],
    'an address for several': [
      '{web: {address: 192.168.77.10, replicas: 4}}',
      'several pods have no address in common',
    ],
    'the name of another pod': ['{web-3: {}, web: {replicas: 3}}', 'a/web-3 is already another pod'],
    'a name that gets too long': [
      `{${'w'.repeat(62)}: {replicas: 2}}`,
      `invalid pod name "${'w'.repeat(59)}…: longer than 63 characters`,
    ],
  };
  for (const [what, [pods, line]] of Object.entries(refused))
    it(`are refused for ${what}`, async () => {
      const scenario = `namespaces: {a: {pods: ${pods}}}\npolicies: []\n`;
      const place = placeOf(scenario, /(?<=replicas: ).*/.exec(scenario)?.[0] ?? '');
      expect((await refusal({ 'scenario.yaml': scenario })).lines).to.deep.equal([`scenario.yaml:${place}: ${line}`]);
    });
});
