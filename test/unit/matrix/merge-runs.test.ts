import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { mergeRuns, type RunResult } from '../../../src/matrix/index.ts';
import { predicted, predictedStepOf, runOf, scenarioOf, seen, stepOf } from '../report/sample-run.ts';

const cellSeen = (verdict: 'allowed' | 'dropped', more = {}) => stepOf([seen(['a/x', 'a/y', '80/TCP', verdict], more)]);
const named = (name: string, step = cellSeen('allowed')) => scenarioOf([step], { name, file: `${name}/scenario.yaml` });
const merge = (...results: readonly RunResult[]) =>
  mergeRuns(results.map((result, at) => ({ file: `${'abc'[at]}.json`, result })));

describe('mergeRuns', () => {
  it('has the scenarios of all, in the order of the reports', () => {
    const merged = merge(runOf(named('one'), named('three')), runOf(), runOf(named('two')));
    expect(merged).to.deep.equal(runOf(named('one'), named('three'), named('two')));
  });

  it('adds up what each part took, and takes the longest total, because shards run side by side', () => {
    const took = (clusterMs: number, totalMs: number) => ({ ...runOf(), timings: { clusterMs, totalMs } });
    expect(merge(took(10, 50), took(20, 40)).timings).to.deep.equal({ clusterMs: 30, totalMs: 50 });
  });

  it('says what broke a part, and in which report', () => {
    const broken = { ...runOf(named('one')), problem: 'It broke.', hint: 'Mend it.' };
    expect(merge(broken, runOf(named('two')))).to.include({ problem: 'a.json: It broke.', hint: 'Mend it.' });
  });

  it('takes a scenario that two reports have alike once, whatever it took', () => {
    const later = named('one', cellSeen('allowed', { detail: 'after 9 ms', attempts: 2 }));
    expect(merge(runOf(named('one')), runOf({ ...later, timings: { deployMs: 9 } }))).to.deep.equal(
      runOf(named('one')),
    );
    const namesake = { ...named('one'), file: 'other/scenario.yaml' };
    expect(merge(runOf(named('one')), runOf(namesake)).scenarios).to.have.length(2);
  });

  it('refuses a scenario that two reports have with different results', () => {
    expect(() => merge(runOf(named('one')), runOf(named('one', cellSeen('dropped'))))).to.throw(
      PodreachError,
      '"one" (one/scenario.yaml) has one result in a.json and another in b.json',
    );
  });

  it('refuses to go without a shard, or with those of another run', () => {
    const shard = (index: number, count: number) => ({ ...runOf(named(`s${index}`)), shard: { index, count } });
    expect(merge(shard(2, 2), shard(1, 2))).to.deep.equal(runOf(named('s2'), named('s1')));
    expect(() => merge(shard(1, 4), shard(3, 4))).to.throw('the report of shards 2/4, 4/4 is missing');
    expect(() => merge(shard(1, 2), runOf(named('x')))).to.throw('the report of shard 2/2 is missing');
    expect(() => merge(shard(1, 2), shard(2, 3))).to.throw('a.json is shard 1 of 2 and b.json is shard 2 of 3');
    expect(() => merge(shard(1, 1e9))).to.throw(/shards 2\/1000000000, .* more is missing/);
  });

  it('does not mix what was predicted with what was seen', () => {
    const model: RunResult = {
      ...runOf(named('one', predictedStepOf([predicted(['a/x', 'a/y', '80/TCP', 'allow'])], null))),
      predicted: true,
    };
    expect(merge(model, { ...runOf(), predicted: true }).predicted).to.equal(true);
    expect(() => merge(model, runOf(named('two')))).to.throw('a.json was predicted, but b.json was run');
  });
});
