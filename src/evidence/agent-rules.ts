/** The agent of a CNI on a node, and the rules that it has there. */
import { type CniAgent, cniAgents, type NodeIdentity, RULES_END } from '../cluster/index.ts';
import { PodreachError } from '../errors.ts';
import { type Client, type KubeObject, type PodObject, pathOf } from '../kube/index.ts';

export type RunInNode = (
  node: NodeIdentity,
  argv: readonly string[],
  end: string,
  signal: AbortSignal,
) => Promise<string>;

/** All rules on a node, with the agent that can tell which of them matter to a pod. */
export const printRules = async (
  node: string,
  { client, runInNode }: { readonly client: Client; readonly runInNode: RunInNode },
  signal: AbortSignal,
): Promise<{ readonly agent: CniAgent; readonly printed: string }> => {
  const { agent } = await agentOn(node, client, signal);
  const [found] = (await nodesNamed(client, [node], signal)) as readonly NodeObject[];
  const machineId = found?.status?.nodeInfo?.machineID ?? '';
  return { agent, printed: await runInNode({ name: node, machineId }, agent.rulesArgv, RULES_END, signal) };
};

interface NodeObject extends KubeObject {
  readonly status?: { readonly nodeInfo?: { readonly machineID?: string } };
}

export const nodesNamed = async (
  client: Client,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly KubeObject[]> => {
  const all = await client.list(pathOf('Node'), { signal });
  return all.filter(({ metadata }) => names.includes(metadata.name));
};

export const agentOn = async (
  node: string,
  client: Client,
  signal: AbortSignal,
): Promise<{ readonly agent: CniAgent; readonly pod: KubeObject }> => {
  for (const agent of cniAgents) {
    const pods = (await client.list(pathOf('Pod'), {
      labelSelector: agent.labelSelector,
      signal,
    })) as readonly PodObject[];
    const pod = pods.find(({ spec }) => spec?.nodeName === node);
    if (pod) return { agent, pod };
  }
  throw new PodreachError(`podreach knows no CNI agent that runs there (it knows ${cniAgents[0]?.name})`);
};
