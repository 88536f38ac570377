/** What the cluster says about a cell while its pods are there: versions, the agent's rules, what they count. */
import { runInNode as runInKindNode } from '../cluster/index.ts';
import { type Endpoint, isHost, isService, type PodEndpoint } from '../deploy/index.ts';
import { asPodreachError } from '../errors.ts';
import { agentOn, nodesNamed, printRules, type RunInNode } from '../evidence/index.ts';
import type { Client, KubeObject } from '../kube/index.ts';
import type { Probe } from '../scenario/index.ts';
import { type Counted, countedBetween } from './counters.ts';

/** The parts of a node that a maintainer asks for; not its name, nor its address. */
export interface NodeFacts {
  readonly kubelet: string;
  readonly kernel: string;
  readonly system: string;
  readonly runtime: string;
  readonly agent: string;
  /** The endpoints that run there. */
  readonly runs: readonly string[];
  /** Those for the cell's pods, before and after the probe; or why there are none. */
  readonly rules:
    | { readonly before: readonly string[]; readonly after: readonly string[]; readonly counted: readonly Counted[] }
    | { readonly missing: string };
}

export interface FactsOptions {
  readonly client: Client;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly cell: Probe;
  readonly signal: AbortSignal;
  readonly runInNode?: RunInNode;
}

/** Of each node where an end of the cell runs. `probe` is done between two looks at the rules. */
export const factsOf = async (options: FactsOptions, probe: () => Promise<unknown>): Promise<readonly NodeFacts[]> => {
  const { endpoints, cell, client, signal, runInNode = runInKindNode } = options;
  const pods = [cell.from, cell.to].flatMap((name): readonly PodEndpoint[] => {
    const end = endpoints.get(name);
    return !end || isHost(end) || isService(end) ? [] : [end];
  });
  const nodes = [...new Set(pods.map(({ node }) => node))];
  const print = () =>
    Promise.all(
      nodes.map((node) => printRules(node, { client, runInNode }, signal).catch((error: unknown) => reasonOf(error))),
    );
  const before = await print();
  await probe();
  const after = await print();
  // A user may lack the right; the versions are then unknown.
  const objects = await nodesNamed(client, nodes, signal).catch(() => []);
  return Promise.all(
    nodes.map(async (node, at): Promise<NodeFacts> => {
      const [one, other] = [before[at], after[at]];
      const here = pods.filter((pod) => pod.node === node);
      const { nodeInfo = {} } =
        (objects.find(({ metadata }) => metadata.name === node) as NodeObject | undefined)?.status ?? {};
      return {
        kubelet: nodeInfo.kubeletVersion ?? 'unknown',
        kernel: nodeInfo.kernelVersion ?? 'unknown',
        system: nodeInfo.osImage ?? 'unknown',
        runtime: nodeInfo.containerRuntimeVersion ?? 'unknown',
        agent: await agentVersion(node, client, signal),
        runs: here.map(({ endpoint }) => endpoint),
        rules: rulesOf(
          one,
          other,
          here,
          pods.flatMap(({ addresses }) => addresses),
        ),
      };
    }),
  );
};

type Printed = Awaited<ReturnType<typeof printRules>> | { readonly missing: string };

const reasonOf = (error: unknown): { readonly missing: string } => ({
  missing: asPodreachError(error).message.split('\n')[0] ?? '',
});

const rulesOf = (
  before: Printed | undefined,
  after: Printed | undefined,
  pods: readonly PodEndpoint[],
  addresses: readonly string[],
): NodeFacts['rules'] => {
  if (!before || 'missing' in before) return before ?? { missing: 'nothing was printed' };
  if (!after || 'missing' in after) return after ?? { missing: 'nothing was printed' };
  const relevant = after.agent.rulesFor(after.printed, pods);
  return {
    before: before.agent.rulesFor(before.printed, pods),
    after: relevant,
    counted: countedBetween(before.printed, after.printed, { addresses, relevant }),
  };
};

interface NodeObject extends KubeObject {
  readonly status?: {
    readonly nodeInfo?: Partial<
      Record<'kubeletVersion' | 'kernelVersion' | 'osImage' | 'containerRuntimeVersion', string>
    >;
  };
}

/** `Calico, docker.io/calico/node:v3.30.0` */
const agentVersion = async (node: string, client: Client, signal: AbortSignal): Promise<string> => {
  try {
    const { agent, pod } = await agentOn(node, client, signal);
    const { containers = [] } = Object(Object(pod).spec) as {
      readonly containers?: readonly { readonly name: string; readonly image: string }[];
    };
    return `${agent.name}, ${containers.find(({ name }) => name === agent.container)?.image ?? 'unknown image'}`;
  } catch (error) {
    return `unknown, because ${reasonOf(error).missing}`;
  }
};
