import { expect } from 'chai';
import type { Cell } from '../../../src/probe/cell.ts';
import type { Reading } from '../../../src/probe/classify.ts';
import type { Exec } from '../../../src/probe/round.ts';
import { soundnessOf } from '../../../src/probe/soundness.ts';
import type { Verdict } from '../../../src/probe/verdict.ts';
import { type Probe, probeKey } from '../../../src/scenario/index.ts';
import { probe } from './fake-targets.ts';

const TIMEOUT_MS = 2_000;
const WEB = probe('dev/client', 'prod/web');
const API = probe('dev/client', 'prod/api');
const SERVICE = probe('dev/client', 'svc:prod/all');

const cell = (of: Probe, direct: readonly Probe[] = []): Cell => ({
  probe: of,
  spread: direct.length > 0,
  direct,
  attempts: [],
});
const reading = (verdict: Verdict, elapsedMs = 5, more: Partial<Reading> = {}): Reading => ({
  tool: 'wget',
  verdict,
  detail: `wget: ${verdict}`,
  elapsedMs,
  ...more,
});

/** A round of these cells in one exec, in which these readings were seen. */
const round = (cells: readonly Cell[], ...seen: readonly (readonly [Probe, ...Reading[]])[]) =>
  judged(cells, seen, [{ probes: seen.map(([of]) => of), startMs: 0, endMs: 2_000 }]);

const judged = (cells: readonly Cell[], seen: readonly (readonly [Probe, ...Reading[]])[], execs: readonly Exec[]) => {
  const readings = new Map(seen.map(([of, ...own]) => [probeKey(of), own]));
  const { hurried, soundOf } = soundnessOf(cells, { readings, execs }, TIMEOUT_MS);
  return { hurried, sound: cells.map((one) => soundOf(one).map(({ verdict, detail }) => `${verdict}: ${detail}`)) };
};

describe('soundnessOf', () => {
  it('doubts the silence of those that waited while an answer was late, and of no others', () => {
    const late = [WEB, reading('allowed', 1_500)] as const;
    const silent = [API, reading('dropped', 2_000)] as const;
    const beginning = (startMs: number) =>
      judged(
        [cell(WEB), cell(API)],
        [late, silent],
        [
          { probes: [WEB], startMs: 0, endMs: 1_600 },
          { probes: [API], startMs, endMs: startMs + 2_000 },
        ],
      );
    expect(beginning(1_599).hurried).to.equal(true);
    expect(beginning(1_599).sound[1]?.[0]).to.match(/^error: wget: dropped, but the machine was too busy/);
    expect(beginning(1_600)).to.deep.equal({
      hurried: false,
      sound: [['allowed: wget: allowed'], ['dropped: wget: dropped']],
    });
  });

  it('takes quick answers and silence as they are', () => {
    expect(round([cell(WEB), cell(API)], [WEB, reading('allowed')], [API, reading('dropped', 2_000)])).to.deep.equal({
      hurried: false,
      sound: [['allowed: wget: allowed'], ['dropped: wget: dropped']],
    });
  });

  it('takes no silence for a verdict beside an answer that took more than six tenths of the timeout', () => {
    const beside = (elapsedMs: number) =>
      round(
        [cell(WEB), cell(API)],
        [WEB, reading('allowed', elapsedMs)],
        [API, reading('dropped', 2_000), reading('rejected')],
      );
    expect(beside(1_200).hurried).to.equal(false);
    expect(beside(1_201)).to.deep.equal({
      hurried: true,
      sound: [
        ['allowed: wget: allowed'],
        [
          'error: wget: dropped, but the machine was too busy to be sure (an answer took 1201 ms)',
          'rejected: wget: rejected',
        ],
      ],
    });
  });

  it('is hurried if a tool was starved', () => {
    const starved = reading('error', 4_000, { starved: true });
    expect(round([cell(WEB)], [WEB, starved])).to.deep.equal({ hurried: true, sound: [['error: wget: error']] });
  });

  it('calls it an error that a Service blocks some connections while each of its backends answers directly', () => {
    const mixed = [reading('allowed'), reading('dropped', 2_000)] as const;
    const seen = (api: Verdict) =>
      round([cell(SERVICE, [WEB, API])], [SERVICE, ...mixed], [WEB, reading('allowed')], [API, reading(api)]);
    expect(seen('allowed')).to.deep.equal({
      hurried: true,
      sound: [['allowed: wget: allowed', 'error: wget: dropped, though each backend answers directly']],
    });
    expect(seen('dropped')).to.deep.equal({
      hurried: false,
      sound: [['allowed: wget: allowed', 'dropped: wget: dropped']],
    });
  });

  it('takes for a verdict that a Service blocks all connections, whatever its backends answer directly', () => {
    const blocked = reading('dropped', 2_000);
    const service = cell(SERVICE, [WEB, API]);
    const direct = [WEB, API].map((one) => [one, reading('allowed')] as const);
    expect(round([service], [SERVICE, blocked, blocked], ...direct)).to.deep.equal({
      hurried: false,
      sound: [['dropped: wget: dropped', 'dropped: wget: dropped']],
    });
  });

  it('takes connections that end alike for no verdict if the backends differ, until each was surely reached', () => {
    const service = cell(SERVICE, [WEB, API]);
    const direct = [[WEB, reading('allowed')] as const, [API, reading('dropped', 2_000)] as const];
    for (const verdict of ['allowed', 'dropped'] as const) {
      const alike = [SERVICE, reading(verdict), reading(verdict)] as const;
      expect(round([service], alike, ...direct).hurried).to.equal(true);
      expect(round([service], alike, ...direct).sound.flat()).to.deep.equal(
        Array(2).fill(`error: wget: ${verdict}, though its backends differ`),
      );
      const sure = { ...service, attempts: [[reading('error')]] };
      expect(round([sure], alike, ...direct)).to.deep.equal({
        hurried: false,
        sound: [Array(2).fill(`${verdict}: wget: ${verdict}`)],
      });
    }
  });

  it('takes a late answer for no sign of a busy machine if another backend of the Service was blocked', () => {
    const late = reading('allowed', 1_500);
    const other = [WEB, reading('allowed')] as const;
    const blocked = [API, reading('dropped')] as const;
    const service = { ...cell(SERVICE, [WEB, API]), attempts: [[late]] };
    expect(round([service], [SERVICE, late, reading('dropped', 2_000)], other, blocked).hurried).to.equal(false);
    expect(round([service], [SERVICE, late, reading('allowed')], other, blocked).hurried).to.equal(true);
  });
});
