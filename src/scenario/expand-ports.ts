import { quoted } from '../wording.ts';
import type { WrittenPort } from './field.ts';
import { expandPort } from './port.ts';
import type { Port } from './scenario.ts';
import { portText } from './topology.ts';

/** Tells a problem at a path of scenario.yaml. */
export type Tell = (path: readonly PropertyKey[], message: string) => void;

/** The ports of what stands at `path`; one given twice, by number or by name, is told. */
export const expandPorts = (
  path: readonly PropertyKey[],
  written: { readonly ports?: readonly WrittenPort[] | undefined },
  tell: Tell,
): readonly Port[] => {
  const ports = (written.ports ?? []).map(expandPort);
  ports.forEach((port, at) => {
    const before = ports.slice(0, at);
    if (before.some((other) => portText(other) === portText(port)))
      tell([...path, 'ports', at], `duplicate port ${portText(port)}`);
    if (port.name !== undefined && before.some(({ name }) => name === port.name))
      tell([...path, 'ports', at, 'name'], `duplicate port name ${quoted(port.name)}`);
  });
  return ports;
};

const PRIVILEGED = 1024;

/** In a node's network a server without rights can have no port below 1024. */
export const requireUnprivileged = (path: readonly PropertyKey[], ports: readonly Port[], tell: Tell): void => {
  ports.forEach((port, at) => {
    if (port.number < PRIVILEGED)
      tell(
        [...path, 'ports', at],
        `port ${portText(port)} is below ${PRIVILEGED}, which a node's network needs root for`,
      );
  });
};
