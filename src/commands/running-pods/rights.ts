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

/**
 * Asks the API server what the user is allowed to do. Returns the namespaces where ephemeral containers may be added.
 * Throws one PodreachError that names everything that is missing in all namespaces.
 */
export const requireRights = async (
  client: Client,
  namespaces: readonly string[],
  choice: Choice,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> => {
  const missing = (rights: readonly Right[]) =>
    Promise.all(
      namespaces.map(async (namespace) => ({
        namespace,
        rights: await missingRights(client, namespace, rights, signal),
      })),
    );
  const always = await missing(RIGHTS_ALWAYS);
  const forEphemeral = choice === 'exec' ? [] : await missing(RIGHTS_EPHEMERAL);
  const needed = choice === 'ephemeral' ? [...always, ...forEphemeral] : always;
  const lacks = needed.flatMap(({ namespace, rights }) => rights.map((right) => `${rightText(right)} in ${namespace}`));
  if (lacks.length > 0) {
    throw new PodreachError(`the user of context ${client.context} is not allowed to ${lacks.join(', ')}`, {
      hint: 'docs/probe.md has a Role that grants what podreach probe needs',
    });
  }
  return new Set(forEphemeral.filter(({ rights }) => rights.length === 0).map(({ namespace }) => namespace));
};
