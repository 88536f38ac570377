/** Runs with what is rare in a report. */
import type { RunResult } from '../../../src/matrix/index.ts';
import type { Note } from '../../../src/scenario/index.ts';
import { predicted, predictedStepOf, runOf, scenarioOf, seen, stepOf } from './sample-run.ts';

export const missing = runOf(
  scenarioOf([
    stepOf(
      [seen(['a/x', 'a/y', '80/TCP', 'unsupported'])],
      [{ from: 'a/x', to: 'a/y', port: 53, protocol: 'UDP', expectation: 'deny' }],
      { problem: 'It broke.', hint: 'Mend it.' },
    ),
  ]),
);

/** A cell for each family, of which one was to be refused. */
export const dual = runOf(
  scenarioOf([
    stepOf(
      (['IPv4', 'IPv6'] as const).map((family) => seen(['a/x', 'svc:a/y', '80/TCP', 'dropped'], { family })),
      [
        { from: 'a/x', to: 'svc:a/y', port: 80, protocol: 'TCP', family: 'IPv4', expectation: 'drop' },
        { from: 'a/x', to: 'svc:a/y', port: 80, protocol: 'TCP', family: 'IPv6', expectation: 'reject' },
      ],
    ),
  ]),
);

export const repeated = runOf(
  scenarioOf([
    stepOf([seen(['a/x', 'a/y', '80/TCP', 'allowed'])], undefined, {
      agreement: { matrices: 3, agreed: true },
      sampled: { pairs: 9, random: 7, all: 132 },
      late: {
        deadlineMs: 30_000,
        cells: [
          { from: 'a/x', to: 'a/y', port: 80, protocol: 'TCP', family: 'IPv6', direction: 'closed', afterMs: 3_204 },
          { from: 'a/x', to: 'a/y', port: 53, protocol: 'UDP', direction: 'opened', afterMs: null },
        ],
      },
      established: {
        tickMs: 100,
        repeated: 1,
        connections: [
          {
            ...{ from: 'a/x', to: 'a/y', port: 80, protocol: 'TCP', family: 'IPv6', expected: 'stops', withinMs: 900 },
            ...{ isOlder: true, forMs: 2_004, lost: 0, pauseMs: 101.5, errorMs: 113 },
            turns: [
              { atMs: -31.5, state: 'flows' },
              { atMs: 310.5, state: 'silent' },
            ],
            ticks: [
              { atMs: 4.5, bytes: 134, tookMs: 2.5 },
              { atMs: 104.5, bytes: 0, tookMs: null },
            ],
          },
          {
            ...{ from: 'a/x', to: 'a/y', port: 53, protocol: 'UDP', expected: null },
            ...{ forMs: 0, lost: 0, pauseMs: 0, errorMs: 0, turns: [], ticks: [] },
            broken: { kind: 'not-open', why: 'no answer within 8 s' },
          },
        ],
      },
      recording: {
        ...{ tickMs: 15, clockErrorMs: 0.6, requestsMs: 2, watchedMs: 512, deadlineMs: 30_000, withinMs: 20 },
        unwatched: 1,
        lateNodes: ['n2'],
        cells: [
          {
            ...{ from: 'a/x', to: 'a/y', port: 80, protocol: 'TCP', family: 'IPv6', direction: 'closed' },
            ...{ fromNode: 'n1', toNode: 'n2', enforcedMs: 31.5, gapMs: 15.1 },
            ...{ late: 2, samples: 90, lost: 1, broken: 0 },
            turns: [
              { atMs: -61.2, open: true },
              { atMs: 31.5, open: false },
            ],
          },
        ],
      },
      starts: {
        starts: [{ pod: 'a/x', node: 'n2' }],
        ...{ atOnce: 1, repeated: 2, tickMs: 15, clockErrorMs: 0.6, deadlineMs: 30_000, unwatched: 1 },
        ...{ openAtMostMs: 0, closedAtMostMs: 2_000 },
        cells: [
          {
            ...{ start: 0, from: 'a/x', to: 'a/y', port: 80, protocol: 'TCP', family: 'IPv6', direction: 'egress' },
            ...{ window: 'open', peerNode: 'n1', windowMs: 31.5, gapMs: 15.1, sinceMs: 0.4, wrong: 2, blindMs: 15.1 },
            ...{ samples: 90, lost: 1, broken: 0 },
          },
          {
            ...{ start: 0, from: 'a/y', to: 'a/x', port: 80, protocol: 'TCP', direction: 'ingress' },
            ...{
              window: 'closed',
              peerNode: 'n1',
              windowMs: null,
              gapMs: null,
              sinceMs: null,
              wrong: 0,
              blindMs: 15.1,
            },
            ...{ samples: 0, lost: 0, broken: 9 },
          },
        ],
      },
    }),
  ]),
);

export const at = { file: 'p.yaml', line: 3, column: 5 };
export const notes: readonly Note[] = [
  { kind: 'not-read', ...at, objects: [{ kind: 'Service', count: 2 }] },
  { kind: 'not-judged', ...at, apiVersion: 'x.io/v1', objectKind: 'NetworkPolicy', name: 'a/b', vendor: null },
  { kind: 'left-out', ...at, fields: ['metadata.uid'] },
  { kind: 'repeated', ...at, name: 'a/b', first: 'o.yaml:1' },
  { kind: 'repeated-key', ...at, key: 'cidr' },
  { kind: 'repeated-objects', ...at, objects: [{ kind: 'Service', count: 2 }] },
  { kind: 'replaced', ...at, objectKind: 'Service', name: 'a/b', first: 'o.yaml:1' },
  { kind: 'renamed', ...at, objectKind: 'CronJob', name: 'a/b', endpoint: 'a/b-cronjob' },
  { kind: 'not-tested', ...at, objectKind: 'Service', name: 'a/b', reason: 'no-pod' },
  { kind: 'not-tested', ...at, objectKind: 'Service', name: 'a/b', reason: 'privileged', port: '80/TCP' },
];

export const modelled: RunResult = {
  ...runOf(
    scenarioOf([predictedStepOf([predicted(['a/x', 'a/y', '80/TCP', 'unknown'])], null)], {
      warnings: [
        { rule: 'some-rule', file: 'p.yaml', line: 3, column: 5, message: 'It selects no pod.', hint: 'Mend it.' },
        { rule: 'some-rule', file: 'p.yaml', line: 4, column: 5, message: 'Nor does this.' },
      ],
      notes,
    }),
  ),
  predicted: true,
};
