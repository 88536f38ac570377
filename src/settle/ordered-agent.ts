import type { Client, KubeObject } from '../cluster/client.ts';
import { PodreachError } from '../errors.ts';

interface DaemonSet extends KubeObject {
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly {
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

/** Felix's own names of what takes the iptables dataplane's place; values as it takes them for yes. */
const REPLACED_BY = { variables: /^FELIX_(BPFENABLED|NFTABLESMODE)$/i, keys: ['bpfEnabled', 'nftablesMode'] } as const;
const OFF = new Set(['', 'false', 'disabled', 'auto', 'undefined', 'null']);

/**
 * Whether the agents here are known to program policies, IP sets and pods in the order in which their watches bring the changes:
 * Calico's Felix with its iptables dataplane, which puts all that it has into the kernel at once and in one order (IP
 * sets before the chains that use them). Of every other agent nothing is known, and so of one that can't be asked for.
 */
export const isAgentOrdered = async (client: Client, signal?: AbortSignal): Promise<boolean> => {
  try {
    const found = (await client.list(DAEMON_SETS, {
      signal,
      labelSelector: 'k8s-app=calico-node',
    })) as readonly DaemonSet[];
    const containers = found.flatMap(({ spec }) => spec?.template?.spec?.containers ?? []);
    const node = containers.filter(({ name }) => name === 'calico-node');
    if (found.length !== 1 || node.length !== 1) return false;
    const isReplaced = (node[0]?.env ?? []).some(
      ({ name, value = 'unknown' }) => REPLACED_BY.variables.test(name) && !isOff(value),
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
