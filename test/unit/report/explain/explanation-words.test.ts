import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { advise } from '../../../../src/model/explain/advice.ts';
import { explainProbe } from '../../../../src/model/explain/explain-probe.ts';
import { coloursOf } from '../../../../src/report/colours.ts';
import { explanationLines, explanationSummary } from '../../../../src/report/explain/explanation.ts';
import { explanationJson } from '../../../../src/report/explain/json.ts';
import { inputOf, modelOf, probeOf } from '../../model/explain/explain-fixture.ts';
import type { Specs } from '../../model/lint/fixture.ts';
import { cast, linesOf, shop } from './explanation-cast.ts';

describe('explanationLines', () => {
  describe('beside what a probe saw', () => {
    const closed = { 'prod/deny': 'podSelector: {}' };
    const doubtful = { 'prod/b': '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}' };
    const seen: readonly (readonly [observed: string, specs: Specs, text: string])[] = [
      ['dropped', closed, 'seen: dropped, as the specification says'],
      ['rejected', closed, 'seen: rejected, as the specification says'],
      ['allowed', {}, 'seen: allowed, as the specification says'],
      ['allowed', closed, 'seen: allowed; the specification says deny: the CNI and the specification disagree'],
      ['dropped', {}, 'seen: dropped; the specification says allow: the CNI and the specification disagree'],
      ['allowed', doubtful, 'seen: allowed; the specification leaves it undefined, or the model lacks an address'],
      ['error', closed, 'seen: the probe broke, so it is not known what the CNI does'],
      ['unsupported', closed, "seen: this host can't open such a connection, so it was not tried"],
    ];
    for (const [observed, specs, text] of seen)
      it(text, () => {
        expect(linesOf('dev/client > prod/db 5432', specs, { observed }).split('\n')[1]).to.equal(text);
      });
  });

  it('says the same with colour', () => {
    const coloured = linesOf('prod/web > prod/db 5432', { 'prod/db': shop }, { colours: coloursOf(true) });
    const plain = linesOf('prod/web > prod/db 5432', { 'prod/db': shop });
    expect(coloured).to.not.equal(plain);
    expect(stripVTControlCharacters(coloured)).to.equal(plain);
  });

  it('lets no text of a scenario steer the terminal, and keeps it on its line', () => {
    const evil = '\u001b[2J\u202e\nforged';
    const { world, policies } = inputOf(cast, { 'prod/db': shop });
    const input = {
      world: { ...world, namespaces: world.namespaces.map((one) => ({ ...one, labels: { [evil]: evil } })) },
      policies: policies.map((one) => ({ ...one, name: evil, placeOf: () => ({ file: evil, line: 1, column: 1 }) })),
    };
    const asked = probeOf('prod/web > prod/db 5432');
    const explanation = explainProbe(modelOf(input), asked);
    const advice = advise(input, asked);
    // A rule that is to be added names its policy.
    const added = { ...advice, changes: advice.changes.filter(({ change }) => change.kind === 'rule') };
    expect(explanationSummary(explanation, added).at(-1)).to.match(/^to open it: .*\\x1b/);
    for (const lines of [explanationLines(explanation, advice), explanationSummary(explanation, added)]) {
      expect(lines.join('\n')).to.contain('\\x1b[2J\\u{202e}\\nforged');
      for (const line of lines) expect(line).to.match(/^[^\p{Cc}\p{Cf}]*$/u);
    }
    const about = { scenario: evil, file: evil, step: evil };
    const json = explanationJson(about, explanation, advice);
    expect(json.replaceAll('\n', '')).to.match(/^[^\p{Cc}\p{Cf}]*$/u);
    expect(JSON.parse(json).scenario).to.equal(evil);
  });
});
