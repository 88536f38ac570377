/** Why a port of a rule is the port of a connection, or is not. */

import type { Connection } from '../decide.ts';
import { coversPort } from '../match.ts';
import type { PolicyPort } from '../policy.ts';
import type { Port } from '../world.ts';

/**
 * `protocol`: the number matches, the protocol does not. `number`: the number does not match. `resolves`: the
 * destination uses the name for these ports, and none is the connection's. `nameless`: the destination has no port of
 * that name.
 */
export type PortReason =
  | { readonly kind: 'protocol' | 'number' }
  | { readonly kind: 'resolves'; readonly to: readonly Port[] }
  | { readonly kind: 'nameless'; readonly names: readonly string[] };

export interface PortAnswer {
  readonly port: PolicyPort;
  /** null: it is the connection's port. */
  readonly reason: PortReason | null;
}

export const whyPort = (written: PolicyPort, connection: Connection): PortAnswer => ({
  port: written,
  reason: coversPort(written, connection, connection.to) ? null : reasonOf(written, connection),
});

const reasonOf = (written: PolicyPort, connection: Connection): PortReason => {
  const { ports } = connection.to;
  if ('name' in written) {
    const to = ports.filter(({ name }) => name === written.name);
    return to.length > 0
      ? { kind: 'resolves', to }
      : { kind: 'nameless', names: ports.flatMap(({ name }) => name ?? []) };
  }
  const fits = coversPort(written, { ...connection, protocol: written.protocol }, connection.to);
  return { kind: fits ? 'protocol' : 'number' };
};
