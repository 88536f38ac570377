import type { Advice, Decision, Explanation, NotApplied, Side } from '../model/index.ts';
import type { Verdict } from '../probe/index.ts';
import { adviceSections, allowAllText, bestAdvice } from './advice-text.ts';
import { type Colours, coloursOf } from './colours.ts';
import { notAppliedText } from './not-applied-text.ts';
import { printable } from './printable.ts';
import { sideDetails, sideHeading, sideSummary } from './side-text.ts';

const NOT_APPLIED_AT_MOST = 5;

/** Why a policy does not apply, where that is likely to be the mistake behind a decision. */
const MEANT: Readonly<Record<Decision, readonly NotApplied['reason']['kind'][]>> = {
  allow: ['idle', 'nothing', 'namespace', 'direction'],
  deny: ['idle', 'nothing', 'namespace'],
  unknown: [],
};

export interface ExplanationOptions {
  /** Plain where not given. */
  readonly colours?: Colours;
  /** What a live probe of the connection saw. */
  readonly observed?: Verdict;
}

/**
 * Why a connection is let through or not, for people: the two sides, the policies that don't apply, and what would open
 * it. Every line is printable. `advice` null: nothing is said of changes.
 */
export const explanationLines = (
  explanation: Explanation,
  advice: Advice | null,
  { colours = coloursOf(false), observed }: ExplanationOptions = {},
): string[] => {
  const { from, to, port, protocol, decision, declared, sides } = explanation;
  const heading = `${printable(`${from} -> ${to} ${port}/${protocol}`)}: ${paint(decision, decision, colours)}`;
  const sections = [
    [colours.bold(heading), ...(observed ? [seenText(decision, observed)] : [])],
    from === to ? ['a pod always reaches itself: no policy blocks that'] : [],
    declared || /^(host|node):/.test(to)
      ? []
      : [printable(`${to} declares no port ${port}/${protocol}: does anything listen there?`)],
    sides.flatMap((side) => [
      headingOf(side, colours),
      ...(side.decision === 'allow' ? [] : sideDetails(side, explanation).map((line) => indent(printable(line)))),
    ]),
    notAppliedLines(explanation),
    ...(advice
      ? [...adviceSections(advice), advice.allowAll.map(allowAllText)].map((lines) => lines.map(printable))
      : []),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
};

/** The same in at most six lines, as it stands under a mismatch: what decides, what comes nearest, and one change. */
export const explanationSummary = (explanation: Explanation, advice: Advice | null): string[] => {
  const { sides, notApplied, decision } = explanation;
  const deciding = decision === 'allow' ? sides : sides.filter((side) => side.decision === decision);
  const lines = deciding.flatMap((side) =>
    decision === 'allow' ? [sideHeading(side)] : sideSummary(side, explanation),
  );
  const meant = notApplied.find(({ reason }) => MEANT[decision].includes(reason.kind));
  const best = advice && bestAdvice(advice);
  return [
    ...lines.map(printable),
    ...(meant ? [printable(`not applied: ${notAppliedText(meant)}`)] : []),
    ...(best ? [printable(`to open it: ${best}`)] : []),
  ];
};

const headingOf = (side: Side, colours: Colours): string => {
  const text = printable(sideHeading(side));
  return side.decision === 'allow' ? text : paint(text, side.decision, colours);
};

const notAppliedLines = ({ notApplied }: Explanation): string[] => {
  if (notApplied.length === 0) return [];
  const more = notApplied.length - NOT_APPLIED_AT_MOST;
  return [
    'Not applied here:',
    ...notApplied.slice(0, NOT_APPLIED_AT_MOST).map((one) => indent(printable(notAppliedText(one)))),
    ...(more > 0 ? [indent(`… and ${more} more`)] : []),
  ];
};

/** What the CNI did, beside what the specification says. */
const seenText = (decision: Decision, observed: Verdict): string => {
  if (observed === 'error') return 'seen: the probe broke, so nothing is known of what the CNI does';
  if (observed === 'unsupported') return 'seen: this host cannot open such a connection, so it was not tried';
  if (decision === 'unknown')
    return `seen: ${observed}; the specification leaves it open, or the model lacks an address`;
  const agrees = (observed === 'allowed') === (decision === 'allow');
  if (agrees) return `seen: ${observed}, as the specification says`;
  return `seen: ${observed}; the specification says ${decision}: the CNI and the specification disagree`;
};

const paint = (text: string, decision: Decision, colours: Colours): string =>
  ({ allow: colours.green, deny: colours.red, unknown: colours.yellow })[decision](text);

const indent = (line: string): string => `  ${line}`;
