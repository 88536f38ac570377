import { PodreachError } from '../errors.ts';
import type { Client, KubeObject } from '../kube/index.ts';

interface DaemonSet extends KubeObject {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly name: string;
          readonly env?: readonly { readonly name: string; readonly value?: string }[];
        }[];
      };
    };
  };
}

interface FelixConfiguration extends KubeObject {
  readonly spec?: Readonly<Record<string, unknown>>;
}

const DAEMON_SETS = '/apis/apps/v1/daemonsets';
const FELIX_CONFIGURATIONS = '/apis/crd.projectcalico.org/v1/felixconfigurations';

/** The settings of Felix that replace its iptables dataplane. */
const REPLACED_BY = { variables: /^FELIX_(BPFENABLED|NFTABLESMODE)$/i, keys: ['bpfEnabled', 'nftablesMode'] } as const;
const OFF = new Set(['', 'false', 'disabled', 'auto', 'undefined', 'null']);

/**
 * Whether the agents of this cluster are known to program changes in the order in which a watch delivers them. That is
 * true for Calico's Felix with its iptables dataplane, which writes all pending changes to the kernel in one go. Any
 * other agent counts as unordered, and so does one that podreach has no right to inspect.
 */
export const isAgentOrdered = async (client: Client, signal?: AbortSignal): Promise<boolean> => {
  try {
    const found = (await client.list(DAEMON_SETS, {
      signal,
      labelSelector: 'k8s-app=calico-node',
    })) as readonly DaemonSet[];
    const containers = found.flatMap(({ spec }) => spec.template.spec.containers);
    const agents = containers.filter(({ name }) => name === 'calico-node');
    if (found.length !== 1 || agents.length !== 1) return false;
    const isReplaced = agents.some(({ env }) =>
      env?.some(({ name, value = 'unknown' }) => REPLACED_BY.variables.test(name) && !isOff(value)),
    );
    if (isReplaced) return false;
    const configurations = (await client.list(FELIX_CONFIGURATIONS, { signal })) as readonly FelixConfiguration[];
    return configurations.every(({ spec }) => REPLACED_BY.keys.every((key) => isOff(spec?.[key])));
  } catch (error) {
    if (!(error instanceof PodreachError) || signal?.aborted) throw error;
    return false;
  }
};

const isOff = (value: unknown): boolean => OFF.has(String(value).toLowerCase());
