import type { Ending } from './batch.ts';
import type { Tool } from './script.ts';
import type { Terms } from './tool-output.ts';
import type { Verdict } from './verdict.ts';
import { RULES, type Rule } from './verdict-rules.ts';

export interface Reading {
  readonly tool: Tool;
  readonly verdict: Verdict;
  /** `nc: Connection refused after 3 ms` */
  readonly detail: string;
  /** From the tool's start to its end, as measured in its pod; 0 if not known. */
  readonly elapsedMs: number;
  /** The endpoint that answered, if its answer says so. */
  readonly server?: string;
  /** It got so little CPU time that another attempt with more time may see more. */
  readonly starved?: true;
}

const NAMES: Readonly<Record<Tool, string>> = {
  nc: 'nc',
  wget: 'wget',
  seen: 'wget',
  name: 'name server',
  sctp: 'connect',
  udp: 'nc -u',
  connect: 'connect',
  knock: 'nc -u',
};

/** What one tool saw. */
export const classify = (tool: Tool, ending: Ending, terms: Terms): Reading => {
  const rule = RULES.find(({ tools, when }) => tools.includes(tool) && when(ending, terms)) as Rule;
  const { elapsedMs, output } = ending;
  const server = rule.verdict === 'allowed' ? terms.answers.get(output) : undefined;
  return {
    tool,
    verdict: rule.verdict,
    detail:
      rule.verdict === 'unsupported'
        ? rule.says(ending, terms)
        : `${NAMES[tool]}: ${rule.says(ending, terms)} after ${elapsedMs} ms`,
    elapsedMs,
    ...(server !== undefined && { server }),
    ...(rule.starved && { starved: true }),
  };
};
