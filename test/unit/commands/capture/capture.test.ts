import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { type CaptureFlags, capture } from '../../../../src/commands/capture/capture.ts';
import { writeFolder } from '../../../../src/commands/capture/write-folder.ts';
import type { KubeObject } from '../../../../src/kube/index.ts';
import { predict } from '../../../../src/matrix/index.ts';
import { loadScenarios, podsOf } from '../../../../src/scenario/index.ts';
import { failureOf } from '../../failure-of.ts';
import { writeKubeconfig } from '../../kube/fake-server.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';
import { grantedBy, grantingApi } from './granting-api.ts';

const SECRET = 'planted';

/** A pod of a Deployment, with a secret in every place that is nobody's business. */
const podOf = (namespace: string, workload: string, at: number, port?: number): KubeObject => ({
  metadata: {
    name: `${workload}-${SECRET}hash-${at}`,
    namespace,
    uid: `${SECRET}-uid`,
    labels: { app: workload, 'pod-template-hash': `${SECRET}hash`, customer: SECRET },
    annotations: { note: SECRET },
    ...{ ownerReferences: [{ kind: 'ReplicaSet', name: `${workload}-${SECRET}hash`, controller: true }] },
  },
  spec: {
    nodeName: `node-${SECRET}`,
    serviceAccountName: SECRET,
    containers: [
      {
        ...{ name: SECRET, image: `registry/${SECRET}`, command: [SECRET], env: [{ name: 'A', value: SECRET }] },
        ...(port !== undefined && { ports: [{ containerPort: port }] }),
      },
    ],
  },
  status: {
    ...{ phase: 'Running', podIP: `10.0.0.${at}`, podIPs: [{ ip: `10.0.0.${at}` }], hostIP: SECRET },
    containerStatuses: [{ name: SECRET, state: { running: {} } }],
  },
});

const metadata = (name: string, namespace?: string, labels = {}) => ({
  ...{ name, uid: SECRET, annotations: { 'kubectl.kubernetes.io/last-applied-configuration': SECRET } },
  ...{ labels: { ...labels, customer: SECRET }, managedFields: [{ manager: SECRET }] },
  ...(namespace !== undefined && { namespace }),
});

/** Two clients and a stranger, of which the policy lets the clients in. */
const OBJECTS: Readonly<Record<string, readonly KubeObject[]>> = {
  namespaces: [{ metadata: metadata('prod') }, { metadata: metadata('dev', undefined, { stage: 'dev' }) }],
  pods: [
    podOf('prod', 'web', 1, 8080),
    podOf('prod', 'web', 2, 8080),
    podOf('dev', 'client', 3),
    podOf('dev', 'client', 4),
    podOf('dev', 'stranger', 5),
    { ...podOf('dev', 'done', 6), status: { phase: 'Succeeded' } },
  ],
  services: [
    {
      metadata: metadata('web', 'prod'),
      spec: {
        ...{ type: 'ClusterIP', clusterIP: '10.96.0.1', externalIPs: ['192.0.2.1'], selector: { app: 'web' } },
        ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP', nodePort: 0 }],
      },
    },
    { metadata: metadata('outer', 'prod'), spec: { type: 'ExternalName', externalName: `${SECRET}.example` } },
  ],
  'networkpolicies.networking.k8s.io': [
    {
      metadata: metadata('web', 'prod'),
      spec: {
        podSelector: { matchLabels: { app: 'web' } },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [
              {
                namespaceSelector: { matchLabels: { stage: 'dev' } },
                podSelector: { matchLabels: { app: 'client' } },
              },
            ],
          },
        ],
      },
    },
  ],
};

const page = await readFile(new URL('../../../../docs/capture.md', import.meta.url), 'utf8');
const role = parse(/^```yaml\n((?:(?!```).)*?^kind: Role$.*?)^```$/ms.exec(page)?.[1] ?? '');
const ROLE = grantedBy(role.rules);

interface Situation {
  readonly objects?: typeof OBJECTS;
  readonly granted?: readonly string[];
  readonly groups?: Readonly<Record<string, string>>;
  readonly flags?: Partial<CaptureFlags>;
}

/** Captures into a new folder, and reads what is there afterwards. */
const captured = ({ objects = OBJECTS, granted = ROLE, groups = {}, flags = {} }: Situation = {}) =>
  withFiles({}, async (parent) => {
    const server = await grantingApi(objects, new Set(granted), groups);
    const folder = join(parent, 'it');
    const terminal = fakeTerminal();
    const all = {
      ...{ context: 'fake', kubeconfig: writeKubeconfig(`http://127.0.0.1:${server.port}`) },
      ...{ namespace: ['prod', 'dev'], maxPods: 60, timeout: 1500, ...flags },
    };
    const failure = await capture(folder, all, terminal).then(
      () => null,
      (error: Error) => error.message,
    );
    await server.close();
    const files = await readdir(parent, { recursive: true, withFileTypes: true });
    const texts = files.filter((one) => one.isFile()).map((one) => readFile(join(one.parentPath, one.name), 'utf8'));
    const written = (await Promise.all(texts)).join('\n');
    const [scenario] = failure === null ? await loadScenarios([folder]) : [];
    return { failure, written, scenario, printed: terminal.printed(), files: files.map(({ name }) => name) };
  });

