import type { Remark, StepResult } from '../matrix/index.ts';

interface Words {
  readonly problem?: string;
  readonly hint: string;
}

const WORDS: Readonly<Record<Remark, Words>> = {
  'no-expectation': {
    problem: 'this scenario has no expectation',
    hint: 'write `expect:`, or let `podreach run -u` write what was seen',
  },
  kept: { hint: 'the pods and policies stay until the next run; the kubectl commands repeat the probes' },
  'not-kept': { hint: 'with --keep the pods stay, and the kubectl commands repeat the probes' },
  'backends-differ': {
    hint: '`podreach explain` says which of the pods behind a Service are blocked, and what would open them',
  },
  'lookup-unknown': {
    hint: "`podreach explain` says what the lookup of a name depends on; `podreach run` finds out the addresses of the cluster's DNS pods",
  },
  'address-unknown': {
    hint: 'give the pods of the unknown cells an `address:` in scenario.yaml, or let `podreach run` find it out',
  },
};

/** What broke a step and what to do next, in the words of the error or of the remarks. */
export const wordsOf = ({ problem, hint, remarks = [] }: StepResult): Partial<Words> => {
  const words = remarks.map((remark) => WORDS[remark]);
  const what = problem ?? words.find((one) => one.problem !== undefined)?.problem;
  const hints = [...(hint === undefined ? [] : [hint]), ...words.map((one) => one.hint)];
  return { ...(what !== undefined && { problem: what }), ...(hints.length > 0 && { hint: hints.join('; ') }) };
};
