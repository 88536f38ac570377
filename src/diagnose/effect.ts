import { changesBetween, type Model, type Probe } from '../model/index.ts';
import { portText } from '../scenario/index.ts';

/** How many other connections to declared ports a change opens and closes, among the pods that are known. */
export interface Effect {
  readonly opens: number;
  readonly closes: number;
}

/** @param asked What the change is for, which does not count. */
export const effectOf = (before: Model, after: Model, asked: readonly Probe[]): Effect => {
  const declared = [...before.endpoints.values()].flatMap(({ ports }) => ports);
  const ports = [...new Map(declared.map((port) => [portText(port), port])).values()];
  const cells = changesBetween(before, after, ports).flatMap(({ from, to, port, before: was, after: is }) =>
    from.flatMap(({ members }) =>
      members.flatMap((one) =>
        to
          .flatMap((group) => group.members)
          .filter((other) => other !== one && other.ports.some((own) => portText(own) === portText(port)))
          .filter((other) => !asked.some((probe) => isCell(probe, one.name, other.name, port)))
          .map(() => `${was} ${is}`),
      ),
    ),
  );
  return {
    opens: cells.filter((cell) => cell === 'deny allow').length,
    closes: cells.filter((cell) => cell === 'allow deny').length,
  };
};

const isCell = (probe: Probe, source: string, target: string, port: { number: number; protocol: string }): boolean =>
  probe.from === source && probe.to === target && probe.port === port.number && probe.protocol === port.protocol;
