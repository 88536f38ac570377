import { expect } from 'chai';
import type { Selection } from '../../../../src/commands/flags/scenarios.ts';
import { type Sharding, select } from '../../../../src/commands/selection/select.ts';
import { PodreachError } from '../../../../src/errors.ts';
import type { Scenario, Step, Topology } from '../../../../src/scenario/index.ts';

const topology: Topology = { namespaces: [], hosts: [], nodes: [], services: [] };
const step: Step = { name: 'only', topology, policies: [], expected: null, form: null, path: [] };
const scenario = (name: string, more: Partial<Scenario> = {}): Scenario => ({
  ...{ name, file: `${name}/scenario.yaml`, steps: [step] },
  ...more,
});

const dns = scenario('dns', { tags: ['nightly', 'dns'] });
const web = scenario('web', { tags: ['nightly'] });
const plain = scenario('plain');
const all = [dns, web, plain];

const namesOf = (selection: Selection & Sharding, scenarios: readonly Scenario[] = all) =>
  select(scenarios, selection).map(({ name }) => name);

describe('select', () => {
  for (const [what, selection, names] of [
    ['one of several tags', { tag: [['dns', 'weekly']] }, ['dns']],
    ['one tag of each list', { tag: [['nightly'], ['dns', 'slow']] }, ['dns']],
    ['no name that matches', { grepInvert: /^w/ }, ['dns', 'plain']],
    ['all that is asked for at once', { grep: /n/, grepInvert: /dns/ }, ['plain']],
    ['nothing, if that may be', { grep: /^nope$/, passWithNoTests: true }, []],
  ] as const)
    it(`keeps scenarios with ${what}`, () => {
      expect(namesOf(selection)).to.deep.equal(names);
    });

  for (const [selection, message, hint] of [
    [{ tag: [['slow', 'big']] }, 'no scenario has the tag slow or big', 'the tags are dns, nightly'],
    [{ grepInvert: /./ }, "every scenario's name matches /./", 'the names are dns, web, plain'],
  ] as const)
    it(`throws when ${message}`, () => {
      expect(() => select(all, selection))
        .to.throw(PodreachError, message)
        .with.property('hint', hint);
    });

  it('keeps only what has only, and throws if that is forbidden', () => {
    const focused = scenario('focused', { only: true });
    expect(namesOf({}, [...all, focused])).to.deep.equal(['focused']);
    expect(() => select([...all, focused], { forbidOnly: true })).to.throw(
      PodreachError,
      'focused/scenario.yaml: "focused" has `only: true`',
    );
    expect(namesOf({ forbidOnly: true })).to.deep.equal(['dns', 'web', 'plain']);
  });
});

describe('shards by time', () => {
  const times: Readonly<Record<string, number>> = { a: 10, b: 60, c: 20, d: 30, e: 40 };
  const scenarios = Object.keys(times).map((name) => scenario(name));
  const shards = (count: number, tookMs: Sharding['tookMs']) =>
    Array.from({ length: count }, (_, at) =>
      namesOf({ shard: { index: at + 1, count }, ...(tookMs && { tookMs }) }, scenarios).join(''),
    );

  it('take equally long, each in the order of the scenarios', () => {
    // 60 and 20, 40 and 30 and 10: the longest first, each to the shard with the least so far.
    expect(shards(2, ({ name }) => times[name])).to.deep.equal(['bc', 'ade']);
  });

  it('count what was not in that run as one of the usual length', () => {
    // 60, three times 30, and 0.
    expect(shards(2, ({ name }) => ({ a: 0, b: 60 })[name])).to.deep.equal(['be', 'acd']);
  });

  it('are every n-th without times, however many there are', () => {
    expect(shards(2, undefined)).to.deep.equal(['ace', 'bd']);
    expect(namesOf({ shard: { index: 9, count: 2 ** 40 } }, scenarios)).to.deep.equal([]);
  });
});
