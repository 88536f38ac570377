import { type Client, type ExecResult, pathOf } from '../cluster/client.ts';
import { readyPods } from '../cluster/ready-pods.ts';
import {
  CONTAINER,
  createNamespace,
  namespaceManifest,
  podManifest,
  renamed,
  schedulableNodes,
  serviceAccountManifest,
  suffixOf,
} from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import type { Port } from '../scenario/index.ts';
import { coalesce } from './coalesce.ts';
import { type PortState, parseWait, waitArgv } from './wait-script.ts';

export interface CanaryOptions {
  readonly image: string;
  readonly runId: string;
  /** Whose the namespace is, as `ownerText` writes it. */
  readonly owner: string;
  readonly signal?: AbortSignal | undefined;
  /** How long the pods may take to become ready. */
  readonly readyMs?: number;
  /** How long `settle` may take. */
  readonly settleMs?: number;
  /** How long `proveEnforcement` waits for a closed port. */
  readonly enforceMs?: number;
}

/** Tells when policies are enforced. One serves the whole run. */
export interface Canary {
  /**
   * Resolves when policies that were applied before the call are enforced on every node, with how long that took in
   * milliseconds. Calls that come while it is at work share one further round.
   * Throws a PodreachError that names the node which did not follow.
   */
  settle(): Promise<number>;
  /** Proves once that this cluster enforces NetworkPolicies at all, on every node; throws a PodreachError if not. */
  proveEnforcement(): Promise<void>;
}

const PORTS = [8001, 8002] as const;
type CanaryPort = (typeof PORTS)[number];
const POD_PORTS: readonly Port[] = PORTS.map((number) => ({ number, protocol: 'TCP' }));

const PROBER = 'prober';
const POLICY = 'canary';
const READY_MS = 120_000;
const SETTLE_MS = 30_000;
const ENFORCE_MS = 15_000;
/** For the exec itself, beyond what the script in it waits. */
const EXEC_SLACK_MS = 5_000;

/**
 * Brings up one canary pod on each node and one pod that probes them, in a namespace of the run.
 *
 * A policy there admits only one of the canary's two ports. To settle is to switch it to the other port and to wait
 * until every node lets that port in: agents program policies in the order in which their watch brings them, so what
 * was applied before is then enforced too.
 */
export const createCanary = async (client: Client, options: CanaryOptions): Promise<Canary> => {
  const { image, runId, owner, signal, readyMs = READY_MS, settleMs = SETTLE_MS, enforceMs = ENFORCE_MS } = options;
  const namespace = renamed('podreach-canary', suffixOf(runId, 'canary'));
  const nodes = await schedulableNodes(client, signal);
  const placed = nodes.map(({ name, hostname }, index) => ({ pod: `canary-${index}`, node: name, hostname }));

  await createNamespace(client, namespaceManifest(namespace, {}, { runId, owner }), signal);
  await client.apply(serviceAccountManifest(namespace), { signal });
  const canary = { labels: { podreach: 'canary' }, ports: POD_PORTS };
  await Promise.all([
    ...placed.map(({ pod, hostname }) =>
      client.apply(podManifest({ name: pod, ...canary }, { namespace, image, hostname, pinned: true }), { signal }),
    ),
    client.apply(podManifest({ name: PROBER, labels: { podreach: 'prober' }, ports: [] }, { namespace, image }), {
      signal,
    }),
  ]);
  const ready = await readyPods(client, namespace, [PROBER, ...placed.map(({ pod }) => pod)], {
    deadlineMs: readyMs,
    signal,
  });
  const nodeOf = new Map(placed.map(({ pod, node }) => [ready.get(pod)?.status?.podIP ?? '', node]));
  const addresses = [...nodeOf.keys()];

  let admitted: CanaryPort | null = null;
  // Only a switch that every node followed says anything about the next one: a node that is behind still lets in the
  // port of the switch before, which the next switch would take for its own.
  let trusted = false;
  const admit = async (port: CanaryPort): Promise<void> => {
    trusted = false;
    await client.apply(admitOnly(namespace, port), { signal });
    admitted = port;
  };

  /** Waits for the port at every node; returns the nodes where it did not come to pass, with what was seen instead. */
  const laggards = async (wanted: PortState, port: CanaryPort, deadlineMs: number): Promise<readonly string[]> => {
    const target = { namespace, pod: PROBER, container: CONTAINER };
    const argv = waitArgv(wanted, deadlineMs, port, addresses);
    const result: ExecResult = await client.exec(target, argv, { deadlineMs: deadlineMs + EXEC_SLACK_MS, signal });
    const states = parseWait(result.stdout);
    const broken = addresses.find((address) => !/^(yes|no)$/.test(states.get(address) ?? ''));
    if (broken !== undefined)
      throw new PodreachError(
        `the canary's probe of node ${nodeOf.get(broken)} broke: ${states.get(broken) ?? 'no report'}`,
      );
    return addresses
      .filter((address) => states.get(address) !== 'yes')
      .map((address) => nodeOf.get(address) ?? address);
  };

  const settle = async (): Promise<number> => {
    const start = performance.now();
    if (!trusted) await proveEnforcement();
    const port = admitted === PORTS[0] ? PORTS[1] : PORTS[0];
    await admit(port);
    const late = await laggards('open', port, settleMs);
    if (late.length > 0)
      throw new PodreachError(`policies are not enforced after ${settleMs / 1000} s on ${nodesText(late)}`, {
        hint: `look at the CNI's agent there, for Calico: kubectl -n kube-system logs -l k8s-app=calico-node`,
      });
    trusted = true;
    return Math.round(performance.now() - start);
  };

  const proveEnforcement = async (): Promise<void> => {
    trusted = false;
    await client.delete(pathOf('NetworkPolicy', { namespace, name: POLICY }), { signal });
    admitted = null;
    for (const port of PORTS) {
      const unreachable = await laggards('open', port, settleMs);
      if (unreachable.length > 0)
        throw new PodreachError(`without any policy, no pod can be reached on ${nodesText(unreachable)}`, {
          hint: 'the network between the pods is at fault, not the policies under test',
        });
    }
    await admit(PORTS[0]);
    const open = await laggards('closed', PORTS[1], enforceMs);
    if (open.length > 0)
      throw new PodreachError(
        `this cluster's CNI does not enforce NetworkPolicies: ${enforceMs / 1000} s after a policy closed a port, it still answers on ${nodesText(open)}`,
        { hint: 'use a cluster whose CNI enforces NetworkPolicies, as Calico does' },
      );
    const closed = await laggards('open', PORTS[0], settleMs);
    if (closed.length > 0) throw new PodreachError(`a port that a policy admits is closed on ${nodesText(closed)}`);
    trusted = true;
  };

  // One switch at a time, whoever asks for it.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(action: () => Promise<T>): Promise<T> => {
    const turn = last.then(action);
    last = turn.catch(() => undefined);
    return turn;
  };
  return { settle: coalesce(() => inTurn(settle)), proveEnforcement: () => inTurn(proveEnforcement) };
};

const admitOnly = (namespace: string, port: CanaryPort) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: POLICY, namespace },
  spec: {
    podSelector: { matchLabels: { podreach: 'canary' } },
    policyTypes: ['Ingress'],
    ingress: [{ ports: [{ protocol: 'TCP', port }] }],
  },
});

const nodesText = (nodes: readonly string[]): string => `${nodes.length === 1 ? 'node' : 'nodes'} ${nodes.join(', ')}`;
