import type { CniAgent } from './agent.ts';
import { calicoAgent } from './calico-agent.ts';

export { type CniAgent, RULES_END } from './agent.ts';

/** The agents that podreach knows. */
export const cniAgents: readonly CniAgent[] = [calicoAgent];
