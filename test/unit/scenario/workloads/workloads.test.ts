import { expect } from 'chai';
import { refusal } from '../temporary-folder.ts';
import { namespace, placeOf, pod, podsIn, read, serving, workload } from './objects-fixture.ts';

const TEMPLATED = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'];
const refused = async (manifests: string) => (await refusal({ 'app.yaml': manifests }, 'app.yaml')).lines;

describe('workloads', () => {
  // https://kubernetes.io/docs/reference/labels-annotations-taints/
  const added: Readonly<Record<string, object>> = {
    Job: { 'batch.kubernetes.io/job-name': 'web', 'job-name': 'web' },
    StatefulSet: { 'apps.kubernetes.io/pod-index': '0', 'statefulset.kubernetes.io/pod-name': 'web-0' },
  };
  for (const kind of TEMPLATED)
    it(`of kind ${kind} become one pod, with the labels that its pods get`, async () => {
      const written = { namespace: 'shop', labels: '{app: web}', containers: serving('[{containerPort: 8080}]') };
      const { topology, notes } = await read(workload(kind, 'web', written));
      expect(podsIn(topology)).to.deep.equal([
        {
          endpoint: 'shop/web',
          labels: { app: 'web', ...added[kind] },
          ports: [{ number: 8080, protocol: 'TCP' }],
        },
      ]);
      expect(notes).to.deep.equal([]);
    });

  it('of kind Pod have their own labels, and land in default if they name no namespace', async () => {
    const { topology } = await read(pod('web', { labels: '{app: web, empty: }' }));
    expect(podsIn(topology)).to.deep.equal([{ endpoint: 'default/web', labels: { app: 'web', empty: '' }, ports: [] }]);
  });

  it('serve the ports of all containers, of native sidecars too but of no other init container', async () => {
    const spec = [
      'initContainers: [{name: a, restartPolicy: Always, ports: [{containerPort: 15090, name: envoy}]},',
      ' {name: b, ports: [{containerPort: 1}]}]',
    ].join('');
    const containers =
      '[{name: a, ports: [{containerPort: 80, name: http}, {containerPort: 53, protocol: UDP}]}, {name: b, ports: [{containerPort: 9, protocol: SCTP}]}, {name: c, ports: }]';
    const { topology } = await read(workload('Deployment', 'web', { containers, pod: spec }));
    expect(podsIn(topology)[0]?.ports).to.deep.equal([
      { number: 80, protocol: 'TCP', name: 'http' },
      { number: 53, protocol: 'UDP' },
      { number: 9, protocol: 'SCTP' },
      { number: 15090, protocol: 'TCP', name: 'envoy' },
    ]);
  });

  it('serve each port once, and the first of a name has it', async () => {
    const ports =
      '[{containerPort: 80}, {containerPort: 80, name: web}, {containerPort: 80, protocol: UDP}, {containerPort: 81, name: web}]';
    const { topology } = await read(workload('Deployment', 'web', { containers: serving(ports) }));
    expect(podsIn(topology)[0]?.ports).to.deep.equal([
      { number: 80, protocol: 'TCP', name: 'web' },
      { number: 80, protocol: 'UDP' },
      { number: 81, protocol: 'TCP' },
    ]);
  });

  it("in their node's network leave out the ports that take root, and say so", async () => {
    const containers = serving('[{containerPort: 443}, {containerPort: 9100, name: metrics}]');
    const { topology, notes } = await read(workload('DaemonSet', 'agent', { containers, pod: 'hostNetwork: true' }));
    expect(podsIn(topology)).to.deep.equal([
      {
        endpoint: 'default/agent',
        labels: {},
        ports: [{ number: 9100, protocol: 'TCP', name: 'metrics' }],
        hostNetwork: true,
      },
    ]);
    const place = { line: 2, column: 1 };
    expect(notes).to.deep.equal([
      {
        ...{ kind: 'not-tested', ...place, objectKind: 'DaemonSet', name: 'default/agent' },
        ...{ reason: 'privileged', port: '443/TCP' },
      },
    ]);
  });

  it('of one name and several kinds keep it in one order, whatever the order in the file', async () => {
    const { topology, notes } = await read(
      `${workload('CronJob', 'web')}${workload('StatefulSet', 'web')}${workload('Deployment', 'web')}`,
    );
    expect(podsIn(topology).map(({ endpoint }) => endpoint)).to.deep.equal([
      ...['default/web-cronjob', 'default/web-statefulset', 'default/web'],
    ]);
    expect(notes).to.deep.equal([
      {
        ...{ kind: 'renamed', line: 9, column: 18, objectKind: 'StatefulSet', name: 'default/web' },
        endpoint: 'default/web-statefulset',
      },
      {
        ...{ kind: 'renamed', line: 4, column: 18, objectKind: 'CronJob', name: 'default/web' },
        endpoint: 'default/web-cronjob',
      },
    ]);
  });

  it('with names that no pod of a scenario can have get the nearest that is free', async () => {
    const long = `a${'b'.repeat(70)}`;
    const { topology } = await read(
      `${workload('Deployment', 'my.web')}${workload('Deployment', 'my-web')}${workload('Deployment', long)}`,
    );
    expect(podsIn(topology).map(({ endpoint }) => endpoint)).to.deep.equal([
      'default/my-web-deployment',
      'default/my-web',
      `default/a${'b'.repeat(62)}`,
    ]);
  });

  it('that a cluster made of others are those: pods of ReplicaSets of Deployments, Jobs of CronJobs', async () => {
    const owned = (kind: string, name: string) => `ownerReferences: [{kind: ${kind}, name: ${name}, controller: true}]`;
    const manifests = [
      workload('Deployment', 'web'),
      workload('ReplicaSet', 'web-5d', { metadata: owned('Deployment', 'web') }),
      pod('web-5d-x', { metadata: owned('ReplicaSet', 'web-5d') }),
      pod('api-7f-x', { labels: '{pod-template-hash: 7f}', metadata: owned('ReplicaSet', 'api-7f') }),
      workload('Deployment', 'api'),
      workload('CronJob', 'tidy'),
      workload('Job', 'tidy-1', { metadata: owned('CronJob', 'tidy') }),
      pod('alone-3c-x', { metadata: owned('ReplicaSet', 'alone-3c') }),
      pod('linked', { metadata: 'ownerReferences: [{kind: Deployment, name: web}]' }),
    ].join('');
    const { topology } = await read(manifests);
    expect(podsIn(topology).map(({ endpoint }) => endpoint)).to.deep.equal([
      ...['default/web', 'default/api', 'default/tidy', 'default/alone-3c-x', 'default/linked'],
    ]);
  });

  it('that are over have no part in it', async () => {
    const { topology } = await read(
      `${pod('done', {}, '{phase: Succeeded}')}${pod('dead', {}, '{phase: Failed}')}${pod('web', {}, '{phase: Running}')}`,
    );
    expect(podsIn(topology).map(({ endpoint }) => endpoint)).to.deep.equal(['default/web']);
  });
});