describe('podreach capture', () => {
  it('writes a pod of each class, and says for how many it stands', async () => {
    const { failure, scenario, written, printed } = await captured();
    expect(failure).to.equal(null);
    const step = scenario?.steps[0];
    if (!step) throw new Error('no scenario');
    // The stranger's class is that of everyone whom no policy names.
    expect(podsOf(step.topology).map(({ endpoint }) => endpoint)).to.deep.equal([
      ...['prod/web', 'prod/web-2', 'dev/client', 'dev/stranger'],
    ]);
    expect(written).to.contain('web: {labels: {app: web}, ports: [8080]} # 2 pods\n');
    expect(written).to.contain('client: {labels: {app: client}} # 2 pods\n');
    const cells = predict(step).filter(({ from, to }) => from !== to);
    expect(cells.map(({ from, to, decision }) => `${from} ${to} ${decision}`)).to.include.members([
      ...['dev/client prod/web allow', 'dev/stranger prod/web deny', 'prod/web prod/web-2 deny'],
      ...['dev/client svc:prod/web allow', 'dev/stranger svc:prod/web deny'],
    ]);
    expect(step.expected).to.equal('model');
    expect(printed).to.contain('4 pods, 1 Service, 1 policy for 5 running pods of 2 namespaces');
    expect(printed).to.contain('1 pod that is not running').and.to.contain('not chosen by labels: prod/outer');
    expect(printed).to.contain('not checked, because you may not list namespaces').and.to.contain('load');
  });

  it('writes nothing that is nobody’s business', async () => {
    const { written, printed } = await captured({ granted: [...ROLE, 'all list namespaces'] });
    expect(written).to.contain('kind: NetworkPolicy');
    for (const text of [written, printed]) expect(text).not.to.contain(SECRET).and.not.to.contain('192.0.2.1');
  });

  it('needs each right of the Role in docs/capture.md, and names the one that is missing', async () => {
    for (const right of ROLE) {
      const { failure, files } = await captured({ granted: ROLE.filter((one) => one !== right) });
      expect(failure).to.equal(`the user of context fake is not allowed to ${right} in prod, ${right} in dev`);
      expect(files, right).to.deep.equal([]);
    }
    const { failure } = await captured({ flags: { allNamespaces: true } });
    expect(failure).to.contain('list pods in all namespaces').and.to.contain('list namespaces in all namespaces');
  });

  it('names policies of other kinds, and says which it could not look for', async () => {
    const groups = { 'cilium.io': 'v2', 'crd.projectcalico.org': 'v1' };
    const objects = { ...OBJECTS, 'ciliumnetworkpolicies.cilium.io': [{ metadata: metadata('extra', 'dev') }] };
    const granted = [
      ...ROLE,
      'list ciliumnetworkpolicies.cilium.io',
      'all list ciliumclusterwidenetworkpolicies.cilium.io',
    ];
    const { printed, failure } = await captured({ groups, objects, granted });
    expect(failure).to.equal(null);
    expect(printed).to.contain('policies of other kinds, which decide as well: CiliumNetworkPolicy dev/extra\n');
    expect(printed).to.contain(
      'you may not list networkpolicies.crd.projectcalico.org, globalnetworkpolicies.crd.projectcalico.org\n',
    );
  });

  it('lists what it has no room for', async () => {
    const { printed, scenario } = await captured({ flags: { maxPods: 2 } });
    const [step] = scenario?.steps ?? [];
    expect(step && podsOf(step.topology).map(({ endpoint }) => endpoint)).to.deep.equal(['prod/web', 'dev/client']);
    expect(printed).to.match(/1 pod like dev\/stranger\S*: no room for one more pod/);
    expect(printed).to.match(/what 2 pods like prod\/web\S* may do to each other: no room/);
  });

  it('overwrites nothing, and leaves nothing if it is interrupted', async () => {
    await withFiles({}, async (parent) => {
      const folder = join(parent, 'mine');
      await mkdir(folder);
      const flags = { context: 'fake', namespace: ['prod'], maxPods: 60, timeout: 1500 };
      expect((await failureOf(capture(folder, flags, fakeTerminal()))).message).to.contain(
        'capture overwrites nothing',
      );
    });
    await withFiles({}, async (parent) => {
      const interruption = new AbortController();
      const { signal } = interruption;
      const unfinished = new Set<string>();
      const fill = async (fresh: string) => {
        await writeFile(join(fresh, 'scenario.yaml'), '');
        expect([...unfinished]).to.deep.equal([fresh]);
        interruption.abort();
      };
      const failure = await writeFolder(join(parent, 'new', 'it'), fill, { unfinished, signal }).catch(
        (error) => error,
      );
      expect(failure.name).to.equal('AbortError');
      expect([await readdir(parent), [...unfinished]]).to.deep.equal([[], []]);
    });
  });
});
