import { expect } from 'chai';
import fc from 'fast-check';
import { followBatch, parseBatch } from '../../../src/probe/batch.ts';
import type { News } from '../../../src/probe/window.ts';

const N = 'abc123def456';
const FIRST = `${N} 0 0 100.00 100.02 Connection succeeded! ${N}:0\n`;
const SECOND = `${N} 1 143 100.00 102.00  ${N}:1\n`;
const END = `end ${N} 2\n`;
const idsOf = (stdout: string) => [...parseBatch(stdout, N, 2).attempts.keys()].sort();
const problemOf = (stdout: string) => parseBatch(stdout, N, 2).problem;

describe('parseBatch', () => {
  it('reads a whole batch, in whatever order', () => {
    const { attempts, problem } = parseBatch(SECOND + FIRST + END, N, 2);
    expect(problem).to.equal(null);
    expect(attempts.get(0)).to.deep.equal({
      exitCode: 0,
      elapsedMs: 20,
      startedMs: 100_000,
      output: 'Connection succeeded!',
    });
    expect(attempts.get(1)).to.deep.equal({ exitCode: 143, elapsedMs: 2000, startedMs: 100_000, output: '' });
  });

  it('keeps the sound lines of a batch that broke off, and not the one that was cut', () => {
    expect(idsOf(FIRST + SECOND)).to.deep.equal([0, 1]);
    expect(problemOf(FIRST + SECOND)).to.equal('its output broke off before the end');
    expect(idsOf(FIRST + SECOND.trimEnd())).to.deep.equal([0]);
    expect(idsOf(FIRST + SECOND.slice(0, 20))).to.deep.equal([0]);
    expect(idsOf('')).to.deep.equal([]);
  });

  it('never mends a line that lost its middle from the next one', () => {
    expect(idsOf(FIRST.slice(0, 30) + SECOND.slice(25) + END)).to.deep.equal([]);
  });

  it('believes neither of two lines with one id', () => {
    const other = `${N} 0 1 100.00 100.02 Connection refused ${N}:0\n`;
    expect(idsOf(FIRST + other + SECOND + END)).to.deep.equal([1]);
    expect(problemOf(FIRST + other + SECOND + END)).to.equal('a probe reported more than once');
    expect(idsOf(FIRST + FIRST + FIRST + SECOND + END)).to.deep.equal([1]);
  });

  it('ignores ids that were not asked for, other nonces and noise', () => {
    const noise = `hello\n${N} 2 0 1.00 1.00 x ${N}:2\nother 0 0 1.00 1.00 x other:0\nend other 2\n`;
    expect(idsOf(noise + FIRST + SECOND + END)).to.deep.equal([0, 1]);
    expect(problemOf(noise + FIRST + SECOND + END)).to.equal(null);
  });

  it('says what is wrong with the count', () => {
    expect(problemOf(`${FIRST}${SECOND}end ${N} 3\n`)).to.equal('its last line has another count of probes');
    expect(problemOf(FIRST + SECOND + END + END)).to.equal('its last line has another count of probes');
    expect(problemOf(FIRST + END)).to.equal('a probe gave no valid report');
    expect(idsOf(FIRST + END)).to.deep.equal([0]);
  });

  it('never takes a prefix of a batch for a whole one, nor reads a line otherwise than it was written', () => {
    const whole = FIRST + SECOND + END;
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        const { attempts, problem } = parseBatch(whole.slice(0, length), N, 2);
        expect(problem).not.to.equal(null);
        for (const [id, attempt] of attempts) expect(attempt.exitCode).to.equal(id === 0 ? 0 : 143);
      }),
    );
  });

  it('takes no control characters over', () => {
    const outputOf = (text: string) =>
      parseBatch(`${N} 0 1 100.00 100.02 ${text} ${N}:0\n`, N, 1).attempts.get(0)?.output;
    expect(outputOf('a\rb\u2028c')).to.equal('a\\rb\\u{2028}c');
    expect(outputOf('a\u001b[31mb\u200ec\u0000')).to.equal('a\\x1b[31mb\\u{200e}c\\x00');
    expect(outputOf(' cut off ')).to.equal('cut off');
  });
});

describe('followBatch', () => {
  it('reports what ended, the slowest answer of it, and whether all have started, as lines are complete', () => {
    const news: News[] = [];
    const follow = followBatch(N, (one) => news.push(one));
    follow(`${FIRST}${SECOND.slice(0, 9)}`);
    follow(`${SECOND.slice(9)}all ${N}\n`);
    follow(`another line\n`);
    expect(news).to.deep.equal([
      { ended: 1, slowestMs: 20, allStarted: false },
      // Silence is no answer, however long it lasted.
      { ended: 1, slowestMs: 0, allStarted: true },
      { ended: 0, slowestMs: 0, allStarted: true },
    ]);
  });
});
