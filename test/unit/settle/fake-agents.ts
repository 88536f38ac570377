import { PodreachError } from '../../../src/errors.ts';
import type { KubeObject, Manifest } from '../../../src/kube/client.ts';
import { type FakeClient, fakeClient } from '../deploy/fake-client.ts';

/** A call of the client's: what was asked, with which arguments. */
export type Call = readonly [method: string, ...args: readonly unknown[]];

type Labels = Readonly<Record<string, string>>;

/** What an agent has heard of, by the watch that brings it. */
interface View {
  policies: ReadonlyMap<string, Manifest>;
  pods: ReadonlyMap<string, Labels>;
  namespaces: ReadonlyMap<string, Labels>;
}

export type Watch = keyof View;

interface PolicySpec {
  readonly podSelector: { readonly matchLabels: Labels };
  readonly ingress: readonly {
    readonly from?: readonly Readonly<Record<'podSelector' | 'namespaceSelector', { readonly matchLabels: Labels }>>[];
    readonly ports: readonly { readonly port: number }[];
  }[];
}

export interface FakeAgents {
  readonly client: FakeClient;
  /** `open node-a:10.0.0.1:8001 node-b:…`: what was waited for, exec by exec. */
  readonly waits: string[];
  /** The canaries' namespace. */
  namespaceOf(): string;
  /** All that was asked of the cluster, in order. */
  readonly calls: Call[];
  /** From now on this address is programmed by what was heard until now through these watches. */
  freeze(address: string, ...watches: Watch[]): void;
  thaw(address: string): void;
  /** Nothing gets through to it any more, whatever the policies. */
  cutOff(address: string): void;
  /** A pod is gone: nothing answers at its address, and no exec reaches it. */
  kill(name: string): void;
  /** A pod is there, but not ready: nothing answers at its address. */
  hang(name: string): void;
  /** Nothing is blocked any more. */
  enforceNothing(): void;
}

const WATCHES: readonly Watch[] = ['policies', 'pods', 'namespaces'];
const holds = ({ matchLabels }: { readonly matchLabels: Labels }, labels: Labels = {}): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
const readyNode = (name: string) => ({
  metadata: { name },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
});

/**
 * A cluster whose agents program the ports of each address by what they have heard of policies, pods and namespaces, as
 * the specification says. `addresses`: those of each node's pods. Nodes that are not `schedulable` exist all the same.
 */
export const fakeAgents = (
  addresses: Readonly<Record<string, readonly string[]>>,
  schedulable: readonly string[] = Object.keys(addresses),
): FakeAgents => {
  const now: View = { policies: new Map(), pods: new Map(), namespaces: new Map() };
  const frozen = new Map<string, Partial<View>>();
  const cut = new Set<string>();
  const waits: string[] = [];
  const objects = new Map<string, KubeObject>();
  const canaryAt = new Map<string, string>();
  const dead = new Set<string>();
  const namespaceOfAll = () => [...now.namespaces.keys()][0] ?? '';
  let enforcing = true;

  const podAt = (manifest: Manifest): void => {
    const { name, labels } = manifest.metadata as { name: string; labels: Labels };
    const { nodeName } = manifest.spec as { nodeName: string };
    now.pods = new Map([...now.pods, [name, labels]]);
    const podIPs = (addresses[nodeName] ?? []).map((ip) => ({ ip }));
    for (const { ip } of podIPs) if (name.startsWith('canary')) canaryAt.set(ip, name);
    const since = '2026-11-26T05:00:00Z';
    objects.set(name, {
      metadata: { name },
      spec: { nodeName },
      status: {
        podIP: podIPs[0]?.ip,
        podIPs,
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: since }],
      },
    } as KubeObject);
  };

  const isOpen = (prober: string, address: string, port: number): boolean => {
    if (cut.has(address) || dead.has(canaryAt.get(address) ?? '')) return false;
    if (!enforcing) return true;
    const { policies, pods, namespaces } = { ...now, ...frozen.get(address) };
    const canary = now.pods.get(canaryAt.get(address) ?? '');
    const specs = [...policies.values()].map(({ spec }) => spec as PolicySpec);
    const own = specs.filter(({ podSelector }) => holds(podSelector, canary));
    const rules = own.flatMap(({ ingress }) => ingress);
    return (
      own.length === 0 ||
      rules.some(
        ({ from, ports }) =>
          ports.some((one) => one.port === port) &&
          (from ?? [null]).some(
            (peer) =>
              peer === null ||
              (holds(peer.podSelector, pods.get(prober)) &&
                holds(peer.namespaceSelector, namespaces.get(namespaceOfAll()))),
          ),
      )
    );
  };

  const client = fakeClient({
    list: async (path) => {
      if (path.endsWith('/nodes')) return schedulable.map(readyNode);
      return path.endsWith('/pods') ? [...objects.values()] : [];
    },
    waitFor: async (_path, predicate, { what }) => {
      if (!predicate([...objects.values()])) throw new PodreachError(`${what} did not come`);
      return [...objects.values()];
    },
    patch: async (path, body) => {
      const { labels } = (body as { metadata: { labels: Labels } }).metadata;
      const name = path.slice(path.lastIndexOf('/') + 1);
      const kind = path.includes('/pods/') ? 'pods' : 'namespaces';
      now[kind] = new Map([...now[kind], [name, { ...now[kind].get(name), ...labels }]]);
      return { metadata: { name } };
    },
    exec: async ({ pod }, argv) => {
      if (dead.has(pod)) throw new PodreachError(`exec in ${pod} was refused: 404 Not Found`);
      const [, , , , wanted, , ...targets] = argv;
      waits.push([wanted, ...targets].join(' '));
      const lines = targets.map((target) => {
        const [address = '', port] = target.split(',');
        return `${target} ${isOpen(pod, address, Number(port)) === (wanted === 'open') ? 'yes' : 'no'}\n`;
      });
      return { stdout: `${lines.join('')}end\n`, stderr: '', exitCode: 0 };
    },
  });
  client.apply = async (manifest) => {
    client.applied.push(manifest);
    const { name, labels = {} } = manifest.metadata as { name: string; labels?: Labels };
    if (manifest.kind === 'NetworkPolicy') now.policies = new Map([...now.policies, [name, manifest]]);
    if (manifest.kind === 'Namespace') now.namespaces = new Map([...now.namespaces, [name, labels]]);
    if (manifest.kind === 'Pod') podAt(manifest);
    return { metadata: { name } };
  };
  const calls: Call[] = [];
  return {
    client: recording(client, calls),
    calls,
    namespaceOf: namespaceOfAll,
    waits,
    freeze: (address, ...watches) =>
      void frozen.set(
        address,
        Object.fromEntries((watches.length > 0 ? watches : WATCHES).map((watch) => [watch, now[watch]])),
      ),
    thaw: (address) => void frozen.delete(address),
    kill: (name) => {
      dead.add(name);
      objects.delete(name);
    },
    hang: (name) => {
      dead.add(name);
      objects.set(name, {
        ...objects.get(name),
        status: { podIP: '10.0.0.9', conditions: [] },
      } as unknown as KubeObject);
    },
    cutOff: (address) => void cut.add(address),
    enforceNothing: () => {
      enforcing = false;
    },
  };
};

const recording = (client: FakeClient, calls: Call[]): FakeClient =>
  new Proxy(client, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        calls.push([String(key), ...args]);
        return value(...args);
      };
    },
  });
