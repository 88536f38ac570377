/** Names of the scenario's pods and namespaces. */
import type { StandIn } from './stand-ins.ts';

/** A pod's name in a scenario is a DNS label; a workload's name may have dots. */
const POD_CHARACTERS = 63;

const labelOf = (name: string): string => name.replaceAll('.', '-').slice(0, POD_CHARACTERS).replace(/-+$/, '');

/** The workload's name, with a number from the second pod of that name in the namespace on. */
export const podNames = (standIns: readonly StandIn[]): ReadonlyMap<StandIn, string> => {
  const taken = new Set<string>();
  return new Map(
    standIns.map((standIn) => {
      const base = labelOf(standIn.sample.workload);
      for (let count = 1; ; count += 1) {
        const ending = count === 1 ? '' : `-${count}`;
        const name = `${base.slice(0, POD_CHARACTERS - ending.length)}${ending}`;
        const key = `${standIn.namespace.name}/${name}`;
        if (taken.has(key)) continue;
        taken.add(key);
        return [standIn, name] as const;
      }
    }),
  );
};
