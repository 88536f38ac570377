/** The parts of a step's evidence: each is a file, or the reason why it is missing. */
import { stringify } from 'yaml';
import { PodreachError } from '../errors.ts';
import { type Client, type KubeObject, pathOf } from '../kube/index.ts';
import { agentOn, nodesNamed, printRules, type RunInNode } from './agent-rules.ts';
import { logLines } from './log-lines.ts';
import { eventLines, keptOf, NAMESPACE, NODE, POD, POLICY } from './objects.ts';
import type { Involved } from './subject.ts';

export interface Part {
  readonly file: string;
  /** What it holds. */
  readonly what: string;
  /** Throws if it can't be collected. */
  collect(signal: AbortSignal): Promise<readonly string[]>;
}

export interface Sources {
  readonly client: Client;
  /** The cluster's names. */
  readonly namespaces: readonly string[];
  readonly involved: Involved;
  /** Runs a program in a node, up to the line that ends a complete output. */
  readonly runInNode: RunInNode;
}

const OBJECTS_AT_MOST = 300;
const NODES_AT_MOST = 5;
/** Of an agent's log. */
const LOG = { sinceSeconds: 600, lines: 3_000, bytes: 2_000_000 };
const LOG_CHARACTERS = 500_000;

export const partsOf = (sources: Sources): readonly Part[] => {
  const { client, namespaces, involved } = sources;
  const nodes = involved.nodes.slice(0, NODES_AT_MOST);
  const inNamespaces = async (kind: 'NetworkPolicy' | 'Pod' | 'Event', signal: AbortSignal) => {
    const lists = await Promise.all(
      namespaces.map((namespace) => client.list(pathOf(kind, { namespace }), { signal })),
    );
    return lists.flat();
  };
  return [
    {
      ...{ file: 'policies.yaml', what: 'the policies of its namespaces, as they stand in the cluster' },
      collect: async (signal) => documents(await inNamespaces('NetworkPolicy', signal), POLICY),
    },
    {
      ...{ file: 'namespaces.yaml', what: 'its namespaces, with the labels that policies select by' },
      collect: async (signal) => {
        const found = namespaces.map((name) => client.get(pathOf('Namespace', { name }), { signal }));
        return documents(await Promise.all(found), NAMESPACE);
      },
    },
    {
      ...{ file: 'pods.yaml', what: 'its pods: labels, addresses, nodes, states' },
      collect: async (signal) => documents(await inNamespaces('Pod', signal), POD),
    },
    {
      ...{ file: 'events.txt', what: 'the events of its namespaces' },
      collect: async (signal) => eventLines(await inNamespaces('Event', signal)),
    },
    {
      ...{ file: 'nodes.yaml', what: 'the nodes involved' },
      collect: async (signal) => documents(await nodesNamed(client, nodes, signal), NODE),
    },
    ...nodes.flatMap((node) => [agentLog(node, client), agentRules(node, sources)]),
  ];
};

const documents = (objects: readonly KubeObject[], kept: Parameters<typeof keptOf>[1]): readonly string[] => [
  ...objects.slice(0, OBJECTS_AT_MOST).map((object) => `---\n${stringify(keptOf(object, kept)).trimEnd()}`),
  ...(objects.length > OBJECTS_AT_MOST ? [`# and ${objects.length - OBJECTS_AT_MOST} more`] : []),
];

const agentLog = (node: string, client: Client): Part => ({
  file: `agent-logs/${node}.log`,
  what: `what the CNI's agent on ${node} wrote to its log in the last ${LOG.sinceSeconds / 60} minutes`,
  collect: async (signal) => {
    const { agent, pod } = await agentOn(node, client, signal);
    const { namespace = '', name } = pod.metadata;
    const target = { namespace, pod: name, container: agent.container };
    const log = await client.log(target, { ...LOG, signal });
    if (log.trim() === '')
      throw new PodreachError('the log has no line from that time; the kubelet may just have rotated it');
    return logLines(log, LOG_CHARACTERS);
  },
});

const agentRules = (node: string, sources: Sources): Part => ({
  file: `agent-rules/${node}.txt`,
  what: `the rules of the CNI's agent on ${node} for the pods of these cells`,
  collect: async (signal) => {
    const { agent, printed } = await printRules(node, sources, signal);
    const pods = sources.involved.pods.filter((pod) => pod.node === node);
    const rules = agent.rulesFor(printed, pods);
    if (rules.length === 0) throw new PodreachError('the agent has no rules for these pods');
    return rules;
  },
});
