import { expect } from 'chai';
import { pause, pauseUnlessOver } from '../../src/pause.ts';
import { failureOf } from './failure-of.ts';

const LONG_MS = 60_000;

describe('a pause', () => {
  it('ends with its signal: loudly, or quietly where the work is over anyway', async () => {
    const signal = AbortSignal.abort();
    expect((await failureOf(pause(LONG_MS, signal, 'the proof'))).message).to.equal('the proof was interrupted');
    await pauseUnlessOver(LONG_MS, signal);
    const ending = new AbortController();
    const pauses = [failureOf(pause(LONG_MS, ending.signal, 'the proof')), pauseUnlessOver(LONG_MS, ending.signal)];
    ending.abort();
    await Promise.all(pauses);
  });

  it('takes its time without one', async () => {
    const startMs = performance.now();
    await pauseUnlessOver(20, undefined);
    expect(performance.now() - startMs).to.be.at.least(19);
  });
});
