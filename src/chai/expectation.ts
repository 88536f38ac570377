import type { StepResult } from '../matrix/index.ts';
import { stepText } from '../report/index.ts';
import type { Finding } from './connection.ts';

const HOLDS = { pass: true, fail: false, error: null, unjudged: null } as const;

/** Whether a step is as its scenario expects; not known if something broke, or if nothing is expected. */
export const findExpectation = (step: StepResult): Finding => {
  const holds = HOLDS[step.status];
  const because =
    step.status === 'unjudged' ? ', but nothing is expected' : holds === null ? ', which is not known' : '';
  const about = (how: string) => `expected the matrix ${how} its expectation${because}\n\n${stepText(step)}\n`;
  return { holds, message: about('to match'), negated: about('not to match') };
};
