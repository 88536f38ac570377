import type { Cause, Diagnosis, Finding } from '../../diagnose/index.ts';
import { printable } from '../../text.ts';
import { policyName } from '../explain/selector.ts';
import { jsonText } from '../json-text.ts';
import { causeText } from './cause.ts';
import { remedyText } from './remedy.ts';
import { sentenceOf } from './sentence.ts';
import { type StepOptions, stepsOf } from './steps.ts';

/** The name of the contract, which changes if a reader of the old one would break. */
const SCHEMA = 'podreach/diagnose/v1';

/** The diagnosis for machines; `sentence`, `text`, `lines` and `notChecked` are words for people. */
export const diagnosisJson = (diagnosis: Diagnosis, options: StepOptions): string => {
  const { facts, observed, explanation, finding, remedies } = diagnosis;
  const { path, lookup, allowAll } = observed;
  return jsonText({
    schema: SCHEMA,
    ...facts.asked,
    family: facts.family,
    want: facts.question.want,
    observed: 'value' in path ? path.value.verdict : null,
    lookup: lookup && 'value' in lookup ? lookup.value.verdict : null,
    model: explanation?.decision ?? null,
    allowAll: 'value' in allowAll ? allowAll.value.verdict : null,
    finding: findingObject(finding),
    sentence: printable(sentenceOf(diagnosis)),
    changes: remedies.map((remedy) => ({ kind: remedy.kind, text: printable(remedyText(remedy)) })),
    steps: stepsOf(diagnosis, options),
  });
};

const findingObject = (finding: Finding) =>
  finding.kind === 'blocked' || finding.kind === 'open'
    ? { ...finding, causes: finding.causes.map(causeObject) }
    : finding;

const causeObject = (cause: Cause) => ({
  kind: cause.kind,
  policies: 'policies' in cause ? cause.policies.map(policyName) : [policyName(cause.policy)],
  direction: 'direction' in cause ? cause.direction : 'egress',
  rule: 'rule' in cause ? cause.rule : null,
  text: printable(causeText(cause)),
});
