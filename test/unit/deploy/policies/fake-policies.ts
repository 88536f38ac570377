import { PodreachError } from '../../../../src/errors.ts';
import type { Client, KubeObject, Manifest } from '../../../../src/kube/client.ts';
import { type FakeClient, fakeClient } from '../fake-client.ts';

interface Held {
  readonly metadata: KubeObject['metadata'] & { generation: number; finalizers?: readonly string[] };
  readonly spec?: unknown;
}

export interface FakePolicies {
  readonly client: FakeClient;
  /** What the API server holds, by path; for a test to change behind podreach's back. */
  readonly held: Map<string, Held>;
  put(manifest: Manifest): void;
}

const pathOfPolicy = ({ metadata }: Manifest): string => {
  const { namespace, name } = metadata as { namespace: string; name: string };
  return `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${name}`;
};

/**
 * An API server that keeps NetworkPolicies as a real one does: each has a uid of its own and counts its changes, and one with
 * finalizers outlives its deletion. Waiting gives up at once.
 */
export const fakePolicies = (): FakePolicies => {
  const held = new Map<string, Held>();
  let uids = 0;
  const put = (manifest: Manifest): Held => {
    const path = pathOfPolicy(manifest);
    const was = held.get(path);
    const metadata = manifest.metadata as KubeObject['metadata'] & { finalizers?: readonly string[] };
    const isSame = JSON.stringify(was?.spec) === JSON.stringify(manifest.spec);
    uids += was ? 0 : 1;
    const generation = was ? was.metadata.generation + (isSame ? 0 : 1) : 1;
    const object = {
      metadata: {
        ...metadata,
        uid: was?.metadata.uid ?? `uid-${uids}`,
        generation,
        resourceVersion: `${generation}`,
      },
      spec: manifest.spec,
    };
    held.set(path, structuredClone(object));
    return object;
  };
  const list: Client['list'] = async (path) =>
    [...held].filter(([one]) => one.startsWith(`${path}/`)).map(([, object]) => object);
  const client = fakeClient({
    list,
    get: async (path) => {
      const object = held.get(path);
      if (!object) throw new PodreachError(`404 Not Found: ${path}`);
      return object;
    },
    waitFor: async (path, predicate, { deadlineMs, what, describe }) => {
      const objects = await list(path);
      if (predicate(objects)) return objects;
      throw new PodreachError(`${what}: gave up waiting after ${deadlineMs / 1000} s: ${await describe?.(objects)}`);
    },
  });
  client.apply = async (manifest) => {
    client.applied.push(manifest);
    return put(manifest);
  };
  client.delete = async (path) => {
    client.deleted.push(path);
    const object = held.get(path);
    if (!object?.metadata.finalizers?.length) held.delete(path);
    else held.set(path, { ...object, metadata: { ...object.metadata, deletionTimestamp: '2026-11-26T05:00:00Z' } });
  };
  return { client, held, put };
};
