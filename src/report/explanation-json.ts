import type {
  Advice,
  Explanation,
  IsolatingPolicy,
  NetworkPolicy,
  NotApplied,
  Path,
  Place,
  RuleAnswer,
  Side,
  TriedChange,
} from '../model/index.ts';
import { changeText } from './advice-text.ts';
import { jsonText } from './json-text.ts';
import { notAppliedReason } from './not-applied-text.ts';
import { factText, peerReasonText, portsText } from './reason-text.ts';
import { peerText, policyName, policyPortText } from './selector-text.ts';

/** The name of the contract: it changes when a reader of the old one would break. */
const SCHEMA = 'podreach/explain/v1';

/** What the explanation is about. */
export interface ExplainedStep {
  readonly scenario: string;
  readonly file: string;
  readonly step: string;
  /** The destination and port that were asked for; those of the explanation are what policies see, behind a Service. */
  readonly asked: { readonly to: string; readonly port: number };
  /** The specification leaves open what policies do to it, whatever is decided below. */
  readonly leftOpen: boolean;
}

/** The explanation for machines. `why` and `text` are words for people; file, line and column are left out if not known. */
export const explanationJson = (about: ExplainedStep, explanation: Explanation, advice: Advice): string => {
  const { from, to, port, protocol, decision, declared, sides, notApplied } = explanation;
  const { changes, together, allowAll } = advice;
  return jsonText({
    schema: SCHEMA,
    ...about,
    ...{ from, to, port, protocol, decision, declared },
    sides: sides.map((side) => sideObject(side, explanation)),
    notApplied: notApplied.map(notAppliedObject),
    advice: { changes: changes.map(changeObject), together: together.map(changeObject), allowAll },
  });
};

const sideObject = ({ direction, endpoint, decision, policies, hangsOn }: Side, explanation: Explanation) => ({
  ...{ direction, endpoint, decision, hangsOn },
  policies: policies.map((isolating) => policyObject(isolating, explanation)),
});

const policyObject = ({ policy, selectedBy, rules }: IsolatingPolicy, explanation: Explanation) => ({
  policy: policyName(policy),
  ...placeOf(policy, []),
  selectedBy: selectedBy.map(factText),
  rules: rules.map((rule) => ruleObject(rule, policy, explanation)),
});

const ruleObject = ({ rule, number, answer, peers, ports }: RuleAnswer, policy: NetworkPolicy, probe: Explanation) => ({
  number,
  ...placeOf(policy, rule.path),
  answer,
  peers:
    peers?.map((one) => ({
      peer: peerText(one.peer, policy.namespace),
      ...placeOf(policy, one.peer.path),
      answer: one.answer,
      reason: one.reason?.kind ?? null,
      why: one.reason ? peerReasonText(one, policy.namespace) : null,
    })) ?? null,
  ports:
    ports?.map((one) => ({
      port: policyPortText(one.port),
      ...placeOf(policy, one.port.path),
      answer: one.reason ? 'no' : 'yes',
      reason: one.reason?.kind ?? null,
      why: one.reason ? portsText([one], probe) : null,
    })) ?? null,
});

const notAppliedObject = (one: NotApplied) => ({
  policy: policyName(one.policy),
  ...placeOf(one.policy, []),
  direction: one.direction,
  endpoint: one.endpoint,
  reason: one.reason.kind,
  why: notAppliedReason(one),
});

const changeObject = (tried: TriedChange) => ({
  kind: tried.change.kind,
  text: changeText(tried),
  opens: tried.opens,
  closes: tried.closes,
});

const placeOf = (policy: NetworkPolicy, path: Path): Partial<Place> => policy.placeOf?.(path) ?? {};
