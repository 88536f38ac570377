import type { Advice, Decision, Explanation, NotApplied, Probe, ProbeExplanation, Side } from '../../model/index.ts';
import type { Verdict } from '../../probe/index.ts';
import { bounded, printable } from '../../text.ts';
import { type Colours, coloursOf } from '../colours.ts';
import { adviceSections, allowAllText, bestAdvice } from './advice.ts';
import { notAppliedIn, notAppliedText } from './not-applied.ts';
import { routeText } from './route.ts';
import { sideDetails, sideHeading, sideSummary } from './side.ts';

const NOT_APPLIED_AT_MOST = 5;

/** Why a policy does not apply, if that is likely to be the mistake behind a decision. */
const MEANT: Readonly<Record<Decision, readonly NotApplied['reason']['kind'][]>> = {
  allow: ['idle', 'nothing', 'namespace', 'direction'],
  deny: ['idle', 'nothing', 'namespace'],
  unknown: [],
};

export interface ExplanationOptions {
  /** Plain by default. */
  readonly colours?: Colours;
  /** What a live probe of the connection saw. */
  readonly observed?: Verdict;
}

/**
 * Why a probe is allowed or blocked, for people: what it becomes behind a Service, the two sides of each connection,
 * the policies that don't apply, and what would open it. The heading holds the model's decision. Every line is
 * printable. `advice` null: nothing is said about changes.
 */
export const explanationLines = (
  explained: ProbeExplanation,
  advice: Advice | null,
  { colours = coloursOf(false), observed }: ExplanationOptions = {},
): string[] => {
  const { asked, decision, connections, lookup, backends } = explained;
  const lookups = lookup?.explanations ?? [];
  const sections = [
    [colours.bold(headingOf(asked, decision, colours)), ...(observed ? [seenText(decision, observed)] : [])],
    routeText(explained),
    asked.from === asked.to ? ['a pod always reaches itself: no policy blocks that'] : [],
    ...lookups.map((one) => [
      `To look the name up, ${headingOf(one, one.decision, colours)}`,
      ...sideLines(one, colours),
    ]),
    ...connections.flatMap((one) => [
      undeclaredLines(one),
      [...(backends ? [headingOf(one, one.decision, colours)] : []), ...sideLines(one, colours)],
    ]),
    notAppliedLines(notAppliedIn(explained)),
    ...(advice
      ? [...adviceSections(advice), advice.allowAll.map(allowAllText)].map((lines) => lines.map(printable))
      : []),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
};

/** The same in a few lines, as shown below a mismatch: what decides, what comes nearest, and one change. */
export const explanationSummary = (explained: ProbeExplanation, advice: Advice | null): string[] => {
  const { decision } = explained;
  const best = advice && bestAdvice(advice);
  const meant = notAppliedIn(explained).find(({ reason }) => MEANT[decision].includes(reason.kind));
  return [
    ...routeText(explained),
    ...tellingLines(explained).map(printable),
    ...(meant ? [printable(`not applied: ${notAppliedText(meant)}`)] : []),
    ...(best ? [printable(`to open it: ${best}`)] : []),
  ];
};

/** Of the connections that make up a probe, the first that stands for the whole. */
const tellingLines = ({ decision, lookup, connections }: ProbeExplanation): readonly string[] => {
  const all = [...(decision === 'allow' ? [] : (lookup?.explanations ?? [])), ...connections];
  const telling = all.find((one) => one.decision === decision) ?? all[0];
  if (!telling) return [];
  const sides = telling.sides.filter((side) => telling.decision === 'allow' || side.decision === telling.decision);
  return sides.flatMap((side) =>
    telling.decision === 'allow' ? [sideHeading(side, telling)] : sideSummary(side, telling),
  );
};

const headingOf = ({ from, to, port, protocol }: Probe, decision: Decision, colours: Colours): string =>
  `${printable(`${from} -> ${to} ${port}/${protocol}`)}: ${paint(decision, decision, colours)}`;

const undeclaredLines = ({ to, port, protocol, declared, kinds }: Explanation): readonly string[] =>
  declared || kinds.to !== 'pod'
    ? []
    : [printable(`${to} declares no port ${port}/${protocol}: does anything listen there?`)];

const sideLines = (explanation: Explanation, colours: Colours): readonly string[] =>
  explanation.sides.flatMap((side) => [
    sideLine(side, explanation, colours),
    ...(side.decision === 'allow' ? [] : sideDetails(side, explanation).map((line) => indent(printable(line)))),
  ]);

const sideLine = (side: Side, explanation: Explanation, colours: Colours): string => {
  const text = printable(sideHeading(side, explanation));
  return side.decision === 'allow' ? text : paint(text, side.decision, colours);
};

const notAppliedLines = (notApplied: readonly NotApplied[]): readonly string[] => {
  if (notApplied.length === 0) return [];
  const lines = bounded(notApplied, NOT_APPLIED_AT_MOST, (one) => [printable(notAppliedText(one))]);
  return ['Not applied here:', ...lines.map(indent)];
};

/** What the CNI did, compared with what the specification says. */
const seenText = (decision: Decision, observed: Verdict): string => {
  if (observed === 'error') return 'seen: the probe broke, so it is not known what the CNI does';
  if (observed === 'unsupported') return "seen: this host can't open such a connection, so it was not tried";
  if (decision === 'unknown')
    return `seen: ${observed}; the specification leaves it undefined, or the model lacks an address`;
  const agrees = (observed === 'allowed') === (decision === 'allow');
  if (agrees) return `seen: ${observed}, as the specification says`;
  return `seen: ${observed}; the specification says ${decision}: the CNI and the specification disagree`;
};

const paint = (text: string, decision: Decision, colours: Colours): string =>
  ({ allow: colours.green, deny: colours.red, unknown: colours.yellow })[decision](text);

const indent = (line: string): string => `  ${line}`;
