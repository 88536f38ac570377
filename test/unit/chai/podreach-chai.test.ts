import { expect, use } from 'chai';
import podreachChai from '../../../src/chai/index.ts';
import { judge, predict, predictStep, type StepResult, statusOf } from '../../../src/matrix/index.ts';
import type { Observation, Verdict } from '../../../src/probe/index.ts';
import type { RecordedCell } from '../../../src/record/index.ts';
import type { Probe } from '../../../src/scenario/index.ts';
import { scenarioOf } from '../run/fake-stage.ts';

use(podreachChai);

/** `prod/client` and `prod/web`, which nothing reaches. */
const [step] = scenarioOf('a', [{ deny: true }]).steps;

const probe: Probe = { from: 'prod/client', to: 'prod/web', port: 80, protocol: 'TCP' };

/** What was seen of one connection, which is expected to be blocked. */
const seen = (verdict: Verdict, changes: Partial<Observation> = {}): StepResult => {
  const observation: Observation = { ...probe, verdict, attempts: 1, flaky: false, detail: '', ...changes };
  const cells = judge([{ ...probe, ...changes, expectation: 'deny' }], [observation]);
  return { name: 'live', status: statusOf(cells), timings: {}, cells };
};

const failure = (assertion: () => unknown): Error => {
  try {
    assertion();
  } catch (error) {
    expect(['AssertionError', 'PodreachError']).to.include((error as Error).name);
    return error as Error;
  }
  return expect.fail('it did not fail');
};

