import { expect } from 'chai';
import { createAlive } from '../../../src/watch/index.ts';

describe('a server that is alive', () => {
  /** It answers its own pod every 50 ms from 0 on, but for the time between these. */
  const server = (fromMs: number, toMs: number) => {
    const alive = createAlive(300);
    for (let atMs = 0; atMs < 3_000; atMs += 50)
      alive.note('web', { atMs, outcome: atMs > fromMs && atMs < toMs ? 'silent' : 'answered' });
    return (atMs: number, outcome: 'silent' | 'answered' | 'refused' = 'silent') =>
      alive.sound('web', { atMs, outcome }).outcome;
  };

  it('is believed to be silent', () => {
    const sound = server(9_000, 9_000);
    expect([500, 1_020, 2_000].map((atMs) => sound(atMs))).to.deep.equal(['silent', 'silent', 'silent']);
    expect(sound(700, 'refused')).to.equal('refused');
  });

  it('is not believed while it does not answer itself, from the first moment on', () => {
    const sound = server(1_000, 2_000);
    expect([1_001, 1_250, 1_500, 1_990].map((atMs) => sound(atMs))).to.deep.equal([null, null, null, null]);
    expect(sound(1_500, 'refused')).to.equal(null);
    expect(sound(1_500, 'answered')).to.equal('answered');
    expect([950, 2_010].map((atMs) => sound(atMs))).to.deep.equal(['silent', 'silent']);
  });

  it('is not believed if it never answered, although it is known', () => {
    const alive = createAlive(300);
    alive.expect('web');
    expect(alive.sound('web', { atMs: 5, outcome: 'silent' }).outcome).to.equal(null);
  });

  it('is believed if nobody can ask it', () => {
    expect(createAlive(300).sound('db', { atMs: 5, outcome: 'silent' }).outcome).to.equal('silent');
  });
});
