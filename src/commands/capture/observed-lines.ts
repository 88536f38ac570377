import { bounded, plural } from '../../text.ts';
import type { Observed, Unseen } from './observe.ts';

const NAMED = 10;

const REASONS: Readonly<Record<Unseen, string>> = {
  service: 'Services were not probed',
  apart: 'no two pods that were probed are to each other what these are',
  broken: 'the probe broke, or its answer says nothing',
  flaky: 'the verdict changed between attempts',
  'not-probed': 'the pod does not declare that port, or was not there any more',
};

/** What is expected of the scenario by what was seen, and what the specification would not have said. */
export const observedLines = ({ matrix, unseen, otherwise }: Observed): readonly string[] => {
  const seen = matrix.filter(({ expectation }) => expectation !== null).length;
  return [
    `its grid expects what was seen: ${plural(seen, 'cell')}`,
    ...[...unseen].map(([reason, count]) => `  nothing is expected of ${count}, because ${REASONS[reason]}`),
    ...(otherwise.length > 0
      ? [
          `it differs from the specification in ${plural(otherwise.length, 'cell')}:`,
          ...bounded(otherwise, NAMED, ({ from, to, port, protocol, expectation }) => [
            `  ${from} -> ${to} ${port}/${protocol}: ${expectation === 'allow' ? 'open, should be blocked' : 'blocked, should be open'}`,
          ]),
        ]
      : []),
  ];
};
