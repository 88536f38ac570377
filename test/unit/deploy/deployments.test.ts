import { expect } from 'chai';
import type { Deployment } from '../../../src/deploy/deploy.ts';
import { createDeployments } from '../../../src/deploy/deployments.ts';
import { PodreachError } from '../../../src/errors.ts';
import { type Client, type KubeObject, pathOf } from '../../../src/kube/client.ts';
import type { Topology } from '../../../src/scenario/index.ts';
import { failureOf } from '../failure-of.ts';
import { fakeClient } from './fake-client.ts';

const topology = (name: string, labels: Record<string, string> = {}): Topology => ({
  hosts: [],
  nodes: [],
  services: [],
  namespaces: [{ name, labels, pods: [] }],
});

describe('createDeployments', () => {
  let created: { topology: Topology; salt: string | undefined; signal: AbortSignal | undefined }[];
  let calls: string[];

  const deploymentOf = (name: string) => {
    const removeHosts = async () => void calls.push(`hosts of ${name}`);
    const dispose = async () => void calls.push(`all of ${name}`);
    return { namespaces: [`${name}-x7k2a`], removeHosts, dispose } as unknown as Deployment;
  };

  const poolOf = (client = fakeClient(), create?: () => Promise<Deployment>) => {
    created = [];
    calls = [];
    return createDeployments(
      client,
      { image: 'i', runId: 'run-1', owner: 'here 1 2' },
      async (_client, wanted, { salt, signal }) => {
        created.push({ topology: wanted, salt, signal });
        if (create) return create();
        return deploymentOf(wanted.namespaces[0]?.name ?? '');
      },
    );
  };

  it('distinguishes deployments of an equal topology', async () => {
    const pool = poolOf();
    await pool.acquire(topology('prod'));
    await pool.acquire(topology('prod'));
    expect(new Set(created.map(({ salt }) => salt)).size).to.equal(2);
  });

  it('stops what is being created, then deletes the namespaces of the run', async () => {
    const order: string[] = [];
    const client = fakeClient({
      list: async (_path, options) => {
        order.push(`list ${options?.labelSelector}`);
        return [{ metadata: { name: 'prod-abcde' } }];
      },
    });
    const pool = poolOf(
      client,
      () =>
        new Promise((_resolve, reject) =>
          setTimeout(() => {
            order.push('created');
            reject(new PodreachError('interrupted'));
          }, 20),
        ),
    );
    const acquired = pool.acquire(topology('prod')).catch((error: Error) => error.message);
    await pool.disposeAll();
    expect(created[0]?.signal?.aborted).to.equal(true);
    expect(await acquired).to.equal('interrupted');
    expect(order).to.deep.equal(['created', 'list podreach/run=run-1']);
    expect(client.deleted).to.deep.equal([pathOf('Namespace', { name: 'prod-abcde' })]);
    expect(await pool.acquire(topology('prod')).catch((error: unknown) => error)).to.be.instanceOf(PodreachError);
  });

  it('removes the hosts of all deployments but of what is kept, and no namespace', async () => {
    const client = fakeClient({ list: () => expect.fail('it looked for namespaces') });
    const pool = poolOf(client);
    await pool.acquire(topology('prod'));
    pool.keep(await pool.acquire(topology('kept')));
    await pool.acquire(topology('dev'));
    await pool.removeHosts();
    expect(calls.sort()).to.deep.equal(['hosts of dev', 'hosts of prod']);
    expect(client.deleted).to.deep.equal([]);
    expect(await failureOf(pool.acquire(topology('prod')))).to.be.instanceOf(PodreachError);
  });

  it('removes the hosts of a deployment that came up in spite of the end', async () => {
    let finish = (): void => expect.fail('nothing was begun');
    const pool = poolOf(
      fakeClient(),
      () =>
        new Promise((resolve) => {
          finish = () => resolve(deploymentOf('late'));
        }),
    );
    const acquired = pool.acquire(topology('late'));
    const removed = pool.removeHosts();
    expect(created[0]?.signal?.aborted).to.equal(true);
    finish();
    await Promise.all([acquired, removed]);
    expect(calls).to.deep.equal(['hosts of late']);
  });

  it('removes the hosts before it deletes namespaces, but of what is kept neither', async () => {
    const names = ['prod-x7k2a', 'kept-x7k2a'];
    const client = fakeClient({
      list: async () => {
        calls.push('list');
        return names.map((name) => ({ metadata: { name } }));
      },
    });
    const pool = poolOf(client);
    await pool.acquire(topology('prod'));
    pool.keep(await pool.acquire(topology('kept')));
    await pool.disposeAll();
    expect(calls).to.deep.equal(['hosts of prod', 'list']);
    expect(client.deleted).to.deep.equal(['/api/v1/namespaces/prod-x7k2a']);
  });

  describe('with namespaces of the run', () => {
    /** The namespaces of the run as the cluster lists them, and those of another run, which the label leaves out. */
    const clusterOf = (names: readonly string[], waitFor?: Client['waitFor']) =>
      fakeClient({
        list: async (path, { labelSelector } = {}) => {
          expect([path, labelSelector]).to.deep.equal(['/api/v1/namespaces', 'podreach/run=run-1']);
          return names.map((name) => ({ metadata: { name } }));
        },
        ...(waitFor && { waitFor }),
      });
    const kept = { namespaces: ['prod-kept1', 'dev-kept1'] } as unknown as Deployment;
    const all = ['prod-aaaaa', 'prod-kept1', 'dev-kept1', 'podreach-canary-bbbbb'];
    const gone = ['/api/v1/namespaces/prod-aaaaa', '/api/v1/namespaces/podreach-canary-bbbbb'];

    it('deletes all but what is kept', async () => {
      const client = clusterOf(all);
      const pool = poolOf(client);
      pool.keep(kept);
      await pool.disposeAll();
      expect(client.deleted).to.deep.equal(gone);
    });

    it('names those that it could not delete, and deletes the others', async () => {
      const gone: string[] = [];
      const stuck = clusterOf(all);
      const client = {
        ...stuck,
        delete: async (path: string) => {
          if (/prod-/.test(path)) throw new PodreachError(`refused to delete ${path}`);
          gone.push(path);
        },
      };
      const { message } = await failureOf(poolOf(client).disposeAll());
      expect(message).to.equal(
        'prod-aaaaa, prod-kept1 are still there: refused to delete /api/v1/namespaces/prod-aaaaa',
      );
      expect(gone).to.have.length(2);
    });

    it('waits on request until they are gone, and not for what is kept', async () => {
      const waits: unknown[] = [];
      const client = clusterOf(all, async (path, predicate, options) => {
        const objects = (...names: readonly string[]): KubeObject[] => names.map((name) => ({ metadata: { name } }));
        const { labelSelector, deadlineMs } = options;
        waits.push({ path, labelSelector, deadlineMs });
        expect(predicate(objects('prod-aaaaa', 'prod-kept1', 'dev-kept1'))).to.equal(false);
        expect(predicate(objects('prod-kept1', 'dev-kept1'))).to.equal(true);
        expect(await options.describe?.(objects('prod-aaaaa', 'prod-kept1', 'x'))).to.equal(
          'still there: prod-aaaaa, x',
        );
        return [];
      });
      const pool = poolOf(client);
      pool.keep(kept);
      await pool.disposeAll({ waitMs: 30_000 });
      expect(client.deleted).to.deep.equal(gone);
      expect(waits).to.deep.equal([
        { path: '/api/v1/namespaces', labelSelector: 'podreach/run=run-1', deadlineMs: 30_000 },
      ]);
    });

    it('does not lend what was kept', async () => {
      const pool = poolOf();
      const first = await pool.acquire(topology('prod'));
      pool.keep(Object.assign(first, { hosts: [], namespaces: ['prod-kept1'] }));
      expect(await pool.acquire(topology('prod'))).not.to.equal(first);
    });
  });
});
