import { quoted } from '../text.ts';
import type { WrittenPort } from './field.ts';
import { expandPort } from './port.ts';
import type { Port } from './scenario.ts';
import { portText } from './topology.ts';

/** Reports a problem at a path of scenario.yaml. */
export type Tell = (path: readonly PropertyKey[], message: string) => void;

/** The ports at `path`; reports a port given twice, by number or by name. */
export const expandPorts = (
  path: readonly PropertyKey[],
  written: { readonly ports?: readonly WrittenPort[] | undefined },
  tell: Tell,
): readonly Port[] => {
  const ports = (written.ports ?? []).map(expandPort);
  tellDuplicates(ports, (at) => [...path, 'ports', at], tell);
  return ports;
};

/** Reports each port, and each port name, that an earlier one already has. */
export const tellDuplicates = (
  ports: readonly Port[],
  pathOf: (at: number) => readonly PropertyKey[],
  tell: Tell,
): void => {
  const numbers = new Set<string>();
  const names = new Set<string>();
  for (const [at, port] of ports.entries()) {
    if (numbers.has(portText(port))) tell(pathOf(at), `duplicate port ${portText(port)}`);
    numbers.add(portText(port));
    if (port.name === undefined) continue;
    if (names.has(port.name)) tell([...pathOf(at), 'name'], `duplicate port name ${quoted(port.name)}`);
    names.add(port.name);
  }
};

const PRIVILEGED = 1024;

/** In a node's network, an unprivileged server can't use a port below 1024. */
export const requireUnprivileged = (path: readonly PropertyKey[], ports: readonly Port[], tell: Tell): void => {
  ports.forEach((port, at) => {
    if (port.number < PRIVILEGED)
      tell(
        [...path, 'ports', at],
        `port ${portText(port)} is below ${PRIVILEGED}, which needs root in a node's network`,
      );
  });
};
