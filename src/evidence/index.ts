export { agentOn, nodesNamed, printRules, type RunInNode } from './agent-rules.ts';
export { createEvidence, type Evidence, type EvidenceOptions } from './evidence.ts';
export type { Subject } from './subject.ts';
