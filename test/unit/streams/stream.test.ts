import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Question } from '../../../src/deploy/index.ts';
import { NotOpen, openStream } from '../../../src/streams/index.ts';
import { failureOf } from '../failure-of.ts';
import { skipPauses } from '../skip-pauses.ts';
import { type FakeStreamOptions, fakeStream } from './fake-stream.ts';

const NAME = 'prod-x7k2a/web:80';
const QUESTION: Question = { host: '10.0.0.1', port: 80, ask: '', answers: new Map([[NAME, 'prod/web']]) };

const refusal = async (options: FakeStreamOptions) => {
  const source = fakeStream('dev/client', options);
  const error = await failureOf(openStream(source, QUESTION, 'TCP'));
  expect(error).to.be.instanceOf(NotOpen);
  expect(source.running()).to.equal(0);
  return error.message;
};

describe('a stream', () => {
  skipPauses();

  for (const protocol of ['TCP', 'UDP'] as const)
    it(`over ${protocol} carries a request each 100 ms, in one exec that ends with it`, async () => {
      const source = fakeStream('dev/client');
      const stream = await openStream(source, QUESTION, protocol);
      const opened = stream.ticks().length;
      expect(opened).to.equal(3);
      const openMs = performance.now();
      while (performance.now() < openMs + 1_000) await sleep(20);
      expect(stream.ticks().length - opened).to.be.within(7, 10);
      for (const { passedMs, answeredMs } of stream.ticks().slice(0, -1)) {
        expect(passedMs).not.to.equal(null);
        expect(answeredMs).not.to.equal(null);
      }
      expect(stream.ticks()[1]?.bytes).to.be.above(1);
      await stream.stop();
      expect(source.running()).to.equal(0);
      expect(source.argvs.map((argv) => argv.slice(3))).to.deep.equal([
        ['stream', protocol, '10.0.0.1', '80', '', '1800'],
      ]);
    });

  it('knows whether nc was ended by the other end, or by something else', async () => {
    for (const [code, kind] of [
      [0, 'reset'],
      [143, 'broken'],
    ] as const) {
      let atMs = Number.POSITIVE_INFINITY;
      const stream = await openStream(fakeStream('dev/client', { ends: { atMs: () => atMs, code } }), QUESTION, 'TCP');
      atMs = performance.now() + 200;
      while (!stream.ending()) await sleep(20);
      expect(stream.ending()?.kind).to.equal(kind);
      const ticks = stream.ticks().length;
      await sleep(300);
      expect(stream.ticks()).to.have.length(ticks);
      await stream.stop();
    }
  });

  it('is not open if nc says so, if nothing is answered, or if a wrong server answers', async () => {
    expect(await refusal({ says: 'nc: connect to 10.0.0.1 port 80 (tcp) failed: Connection refused' })).to.equal(
      'nc ended with exit code 1, nc: connect to 10.0.0.1 port 80 (tcp) failed: Connection refused',
    );
    expect(await refusal({ flows: () => false })).to.equal('no answer within 8 s');
    expect(await refusal({ name: 'prod-abcde/web:80' })).to.equal('a wrong endpoint answered "prod-abcde/web:80"');
  });
});
