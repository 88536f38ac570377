import { expect } from 'chai';
import type { Sample } from '../../../src/record/index.ts';
import { createCellWatch } from '../../../src/watch/index.ts';

const OUTCOMES: Readonly<Record<string, Sample['outcome']>> = { a: 'answered', d: 'silent', r: 'refused', e: null };

/** A connection every 100 ms, one for each letter; a space is a time without any. Then nothing until `untilMs`. */
const watched = (letters: string, { proof = 2 as 1 | 2, untilMs = letters.length * 100 } = {}) => {
  const watch = createCellWatch({ darkAfterMs: 1_000, proof });
  watch.begin(0);
  const changes = [...letters].flatMap((letter, at) => {
    const atMs = at * 100;
    const outcome = OUTCOMES[letter];
    const seen = outcome === undefined ? [] : watch.see({ atMs, outcome });
    return [...seen, ...watch.reach(atMs)];
  });
  return { changes: [...changes, ...watch.reach(untilMs)], watch };
};

describe('a cell that is watched', () => {
  it('does not flip while it stays as it is', () => {
    for (const letters of ['aaaa', 'dddd', 'drdr', 'a', 'd']) expect(watched(letters).changes).to.deep.equal([]);
    expect(watched('aaaa').watch).to.include({ open: true, samples: 4, lost: 0 });
    expect(watched('dddd').watch).to.include({ open: false });
  });

  it('flips when two connections in a row get no answer, and back with the first answer', () => {
    expect(watched('aaddda').changes).to.deep.equal([
      { kind: 'flip', atMs: 200, open: false, afterMs: 100, lastedMs: null },
      { kind: 'flip', atMs: 500, open: true, afterMs: 400, lastedMs: 300 },
    ]);
  });

  it('takes one silent connection among answered ones for a lost packet', () => {
    const { changes, watch } = watched('aadaadaa');
    expect(changes).to.deep.equal([]);
    expect(watch).to.include({ open: true, lost: 2 });
  });

  it('flips at once when it is refused, or answered, or by a matrix', () => {
    expect(watched('aar').changes).to.deep.equal([
      { kind: 'flip', atMs: 200, open: false, afterMs: 100, lastedMs: null },
    ]);
    expect(watched('dda').changes).to.deep.equal([
      { kind: 'flip', atMs: 200, open: true, afterMs: 100, lastedMs: null },
    ]);
    expect(watched('aad', { proof: 1 }).changes).to.have.length(1);
  });

  it('counts a refusal after a silent connection from the silent one', () => {
    expect(watched('aadr').changes).to.deep.include({
      kind: 'flip',
      atMs: 200,
      open: false,
      afterMs: 100,
      lastedMs: null,
    });
  });

  it('has no evidence while nothing is known, which is no flip', () => {
    const { changes, watch } = watched(`aa${'e'.repeat(5)}${' '.repeat(10)}a`);
    expect(changes).to.deep.equal([
      { kind: 'dark', fromMs: 100 },
      { kind: 'light', fromMs: 100, toMs: 1_700 },
    ]);
    expect(watch).to.include({ open: true, samples: 3 });
    const { changes: lasting, watch: dark } = watched('aa', { untilMs: 1_101 });
    expect(lasting).to.deep.equal([{ kind: 'dark', fromMs: 100 }]);
    expect(dark.open).to.equal(null);
  });

  it('says of a flip behind such a time since when it may have happened', () => {
    expect(watched(`a${' '.repeat(12)}dd`).changes).to.deep.equal([
      { kind: 'dark', fromMs: 0 },
      { kind: 'light', fromMs: 0, toMs: 1_300 },
      { kind: 'flip', atMs: 1_300, open: false, afterMs: 0, lastedMs: null },
    ]);
  });

  it('takes a last silent connection before such a time for nothing', () => {
    expect(watched(`aad${' '.repeat(12)}aa`).changes.map(({ kind }) => kind)).to.deep.equal(['dark', 'light']);
  });

  it('has no evidence of a cell that was never seen', () => {
    expect(watched('', { untilMs: 1_001 }).changes).to.deep.equal([{ kind: 'dark', fromMs: 0 }]);
  });
});