describe('namespaces of manifests', () => {
  it('are those that any object names, with the labels that their own says', async () => {
    const manifests = [
      workload('Deployment', 'web', { namespace: 'shop' }),
      namespace('bare'),
      namespace('shop', '{team: a, kubernetes.io/metadata.name: other}'),
    ].join('');
    expect((await read(manifests)).topology.namespaces.map(({ name, labels }) => ({ name, labels }))).to.deep.equal([
      { name: 'bare', labels: {} },
      { name: 'shop', labels: { team: 'a' } },
    ]);
  });
});

describe('what the API server would refuse in a workload', () => {
  const cases: Readonly<
    Record<string, readonly [manifests: string, ...found: (readonly [part: string, message: string])[]]>
  > = {
    'port 0': [
      workload('Deployment', 'web', { containers: serving('[{containerPort: 0}]') }),
      ['0}', 'invalid port 0: 1 to 65535'],
    ],
    'a port in quotes': [
      workload('Deployment', 'web', { containers: serving('[{containerPort: "80"}]') }),
      ['"80"', 'invalid port "80": 1 to 65535'],
    ],
    'a protocol in small letters': [
      workload('Deployment', 'web', { containers: serving('[{containerPort: 80, protocol: tcp}]') }),
      ['tcp', 'invalid protocol "tcp": TCP, UDP or SCTP'],
    ],
    'a number as a label': [
      workload('Deployment', 'web', { labels: '{version: 1.10}' }),
      ['1.10', 'expected a string, got the number 1.1: quote it'],
    ],
    'a word that kubectl takes for a boolean': [
      workload('Deployment', 'web', { labels: '{debug: on}' }),
      ['on}', 'kubectl reads `on` as true here: quote it'],
    ],
    'no name': [
      '---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {}\nspec: {template: {spec: {}}}\n',
      ['{}', 'missing key "name"'],
    ],
    'a name that is none': [
      workload('Deployment', 'Web'),
      ['Web', 'invalid name "Web": up to 253 lower-case letters, digits, "-" and ".", a letter or digit at both ends'],
    ],
    'no template': [
      '---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {}\n',
      ['{}', 'missing key "template"'],
    ],
    'an old version, beside another problem': [
      workload('Deployment', 'web', { labels: '{a: 1}' }).replace('apps/v1', 'extensions/v1beta1'),
      ['extensions', 'the API server does not know a Deployment of extensions/v1beta1: write apps/v1'],
      ['1}', 'expected a string, got the number 1: quote it'],
    ],
    'a namespace that is too long for podreach': [
      pod('web', { namespace: 'n'.repeat(51) }),
      ['nnnn', `invalid namespace name "${'n'.repeat(51)}": longer than 50 characters`],
    ],
  };
  for (const [what, [manifests, ...found]] of Object.entries(cases))
    it(`is ${what}`, async () => {
      expect(await refused(manifests)).to.deep.equal(
        found.map(([part, message]) => `app.yaml:${placeOf(manifests, part)}: ${message}`),
      );
    });

  it('is not what kubectl reads in parts that podreach does not', async () => {
    const containers = '[{name: main, command: [yes], env: [{name: N, value: !!str 0120}], args: [on]}]';
    expect(podsIn((await read(workload('Deployment', 'web', { containers }))).topology)).to.have.length(1);
  });

  it('is told of all files in one go', async () => {
    const bad = workload('Deployment', 'Web');
    const { lines } = await refusal({ 'k8s/a.yaml': bad, 'k8s/deep/b.yml': bad, 'k8s/c.json': '{' }, 'k8s');
    expect(lines.map((line) => line.split(': ')[0])).to.deep.equal([
      ...['k8s/a.yaml:4:18', 'k8s/c.json:1:2', 'k8s/deep/b.yml:4:18'],
    ]);
  });
});