describe('podreach/chai', () => {
  const matrices: Readonly<Record<string, [blocked: unknown, open: unknown]>> = {
    'what was seen': [seen('dropped'), seen('allowed')],
    'a step that was predicted': [predictStep(step), predictStep({ ...step, policies: [] })],
    predictions: [predict(step), predict({ ...step, policies: [] })],
  };
  for (const [what, [blocked, open]] of Object.entries(matrices))
    it(`knows from ${what} what is allowed and what is denied`, () => {
      expect(open).to.allow('prod/client', 'prod/web', 80).and.not.to.deny('prod/client', 'prod/web', '80/tcp');
      expect(blocked).to.deny('prod/client', 'prod/web', '80').and.not.to.allow('prod/client', 'prod/web', '80/TCP');
      failure(() => expect(open).to.deny('prod/client', 'prod/web', 80));
      failure(() => expect(open).not.to.allow('prod/client', 'prod/web', 80));
      failure(() => expect(blocked).to.allow('prod/client', 'prod/web', 80));
      failure(() => expect(blocked).not.to.deny('prod/client', 'prod/web', 80));
    });

  it('shows the matrix and why, whatever the scenario expects', () => {
    const { message } = failure(() => expect(predictStep(step)).to.allow('prod/client', 'prod/web', 80));
    expect(message)
      .to.match(/^expected prod\/client -> prod\/web 80\/TCP to be allowed$/m)
      .and.to.match(/^prod\/client +\[X≠\.\]$/m)
      .and.to.contain('prod/client -> prod/web 80/TCP: expected allow, predicted deny')
      .and.to.contain('policies/deny-a.yaml:1');
  });

  for (const [what, unknown] of [
    ['an error', seen('error', { detail: 'no shell' })],
    ['a flaky cell', seen('dropped', { flaky: true })],
    ['an unsupported cell', seen('unsupported')],
  ] as const)
    it(`passes neither way on ${what}`, () => {
      for (const assertion of [
        () => expect(unknown).to.allow('prod/client', 'prod/web', 80),
        () => expect(unknown).not.to.allow('prod/client', 'prod/web', 80),
        () => expect(unknown).to.deny('prod/client', 'prod/web', 80),
        () => expect(unknown).not.to.deny('prod/client', 'prod/web', 80),
      ])
        expect(failure(assertion).message).to.contain('which is not known');
    });

  it('passes neither way on IP families that differ, until one is named', () => {
    const cells = [...seen('allowed', { family: 'IPv4' }).cells, ...seen('dropped', { family: 'IPv6' }).cells];
    const dual: StepResult = { name: 'dual', status: 'fail', timings: {}, cells };
    for (const assertion of [
      () => expect(dual).to.allow('prod/client', 'prod/web', 80),
      () => expect(dual).not.to.allow('prod/client', 'prod/web', 80),
    ])
      expect(failure(assertion).message).to.contain('the IP families differ');
    expect(dual).to.allow('prod/client', 'prod/web', 80, 'IPv4').and.to.deny('prod/client', 'prod/web', 80, 'IPv6');
  });

  for (const [args, message] of [
    [['prod/clint', 'prod/web', '80'], 'no source "prod/clint"; the nearest valid source is "prod/client"'],
    [['prod/client', 'prod/wbe', '80'], 'no destination "prod/wbe"; the nearest valid destination is "prod/web"'],
    [['prod/client', 'prod/web', '81'], 'no port of prod/web "81"; the nearest valid port of prod/web is "80/TCP"'],
    [['prod/client', 'prod/web', '80/UDP'], 'no port of prod/web "80/UDP"'],
  ] satisfies [[string, string, string], string][])
    it(`refuses ${args.join(' ')}, with and without not`, () => {
      const matrix = seen('dropped');
      for (const assertion of [() => expect(matrix).to.deny(...args), () => expect(matrix).not.to.deny(...args)]) {
        const { name, message: told } = failure(assertion);
        expect(told).to.contain(message);
        expect(name).to.equal('PodreachError');
      }
    });

  it('refuses what is no matrix', () => {
    expect(failure(() => expect(Promise.resolve()).to.allow('a', 'b', 80)).message).to.contain('needs the matrix');
    expect(failure(() => expect(undefined).to.matchExpectation()).message).to.contain('was given nothing');
  });

  it('knows whether a step matches its expectation', () => {
    expect(seen('dropped')).to.matchExpectation();
    expect(seen('allowed')).not.to.matchExpectation();
    expect(failure(() => expect(seen('allowed')).to.matchExpectation()).message).to.contain(
      'prod/client -> prod/web 80/TCP: expected deny, seen allowed',
    );
    failure(() => expect(seen('dropped')).not.to.matchExpectation());
    for (const unproven of [seen('error'), predictStep({ ...step, expected: 'model' })]) {
      failure(() => expect(unproven).to.matchExpectation());
      failure(() => expect(unproven).not.to.matchExpectation());
    }
  });

  describe('enforceWithin', () => {
    /** A cell that closed after this time; null: it did not. */
    const closed = (enforcedMs: number | null, changes: Partial<RecordedCell> = {}): RecordedCell => ({
      ...{ ...probe, direction: 'closed', fromNode: 'a', toNode: 'b', enforcedMs, gapMs: 1, late: 0 },
      ...{ samples: 10, lost: 0, broken: 0 },
      turns: [{ atMs: -5, open: true }, ...(enforcedMs === null ? [] : [{ atMs: enforcedMs, open: false }])],
      ...changes,
    });
    const recorded = (...cells: readonly RecordedCell[]): StepResult => ({
      ...seen('dropped'),
      recording: {
        tickMs: 5,
        clockErrorMs: 1,
        requestsMs: 1,
        watchedMs: 3_000,
        deadlineMs: 30_000,
        cells,
        unwatched: 0,
      },
    });

    it('passes if every changed cell was enforced in time, in both notations', () => {
      expect(recorded(closed(400), closed(499)))
        .to.enforceWithin('500ms')
        .and.to.enforceWithin(499);
      expect(recorded(closed(400), closed(502))).not.to.enforceWithin(500);
      failure(() => expect(recorded(closed(400))).not.to.enforceWithin(500));
      failure(() => expect(recorded(closed(null))).to.enforceWithin('10s'));
    });

    it('says which cell was late', () => {
      const { message } = failure(() => expect(recorded(closed(400), closed(2_500))).to.enforceWithin('2s'));
      expect(message).to.contain('expected every change to be enforced within 2.0 s').and.to.contain('2.5 s');
    });

    it('passes neither way on a cell that could not be timed', () => {
      const unseen = closed(null, { samples: 0, turns: [] });
      const unclear = closed(1_300, { gapMs: 1_200 });
      for (const assertion of [unseen, unclear]
        .map((cell) => recorded(closed(400), cell))
        .flatMap((step) => [() => expect(step).to.enforceWithin(500), () => expect(step).not.to.enforceWithin(500)]))
        expect(failure(assertion).message).to.contain('which is not known');
    });

    it('refuses a step that was not recorded, or changes nothing, and what is no time', () => {
      const steady = recorded(closed(null, { direction: 'steady' }));
      for (const [matrix, limit, message] of [
        [seen('dropped'), '2s', 'not recorded'],
        [steady, '2s', 'changes no cell'],
        [recorded(closed(1)), 'soon', 'is not a time'],
      ] as const)
        for (const assertion of [
          () => expect(matrix).to.enforceWithin(limit),
          () => expect(matrix).not.to.enforceWithin(limit),
        ])
          expect(failure(assertion).message).to.contain(message);
    });
  });
});
