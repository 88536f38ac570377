import { PodreachError } from '../../../src/errors.ts';
import type { Client, KubeObject, Manifest } from '../../../src/kube/client.ts';

export interface FakeClient extends Client {
  /** What was applied or created. */
  readonly applied: Manifest[];
  readonly deleted: string[];
  /** What the cluster holds, by path of the object. */
  readonly objects: Map<string, KubeObject>;
}

const notThere = () => {
  throw new PodreachError('the fake has no answer to this');
};

/** A cluster in memory: holds what is applied, and says whatever `overrides` lets it say. */
export const fakeClient = (overrides: Partial<Client> = {}): FakeClient => {
  const applied: Manifest[] = [];
  const deleted: string[] = [];
  const objects = new Map<string, KubeObject>();
  const pathOfPolicy = ({ metadata }: Manifest): string => {
    const { namespace, name } = metadata as { namespace: string; name: string };
    return `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${name}`;
  };
  const hold = async (manifest: Manifest): Promise<KubeObject> => {
    applied.push(manifest);
    const object = structuredClone(manifest) as unknown as KubeObject;
    objects.set(manifest.kind === 'NetworkPolicy' ? pathOfPolicy(manifest) : JSON.stringify(manifest), object);
    return object;
  };
  return {
    applied,
    deleted,
    objects,
    context: 'fake',
    apply: hold,
    create: hold,
    get: async (path) => objects.get(path) ?? notThere(),
    list: async () => [],
    apiGroups: async () => notThere(),
    delete: async (path) => {
      deleted.push(path);
    },
    patch: async () => notThere(),
    ask: async () => notThere(),
    waitFor: async () => notThere(),
    exec: async () => notThere(),
    log: async () => notThere(),
    close: () => undefined,
    ...overrides,
  };
};
