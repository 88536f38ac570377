import type { Model } from '../decide.ts';
import { portsOf, rulesOf } from '../rules.ts';
import type { Port, Protocol } from '../world.ts';

/** Cuts ports at the bounds of the rules: ports get equal keys if no rule, and no name in a rule, tells them apart. */
export const portCut = ({ policies, endpoints }: Model): ((port: Port) => string) => {
  const written = policies.flatMap(rulesOf).flatMap(portsOf);
  const boundsOf = (protocol: Protocol): readonly number[] => {
    const own = written.filter((port) => port.protocol === protocol);
    return [...new Set(own.flatMap((port) => ('first' in port ? [port.first, port.last + 1] : [])))];
  };
  const bounds = { TCP: boundsOf('TCP'), UDP: boundsOf('UDP'), SCTP: boundsOf('SCTP') };
  const names = new Set(written.flatMap((port) => ('name' in port ? port.name : [])));
  const named = new Set<string>();
  if (names.size > 0)
    for (const { ports } of endpoints.values())
      for (const { name, number, protocol } of ports)
        if (name !== undefined && names.has(name)) named.add(`${number}/${protocol}`);
  return ({ number, protocol }) => {
    const stretch = bounds[protocol].filter((bound) => bound <= number).length;
    const own = `${number}/${protocol}`;
    return `${protocol} ${stretch} ${named.has(own) ? own : ''}`;
  };
};
