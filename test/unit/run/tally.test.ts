import { expect } from 'chai';
import type { Doing } from '../../../src/progress.ts';
import { createTally } from '../../../src/run/tally.ts';
import { scenarioOf, topologyOf } from './fake-stage.ts';

/** Two pods, of which one has a port: two cells without families. */
const [one, two] = [scenarioOf('one', [{}, {}], topologyOf()), scenarioOf('two', [{}], topologyOf())];

describe('the tally of a run', () => {
  let nowMs = 0;
  const create = () => {
    const shown: Doing[] = [];
    nowMs = 0;
    const tally = createTally(
      [one, two],
      (doing) => void shown.push(doing),
      () => nowMs,
    );
    return { tally, last: () => shown.at(-1) };
  };

  it('counts the cells of what began, and those that are planned for what did not', () => {
    const { tally, last } = create();
    const count = tally.of(one);
    count.phase('starting the pods of');
    expect(last()).to.deep.equal({ phases: ['starting the pods of one'], cells: { done: 0, total: 6 } });
    const more = count.probing(2);
    more(1);
    more(5);
    expect(last()?.cells).to.deep.equal({ done: 2, total: 6 });
    tally.of(two).phase('probing');
    expect(last()?.phases).to.deep.equal(['probing two', 'starting the pods of one']);
  });

  it('expects of the rest what the first steps came to: two IP families, or a sample', () => {
    const { tally, last } = create();
    tally.of(one).probing(4)(4);
    expect(last()?.cells).to.deep.equal({ done: 4, total: 12 });
  });

  it('expects no more cells of a scenario that ended', () => {
    const { tally, last } = create();
    const count = tally.of(one);
    count.probing(2)(1);
    count.end();
    expect(last()).to.deep.equal({ phases: [], cells: { done: 1, total: 3 } });
  });

  it('says how long the rest takes once the rate means something', () => {
    const { tally, last } = create();
    // The pods took a minute, but they come up once.
    nowMs = 60_000;
    const more = tally.of(one).probing(200);
    nowMs = 80_000;
    more(49);
    expect(last()).not.to.have.property('leftMs');
    more(51);
    // 100 of 600 in 20 s.
    expect(last()).to.include({ leftMs: 100_000 });
    const early = create();
    const soon = early.tally.of(one).probing(200);
    nowMs = 9_000;
    soon(100);
    expect(early.last()).not.to.have.property('leftMs');
  });
});
