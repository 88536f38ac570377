import type { SourceDocument } from './document.ts';
import { LIMITS } from './limits.ts';
import type { Problem } from './problem.ts';
import type { Step } from './scenario.ts';
import { matrixOf } from './size.ts';
import { podsOf } from './topology.ts';

const sizesOf = ({ topology, policies }: Pick<Step, 'topology' | 'policies'>) => ({
  namespaces: topology.namespaces.length,
  pods: podsOf(topology).length,
  hosts: topology.hosts.length,
  nodes: topology.nodes.length,
  services: topology.services.length,
  policies: policies.length,
  ...matrixOf(topology),
});

type Counted = keyof ReturnType<typeof sizesOf>;

const NAMES: Readonly<Partial<Record<Counted, string>>> = { allPorts: 'ports', ways: 'ways to a backend of a Service' };

/**
 * Says of one step after the other whether there is room for it: every limit of a scenario holds for all its steps
 * together, because each is a world and a matrix of its own. What is too much goes to `problems`, at the step.
 */
export const createStepLimits = (start: Pick<Step, 'topology' | 'policies'>, problems: Problem[]) => {
  let sums: ReturnType<typeof sizesOf> | undefined;
  return ({ problemAt }: SourceDocument, step: Pick<Step, 'topology' | 'policies'>): boolean => {
    const before = problems.length;
    sums ??= sizesOf(start);
    for (const [key, size] of Object.entries(sizesOf(step))) {
      const what = key as Counted;
      sums[what] += size;
      const name = NAMES[what] ?? what;
      if (sums[what] > LIMITS[what])
        problems.push(problemAt([], `${sums[what]} ${name} in all steps: at most ${LIMITS[what]}`));
    }
    return problems.length === before;
  };
};
