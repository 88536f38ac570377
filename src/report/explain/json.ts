import type {
  Advice,
  Explanation,
  IsolatingPolicy,
  Lookup,
  NetworkPolicy,
  NotApplied,
  Path,
  Place,
  ProbeExplanation,
  RuleAnswer,
  Side,
  TriedChange,
} from '../../model/index.ts';
import { jsonText } from '../json-text.ts';
import { changeText, reachText } from './advice.ts';
import { notAppliedIn, notAppliedReason } from './not-applied.ts';
import { factText, peerReasonText, portsText } from './reason.ts';
import { peerText, policyName, policyPortText } from './selector.ts';
import { peerKindOf } from './side.ts';

/** The name of the contract, which changes if a reader of the old one would break. */
const SCHEMA = 'podreach/explain/v1';

/** What the explanation is about. */
export interface ExplainedStep {
  readonly scenario: string;
  readonly file: string;
  readonly step: string;
}

/**
 * The explanation for machines. `decision` is that of what was asked; `to`, `port`, `declared` and `sides` are those of
 * the connection that policies see, which behind a Service leads to the backend that decides. `why` and `text` are
 * words for people; file, line and column are left out if not known.
 */
export const explanationJson = (about: ExplainedStep, explained: ProbeExplanation, advice: Advice): string => {
  const { asked, decision, leftOpen, backendsDiffer, backends, lookup, connections } = explained;
  const { changes, together, allowAll } = advice;
  const connection = connections.find((one) => one.decision === decision) ?? connections[0];
  // Behind a Service without backends there is no connection to explain.
  const { from, to, port, protocol, declared } = connection ?? { ...asked, declared: true };
  return jsonText({
    schema: SCHEMA,
    ...about,
    asked: { to: asked.to, port: asked.port },
    ...{ leftOpen, from, to, port, protocol, decision, declared },
    sides: connection ? sideObjects(connection) : [],
    ...{ backendsDiffer, backends, lookup: lookup && lookupObject(lookup) },
    notApplied: notAppliedIn(explained).map(notAppliedObject),
    advice: { changes: changes.map(changeObject), together: together.map(changeObject), allowAll },
  });
};

const lookupObject = ({ decision, explanations }: Lookup) => ({
  decision,
  servers: explanations.map((one) => ({
    ...{ to: one.to, port: one.port, protocol: one.protocol, decision: one.decision },
    sides: sideObjects(one),
  })),
});

const sideObjects = (explanation: Explanation) =>
  explanation.sides.map((side) => {
    const { direction, endpoint, decision, policies, hangsOn } = side;
    return {
      ...{ direction, endpoint, decision, hangsOn },
      policies: policies.map((isolating) => policyObject(isolating, side, explanation)),
    };
  });

const policyObject = ({ policy, selectedBy, rules }: IsolatingPolicy, side: Side, explanation: Explanation) => ({
  policy: policyName(policy),
  ...placeOf(policy, []),
  selectedBy: selectedBy.map(factText),
  rules: rules.map((rule) => ruleObject(rule, policy, side, explanation)),
});

const ruleObject = (
  { rule, number, answer, peers, ports }: RuleAnswer,
  policy: NetworkPolicy,
  side: Side,
  explanation: Explanation,
) => ({
  number,
  ...placeOf(policy, rule.path),
  answer,
  peers:
    peers?.map((one) => ({
      peer: peerText(one.peer, policy.namespace),
      ...placeOf(policy, one.peer.path),
      answer: one.answer,
      reason: one.reason?.kind ?? null,
      why: one.reason ? peerReasonText(one, policy.namespace, peerKindOf(side, explanation)) : null,
    })) ?? null,
  ports:
    ports?.map((one) => ({
      port: policyPortText(one.port),
      ...placeOf(policy, one.port.path),
      answer: one.reason ? 'no' : 'yes',
      reason: one.reason?.kind ?? null,
      why: one.reason ? portsText([one], explanation) : null,
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
  alsoFor: tried.reach.map(reachText),
});

const placeOf = (policy: NetworkPolicy, path: Path): Partial<Place> => policy.placeOf?.(path) ?? {};
