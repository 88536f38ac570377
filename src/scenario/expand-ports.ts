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
  const known = written.ports && sound.get(written.ports);
  if (known) return known;
  const ports = (written.ports ?? []).map(expandPort);
  let isSound = true;
  tellDuplicates(
    ports,
    (at) => [...path, 'ports', at],
    (...problem) => {
      isSound = false;
      tell(...problem);
    },
  );
  if (isSound && written.ports) sound.set(written.ports, ports);
  return ports;
};

/** Lists of ports with which nothing is wrong: pods of manifests share them. */
const sound = new WeakMap<readonly WrittenPort[], readonly Port[]>();

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
