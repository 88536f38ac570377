/** From what is known about a connection to what is wrong with it: pure, and the only place that decides. */
import { type Explanation, explainProbe, type Model, type ProbeExplanation, type Warning } from '../model/index.ts';
import type { Verdict } from '../probe/index.ts';
import { blockingCauses, type Found, openCauses } from './causes.ts';
import { destinationFinding } from './destination-finding.ts';
import { type Facts, isKnown, type Observed } from './facts.ts';
import type { Finding } from './finding.ts';
import { closingRemedies, openingRemedies } from './remedies.ts';
import type { Remedy } from './remedy.ts';
import type { Sight } from './sight.ts';
import { type Modelled, modelled } from './situation.ts';
import { warningsOf } from './warnings.ts';

export interface Diagnosis {
  readonly facts: Facts;
  readonly observed: Observed;
  /** What the policies say; null if they are not known, or if there is nothing behind a Service to connect to. */
  readonly explanation: ProbeExplanation | null;
  /** What looks like a mistake in the policies of the two namespaces, whether or not it matters here. */
  readonly warnings: readonly Warning[];
  readonly finding: Finding;
  readonly remedies: readonly Remedy[];
}

export const diagnosisOf = (facts: Facts, observed: Observed): Diagnosis => {
  const known = modelled(facts);
  const explanation = known && isAskable(facts, known.model) ? explainProbe(known.model, facts.asked) : null;
  const base = { facts, observed, explanation, warnings: known ? warningsOf(facts, known.model) : [] };
  const there = destinationFinding(facts, observed);
  if (there) return { ...base, finding: there, remedies: [] };
  const seen = verdictOf(observed);
  if ('missing' in seen) return { ...base, finding: { kind: 'unseen', detail: seen.missing }, remedies: [] };
  if (observed.policies === 'changed') return { ...base, finding: { kind: 'changed' }, remedies: [] };
  if (!known || !explanation) return { ...base, finding: withoutPolicies(facts, seen.value), remedies: [] };
  return { ...base, ...judged(facts, observed, seen.value, known, explanation) };
};

/** What was seen of the whole: the lookup comes first. */
const verdictOf = ({ path, lookup }: Observed): { readonly value: Verdict } | { readonly missing: string } => {
  for (const one of lookup ? [lookup, path] : [path]) {
    if (!isKnown(one)) return one;
    const { verdict, detail, flaky } = one.value;
    if (flaky) return { missing: `it changed between attempts: ${detail}` };
    if (verdict === 'error' || verdict === 'unsupported') return { missing: detail };
    if (verdict !== 'allowed') return { value: verdict };
  }
  return { value: 'allowed' };
};

/** A Service without the port, or without pods, is no connection that policies could decide about. */
const isAskable = ({ asked, target }: Facts, model: Model): boolean =>
  target.kind === 'service' ? target.port !== null : model.endpoints.has(asked.to);

const withoutPolicies = ({ question, policies }: Facts, observed: Verdict): Finding => {
  const isMet = (observed === 'allowed') === (question.want === 'allow');
  if (isMet) return { kind: 'as-wanted', observed, decision: null };
  return {
    kind: 'not-explained',
    observed,
    missing: isKnown(policies) ? 'the model knows no such end' : policies.missing,
  };
};

type Judged = Pick<Diagnosis, 'finding' | 'remedies'>;

const judged = (
  facts: Facts,
  observed: Observed,
  seen: Verdict,
  known: Modelled,
  explanation: ProbeExplanation,
): Judged => {
  const { decision, backendsDiffer } = explanation;
  const isOpen = seen === 'allowed';
  const { want } = facts.question;
  const allowAll = isKnown(observed.allowAll) ? observed.allowAll.value.verdict : null;
  if (decision === 'unknown' && !backendsDiffer)
    return { finding: { kind: 'undefined', observed: seen }, remedies: [] };
  if (decision !== 'unknown' && isOpen !== (decision === 'allow')) {
    // Nothing may be said against the CNI before it is certain that the policies are still there.
    if (observed.policies !== 'unchanged') return { finding: { kind: 'changed' }, remedies: [] };
    return { finding: { kind: 'disagree', decision, observed: seen, allowAll }, remedies: [] };
  }
  if (isOpen === (want === 'allow') && !backendsDiffer)
    return { finding: { kind: 'as-wanted', observed: seen, decision }, remedies: [] };
  const sight = sightOf(facts, known, explanation);
  if (!sight) return { finding: { kind: 'not-explained', observed: seen, missing: 'it has no backend' }, remedies: [] };
  if (want === 'deny') {
    const found = openCauses(sight);
    return { finding: { kind: 'open', causes: causesOf(found) }, remedies: closingRemedies(sight, facts.asked, found) };
  }
  const found = blockingCauses(sight, explanation);
  return {
    finding: { kind: 'blocked', causes: causesOf(found), observed: seen, allowAll },
    remedies: openingRemedies(sight, known, facts.asked, found),
  };
};

/** The namespaces whose pods were read, of which some may have none. */
const readNamespaces = ({ pods, elsewhere }: Facts): ReadonlySet<string> =>
  new Set([...pods, ...(isKnown(elsewhere) ? elsewhere.value : [])].map(({ namespace }) => namespace));

const causesOf = (found: readonly Found[]) => found.map(({ cause }) => cause);

/** The connection that tells most: denied ones come first, and for a wish to deny those that are allowed. */
const sightOf = (facts: Facts, { model, manifests }: Modelled, { connections }: ProbeExplanation): Sight | null => {
  const { question, policies, services } = facts;
  const wanted: Explanation['decision'] = question.want === 'allow' ? 'deny' : 'allow';
  const connection = connections.find(({ decision }) => decision === wanted) ?? connections[0];
  if (!connection || !isKnown(policies)) return null;
  return {
    ...{ model, connection, manifests },
    services: isKnown(services) ? services.value : [],
    namespaces: readNamespaces(facts),
    namespaceLabels: policies.value.labels,
  };
};
