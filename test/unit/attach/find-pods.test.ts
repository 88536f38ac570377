import { expect } from 'chai';
import { findPods } from '../../../src/attach/find-pods.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { KubeObject } from '../../../src/kube/client.ts';
import { failureOf } from '../failure-of.ts';
import { fakeCluster, podObject } from './fake-cluster.ts';

const ended = podObject('prod/job', { status: { phase: 'Succeeded', podIP: '10.0.0.3' } });
const all = [podObject('prod/web'), ended, podObject('prod/api'), podObject('dev/web')];

const named = (name: string): KubeObject => ({ metadata: { name } });

describe('findPods', () => {
  it('finds the running pods of the namespaces, by name, and counts the others', async () => {
    const { pods, notRunning } = await findPods(fakeCluster(all), { namespaces: ['prod', 'dev'], ports: null });
    expect(pods.map(({ endpoint }) => endpoint)).to.deep.equal(['dev/web', 'prod/api', 'prod/web']);
    expect(notRunning).to.equal(1);
  });

  it('leaves it to the API server to select', async () => {
    const asked: unknown[] = [];
    const cluster = fakeCluster(all);
    const list: typeof cluster.list = (path, options) => {
      asked.push([path, options?.labelSelector]);
      return cluster.list(path);
    };
    await findPods({ ...cluster, list }, { namespaces: ['prod'], selector: 'app=web', ports: null });
    expect(asked).to.deep.equal([['/api/v1/namespaces/prod/pods', 'app=web']]);
  });

  const failure = async (namespace: string, namespaces: readonly string[] | null, selector?: string) => {
    const cluster = fakeCluster([ended]);
    const list: typeof cluster.list = async (path) => {
      if (path !== '/api/v1/namespaces') return cluster.list(path);
      if (namespaces === null) throw new PodreachError('403');
      return namespaces.map(named);
    };
    const error = await failureOf(findPods({ ...cluster, list }, { namespaces: [namespace], selector, ports: null }));
    expect(error).to.be.instanceOf(PodreachError);
    return error;
  };

  it('reports a namespace that does not exist, with the nearest that does', async () => {
    const { message } = await failure('prd', ['prod', 'kube-system']);
    expect(message).to.equal('there is no namespace prd; the nearest valid namespace is "prod"');
  });

  it('reports a namespace without a running pod, though one has run', async () => {
    expect((await failure('prod', ['prod'])).message).to.equal('namespace prod has no running pod');
    const selecting = await failure('prod', ['prod'], 'app=web');
    expect(selecting.message).to.equal('namespace prod has no running pod that app=web selects');
    expect(selecting.hint).to.equal('see: kubectl -n prod get pods --show-labels');
  });

  it('asks about the name where it may not look', async () => {
    const { message, hint } = await failure('prod', null);
    expect(message).to.equal('namespace prod has no running pod');
    expect(hint).to.contain('is the name right?');
  });

  it('sends no name that is none', async () => {
    const wanted = { namespaces: ['../nodes'], ports: null };
    expect((await failureOf(findPods(fakeCluster([]), wanted))).message).to.contain('not a valid Kubernetes name');
  });
});
