import {
  type Choice,
  missingRights,
  RIGHTS_ALWAYS,
  RIGHTS_EPHEMERAL,
  type Right,
  rightText,
} from '../../attach/index.ts';
import { PodreachError } from '../../errors.ts';
import type { Client } from '../../kube/index.ts';

const [, ...EXEC] = RIGHTS_ALWAYS;

/** What the user may do in the namespaces of the two ends. */
export interface Allowed {
  /** Where ephemeral containers may be added. */
  readonly mayAdd: ReadonlySet<string>;
  /** What is missing to run a command in pods, by namespace. */
  readonly noExec: ReadonlyMap<string, string>;
}

/** Throws a PodreachError that names what is missing for a probe from the source. */
export const requireRights = async (
  client: Client,
  source: string,
  namespaces: readonly string[],
  choice: Choice,
  signal: AbortSignal,
): Promise<Allowed> => {
  const missing = async (rights: readonly Right[]) =>
    new Map(
      await Promise.all(
        namespaces.map(async (one) => [one, await missingRights(client, one, rights, signal)] as const),
      ),
    );
  const [exec, ephemeral] = await Promise.all([missing(EXEC), choice === 'exec' ? null : missing(RIGHTS_EPHEMERAL)]);
  const needed = [...(exec.get(source) ?? []), ...(choice === 'ephemeral' ? (ephemeral?.get(source) ?? []) : [])];
  if (needed.length > 0) {
    throw new PodreachError(
      `the user of context ${client.context} is not allowed to ${needed.map(rightText).join(', ')} in ${source}`,
      { hint: 'docs/diagnose.md has a Role that grants what podreach diagnose needs' },
    );
  }
  return {
    mayAdd: new Set([...(ephemeral ?? [])].flatMap(([name, lacks]) => (lacks.length === 0 ? [name] : []))),
    noExec: new Map(
      [...exec].flatMap(([name, lacks]) =>
        lacks.length > 0
          ? [[name, `you are not allowed to ${lacks.map(rightText).join(', ')} in ${name}`] as const]
          : [],
      ),
    ),
  };
};

const POLICIES = { resource: 'networkpolicies', group: 'networking.k8s.io' } as const;
const JOBS = { resource: 'jobs', group: 'batch' } as const;

const rightsOn = (on: Pick<Right, 'resource' | 'group'>): readonly Right[] => [
  { verb: 'create', ...on },
  { verb: 'delete', ...on },
];

/** What is missing to create and remove policies in a namespace; null if nothing is. And whether Jobs may be created there. */
export const policyRights = async (
  client: Client,
  namespace: string,
  signal: AbortSignal,
): Promise<{ readonly missing: string | null; readonly mayExpire: boolean }> => {
  const [policies, jobs] = await Promise.all([
    missingRights(client, namespace, rightsOn(POLICIES), signal),
    missingRights(client, namespace, rightsOn(JOBS), signal),
  ]);
  const missing = policies.map(rightText).join(', ');
  return {
    missing: missing === '' ? null : `you are not allowed to ${missing} in ${namespace}`,
    mayExpire: jobs.length === 0,
  };
};
