import { END_ARGV } from '../../../src/attach/ephemeral-container.ts';
import type { ExistingObject } from '../../../src/attach/existing-pod.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { Client, ExecResult, ExecTarget } from '../../../src/kube/client.ts';
import type { ContainerState } from '../../../src/kube/pod-state.ts';

/** A running pod with one container `app`, as the API server lists it. */
export const podObject = (endpoint: string, changes: Partial<ExistingObject> = {}): ExistingObject => {
  const [namespace = '', name = ''] = endpoint.split('/');
  return {
    metadata: { namespace, name, uid: `uid-of-${name}` },
    spec: { nodeName: 'n1', containers: [{ name: 'app', ports: [{ containerPort: 80 }] }] },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      podIPs: [{ ip: '10.0.0.1' }],
      containerStatuses: [{ name: 'app', restartCount: 0, state: { running: {} } }],
    },
    ...changes,
  };
};

export interface FakeCluster extends Client {
  /** By endpoint; what is changed here is what the next list shows. */
  readonly pods: Map<string, ExistingObject>;
  /** Everything that was done, in order: `patch prod/web`, `exec prod/web app`. */
  readonly done: string[];
  readonly patches: object[];
}

export interface Behaviour {
  /** What becomes of an ephemeral container; throws where it is refused. */
  readonly stateOf?: (endpoint: string) => ContainerState;
  /** Answers every exec but the one that ends an ephemeral container. */
  readonly exec?: (target: ExecTarget, argv: readonly string[]) => ExecResult | Promise<ExecResult>;
  /** Whether what is told to end does. */
  readonly ends?: boolean;
}

const RUNNING: ContainerState = { running: {} };

/** A cluster in memory that knows pods and their ephemeral containers; a wait for what never comes fails at once. */
export const fakeCluster = (
  objects: readonly ExistingObject[],
  { stateOf = () => RUNNING, exec, ends = true }: Behaviour = {},
): FakeCluster => {
  const pods = new Map(objects.map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod]));
  const done: string[] = [];
  const patches: object[] = [];
  const nothing = () => {
    throw new PodreachError('the fake has no answer to this');
  };
  const listed = (path: string) =>
    [...pods.values()].filter(({ metadata }) => path === `/api/v1/namespaces/${metadata.namespace}/pods`);
  const setState = (endpoint: string, name: string, state: ContainerState) => {
    const pod = pods.get(endpoint) as ExistingObject;
    const others = (pod.status?.ephemeralContainerStatuses ?? []).filter((one) => one.name !== name);
    const named = (pod.spec?.ephemeralContainers ?? []).filter((one) => one.name !== name);
    pods.set(endpoint, {
      ...pod,
      spec: { ...pod.spec, ephemeralContainers: [...named, { name }] },
      status: { ...pod.status, ephemeralContainerStatuses: [...others, { name, state }] },
    });
  };
  return {
    pods,
    done,
    patches,
    context: 'fake',
    get: nothing,
    apiGroups: nothing,
    apply: nothing,
    create: nothing,
    ask: nothing,
    delete: nothing,
    log: nothing,
    list: async (path) => listed(path),
    patch: async (path, body) => {
      const [, namespace, name] = /^\/api\/v1\/namespaces\/(.*)\/pods\/(.*)\/ephemeralcontainers$/.exec(path) ?? [];
      const endpoint = `${namespace}/${name}`;
      done.push(`patch ${endpoint}`);
      patches.push(body);
      const [container] = (body as { spec: { ephemeralContainers: { name: string }[] } }).spec.ephemeralContainers;
      setState(endpoint, container?.name ?? '', stateOf(endpoint));
      return pods.get(endpoint) as ExistingObject;
    },
    waitFor: async (path, predicate, { what }) => {
      if (predicate(listed(path))) return listed(path);
      throw new PodreachError(`${what}: not there`);
    },
    exec: async (target, argv) => {
      const endpoint = `${target.namespace}/${target.pod}`;
      done.push(`exec ${endpoint} ${target.container}`);
      if (argv !== END_ARGV) return exec ? exec(target, argv) : nothing();
      if (ends) setState(endpoint, target.container, { terminated: { reason: 'Completed', exitCode: 0 } });
      return { stdout: '', stderr: '', exitCode: 0 };
    },
    close: () => undefined,
  };
};
