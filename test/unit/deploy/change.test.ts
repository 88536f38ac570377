import { expect } from 'chai';
import { deploy } from '../../../src/deploy/deploy.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { KubeObject, Manifest } from '../../../src/kube/client.ts';
import { failureOf } from '../failure-of.ts';
import { fakeClient } from './fake-client.ts';
import { namespace, topology } from './topologies.ts';

const NODE: KubeObject = {
  metadata: { name: 'n1', labels: { 'kubernetes.io/hostname': 'n1' } },
  ...{ status: { conditions: [{ type: 'Ready', status: 'True' }] } },
};

/** A cluster that does at once what it is told, and writes it down: `create dev`, `pod dev/late`, `label prod/web {…}`. */
const cluster = () => {
  const told: string[] = [];
  const pods = new Map<string, KubeObject>();
  const namespaces = new Set<string>();
  const short = (path: string) =>
    path
      .replace(/^\/api\/v1\/namespaces\//, '')
      .replace('/pods', '')
      .replace(/-[a-z0-9]{5}(?=$|\/|\?)/, '');
  const client = fakeClient({
    list: async (path) => (path.endsWith('/nodes') ? [NODE] : []),
    create: async (manifest) => {
      const { name } = manifest.metadata as { name: string };
      namespaces.add(name);
      told.push(`create ${short(name)}`);
      return manifest as unknown as KubeObject;
    },
    apply: async (manifest: Manifest) => {
      const { name, namespace: own } = manifest.metadata as { name: string; namespace: string };
      if (manifest.kind !== 'Pod') return manifest as unknown as KubeObject;
      told.push(`pod ${short(own)}/${name}`);
      const address = `10.0.0.${told.length}`;
      const status = { phase: 'Running', podIP: address, conditions: [{ type: 'Ready', status: 'True' }] };
      const object = {
        metadata: { name, namespace: own, uid: `uid-${told.length}` },
        spec: { nodeName: 'n1' },
        status,
      };
      pods.set(`${own}/${name}`, object);
      return object;
    },
    patch: async (path, body) => {
      const { labels } = (body as { metadata: { labels: object } }).metadata;
      told.push(`label ${short(path)} ${JSON.stringify(labels)}`);
      return { metadata: { name: '' } };
    },
    delete: async (path) => {
      told.push(`delete ${short(path)}`);
      const [, own = '', name] = /namespaces\/([^/]+)(?:\/pods\/([^?]+))?/.exec(path) ?? [];
      if (name === undefined) namespaces.delete(own);
      for (const key of [...pods.keys()])
        if (name === undefined ? key.startsWith(`${own}/`) : key === `${own}/${name}`) pods.delete(key);
    },
    waitFor: async (path, predicate, { what, describe: missing }) => {
      const own = /namespaces\/([^/]+)\/pods$/.exec(path)?.[1];
      const found = own
        ? [...pods.values()].filter(({ metadata }) => metadata.namespace === own)
        : [...namespaces].map((name) => ({ metadata: { name } }));
      if (predicate(found)) return found;
      throw new PodreachError(`${what}: ${await missing?.(found)}`);
    },
  });
  return { client, told };
};

const START = topology(
  namespace('prod', [{ name: 'web', labels: { app: 'web' } }, { name: 'old' }], { a: 'b' }),
  namespace('dev', [{ name: 'x' }]),
);

const deployed = async () => {
  const { client, told } = cluster();
  const deployment = await deploy(client, START, { image: 'probe:1', runId: 'run-1', owner: 'here 1 2' });
  told.length = 0;
  return { deployment, told, client };
};

const unprovenIn = async ({ proveOpen }: Awaited<ReturnType<typeof deploy>>): Promise<readonly string[]> => {
  let asked: readonly string[] = [];
  await proveOpen(async (unproven) => {
    asked = [...unproven];
  });
  return asked;
};

describe('the change of a deployment', () => {
  it('touches nothing for an equal topology', async () => {
    const { deployment, told } = await deployed();
    await deployment.change(structuredClone(START));
    expect(told).to.deep.equal([]);
  });

  it('patches labels of running pods and namespaces', async () => {
    const { deployment, told } = await deployed();
    const before = deployment.endpoints.get('prod/web');
    await unprovenIn(deployment);
    const next = topology(
      namespace('prod', [{ name: 'web', labels: { role: 'new' } }, { name: 'old' }], { a: 'c' }),
      namespace('dev', [{ name: 'x' }]),
    );
    const accepted: number[] = [];
    await deployment.change(next, () => void accepted.push(told.length));
    expect(accepted).to.deep.equal([1, 2]);
    expect(told).to.deep.equal(['label prod {"a":"c"}', 'label prod/web {"app":null,"role":"new"}']);
    expect(deployment.endpoints.get('prod/web')).to.deep.equal(before);
    expect(deployment.topology).to.equal(next);
    expect(await unprovenIn(deployment)).to.deep.equal([]);
  });

  it('removes what goes before anything comes, and leaves the others running', async () => {
    const { deployment, told } = await deployed();
    const before = deployment.endpoints.get('prod/web');
    await unprovenIn(deployment);
    await deployment.change(
      topology(
        namespace('prod', [{ name: 'web', labels: { app: 'web' } }, { name: 'new' }], { a: 'b' }),
        namespace('qa', [{ name: 'y' }]),
      ),
    );
    expect(told).to.deep.equal([
      'delete prod/old?gracePeriodSeconds=1',
      'delete dev',
      'create qa',
      'pod prod/new',
      'pod qa/y',
    ]);
    expect([...deployment.endpoints.keys()]).to.deep.equal(['prod/web', 'prod/new', 'qa/y']);
    expect(deployment.endpoints.get('prod/web')).to.deep.equal(before);
    expect(await unprovenIn(deployment)).to.deep.equal(['prod/new', 'qa/y']);
    expect(deployment.namespaceOf('qa').slice(-5)).to.equal(deployment.namespaceOf('prod').slice(-5));
    expect(() => deployment.namespaceOf('dev')).to.throw(PodreachError, 'no namespace dev');
    expect(deployment.namespaces).to.deep.equal(['prod', 'qa'].map((name) => deployment.namespaceOf(name)));
  });

  it('proves a pod again that came back', async () => {
    const { deployment } = await deployed();
    await unprovenIn(deployment);
    await deployment.change(topology(namespace('prod', [{ name: 'web', labels: { app: 'web' } }], { a: 'b' })));
    const gone = deployment.endpoints.get('prod/old');
    await deployment.change(START);
    expect(gone).to.equal(undefined);
    expect(await unprovenIn(deployment)).to.deep.equal(['prod/old', 'dev/x']);
  });

  it('has its own namespaces removed, too, if it fails half-way', async () => {
    const { deployment, told, client } = await deployed();
    client.apply = () => Promise.reject(new PodreachError('no room'));
    const failure = await failureOf(deployment.change(topology(...START.namespaces, namespace('qa', [{ name: 'y' }]))));
    expect(failure.message).to.equal('no room');
    told.length = 0;
    await deployment.dispose();
    expect(told).to.have.members(['delete prod', 'delete dev', 'delete qa']);
  });
});
