import type { Finding, Mismatch, Size } from '../../minimize/index.ts';
import { type Probe, portText } from '../../scenario/index.ts';
import { plural } from '../../text.ts';

/** `dev/client -> prod/web 80/TCP` */
export const cellText = ({ from, to, port, protocol, family }: Probe): string =>
  `${from} -> ${to} ${portText({ number: port, protocol })}${family === undefined ? '' : ` over ${family}`}`;

const DECIDED = {
  allow: 'the specification allows it',
  deny: 'the specification denies it',
  unknown: "the specification can't decide it",
} as const;

/** The finding in one sentence, without its end. */
export const findingText = (mismatch: Mismatch, { policies }: Size): string => {
  const cell = cellText(mismatch.cell);
  if (mismatch.kind === 'cni') {
    const why = policies === 0 ? `no policy applies to it` : DECIDED[mismatch.decision];
    return `${cell} is ${mismatch.observed}, although ${why}`;
  }
  const { expected, decision } = mismatch;
  const decided =
    decision === 'unknown' ? `Policies leave open whether ${cell} is allowed` : `Policies ${decision} ${cell}`;
  return expected === null ? decided : `${decided}, although ${expected} is expected`;
};

/** `2 policies with 3 rules, 2 namespaces, 3 pods` */
export const sizeText = ({ policies, rules, namespaces, pods }: Size): string =>
  [
    `${plural(policies, 'policy', 'policies')}${policies > 0 ? ` with ${plural(rules, 'rule')}` : ''}`,
    plural(namespaces, 'namespace'),
    plural(pods, 'pod'),
  ].join(', ');

/** What makes the result less than it should be. */
export const doubtsOf = ({ isMinimal, mismatch, tries, unsure, confirmed }: Finding): readonly string[] => [
  ...(isMinimal
    ? []
    : [
        `it may still get smaller: ${plural(tries, 'try was', 'tries were')} used up, which is the limit; ${mismatch.kind === 'cni' ? 'the same command with a higher --tries goes on' : 'give a higher --tries and a new --output'}`,
      ]),
  ...(unsure > 0
    ? [
        `the mismatch is flaky: ${plural(unsure, 'try', 'tries')} gave no clear answer, and what they tried to remove stayed`,
      ]
    : []),
  ...(confirmed && confirmed.shown < confirmed.times
    ? [`the mismatch comes and goes: the result showed it ${confirmed.shown} of ${confirmed.times} times`]
    : []),
];
