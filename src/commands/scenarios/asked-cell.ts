/** A cell that a command line asks about. */
import { PodreachError } from '../../errors.ts';
import type { Family, Probe } from '../../model/index.ts';
import {
  type End,
  endsOf,
  familiesOfSteps,
  familyOf,
  parsePort,
  portText,
  type Step,
  sourcesOf,
} from '../../scenario/index.ts';
import { listed, nearest, quoted } from '../../text.ts';

/** The ends and the port as written. */
export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

export const probeOf = ({ topology }: Step, { from, to, port }: Asked): Probe => {
  requireEnd(from, sourcesOf(topology));
  const end = requireEnd(to, endsOf(topology));
  const declared = end.ports;
  const found = declared.find(({ name }) => name === port) ?? parsePort(port.toUpperCase());
  // A Service has no ports except its own; for a pod any port may be asked.
  const known = end.kind !== 'service' || declared.some((own) => found && portText(own) === portText(found));
  if (found && found.number <= 65535 && known) return { from, to, port: found.number, protocol: found.protocol };
  const own = declared.map((one) => (one.name === undefined ? portText(one) : `${one.name} (${portText(one)})`));
  throw new PodreachError(`${quoted(port)} is not a port of ${to}: write 80, 53/UDP or the name of one of its ports`, {
    hint: own.length > 0 ? `${to} has ${listed(own)}` : `${to} declares no ports`,
  });
};

/** The first family that the scenario mentions and that both ends can have. */
export const familyOfBoth = (step: Step, { from, to }: Probe): Family => {
  const families = familiesOfSteps([step]);
  const hosts = step.topology.hosts.filter(({ endpoint }) => endpoint === from || endpoint === to);
  const found = families.find((family) =>
    hosts.every(({ addresses }) => addresses.some((address) => familyOf(address) === family)),
  );
  if (found) return found;
  throw new PodreachError(`${from} and ${to} have no IP family in common`);
};

const requireEnd = (name: string, ends: readonly End[]): End => {
  const found = ends.find(({ endpoint }) => endpoint === name);
  if (found) return found;
  const names = ends.map(({ endpoint }) => endpoint);
  throw new PodreachError(`the scenario has no endpoint ${quoted(name)}${nearest('endpoint', name, names)}`, {
    hint: `its endpoints are ${listed(names)}`,
  });
};
