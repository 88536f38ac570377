import { randomUUID } from 'node:crypto';
import type { Collection, KubeObject } from './objects.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly collection: Collection;
  readonly object: KubeObject;
}

/** The objects of the simulated cluster, every change of them, and who wants to hear of it. */
export interface Store {
  get(collection: Collection, name: string): KubeObject | undefined;
  /** Of one namespace, or of all where the collection names none. */
  list(collection: Collection): readonly KubeObject[];
  put(collection: Collection, object: KubeObject): KubeObject;
  /** Removes it; with finalizers it only gets a time of deletion, as with `grace`. */
  remove(collection: Collection, name: string, options?: { readonly grace?: boolean }): KubeObject | undefined;
  readonly version: () => number;
  /** Calls the listener with each change from now on, and with those after `since` at once. */
  follow(listener: (change: Change) => void, since?: number): () => void;
}

const keyOf = ({ group, plural, namespace = '' }: Collection, name: string): string =>
  [group, plural, namespace, name].join('|');

const isIn = (wanted: Collection, { group, plural, namespace }: Collection): boolean =>
  wanted.group === group &&
  wanted.plural === plural &&
  (wanted.namespace === undefined || wanted.namespace === namespace);

export const createStore = (): Store => {
  const objects = new Map<string, { readonly collection: Collection; readonly object: KubeObject }>();
  const changes: Change[] = [];
  const listeners = new Set<(change: Change) => void>();
  let version = 100;

  const tell = (type: Change['type'], collection: Collection, object: KubeObject): KubeObject => {
    const metadata = { ...object.metadata, resourceVersion: String(version) };
    const change = { type, version, collection, object: { ...object, metadata } };
    changes.push(change);
    for (const listener of [...listeners]) listener(change);
    return change.object;
  };

  const write = (collection: Collection, object: KubeObject): KubeObject => {
    version += 1;
    const { name, namespace = collection.namespace } = object.metadata;
    const at = { ...collection, namespace };
    const key = keyOf(at, name);
    const before = objects.get(key)?.object;
    const metadata = {
      ...object.metadata,
      ...(namespace !== undefined && { namespace }),
      uid: before?.metadata.uid ?? randomUUID(),
      creationTimestamp: before?.metadata.creationTimestamp ?? new Date().toISOString().replace(/\.\d+/, ''),
      resourceVersion: String(version),
    };
    const written = { ...object, metadata };
    objects.set(key, { collection: at, object: written });
    return tell(before ? 'MODIFIED' : 'ADDED', at, written);
  };

  return {
    get: (collection, name) => objects.get(keyOf(collection, name))?.object,
    list: (collection) =>
      [...objects.values()].filter((one) => isIn(collection, one.collection)).map(({ object }) => object),
    put: write,
    remove: (collection, name, { grace = false } = {}) => {
      const found = objects.get(keyOf(collection, name));
      if (!found) return undefined;
      const { object } = found;
      if (grace || (object.metadata.finalizers ?? []).length > 0) {
        if (object.metadata.deletionTimestamp !== undefined) return object;
        return write(found.collection, {
          ...object,
          metadata: { ...object.metadata, deletionTimestamp: new Date().toISOString() },
        });
      }
      version += 1;
      objects.delete(keyOf(collection, name));
      return tell('DELETED', found.collection, object);
    },
    version: () => version,
    follow: (listener, since = version) => {
      for (const change of changes.filter((one) => one.version > since)) listener(change);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
