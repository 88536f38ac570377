import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { armRecorder, joinRecorder, startRecorder } from '../../../src/record/recorder.ts';
import { failureOf } from '../failure-of.ts';
import { skipPauses } from '../skip-pauses.ts';
import { fakeRecorder } from './fake-recorder.ts';

const TARGETS = [
  { host: '10.0.0.1', port: 80 },
  { host: 'fd00::1', port: 8080 },
];
const OPTIONS = { tickMs: 15, lifetimeMs: 1_500 };

describe('a recorder', () => {
  skipPauses();

  it('starts in one exec, tells its connections by the clock of podreach, and ends', async () => {
    const startMs = performance.now();
    const source = fakeRecorder('a/x', { isOpen: (target) => target.startsWith('10.'), behindMs: startMs });
    const recorder = await startRecorder(source, TARGETS, OPTIONS);
    expect(source.argvs.map((argv) => argv.slice(3))).to.deep.equal([
      ['recorder', '15', '250', '2', '10.0.0.1,80', 'fd00::1,8080'],
    ]);
    const [first] = recorder.samples(0);
    expect(first?.outcome).to.equal('answered');
    expect(first?.atMs).to.be.within(startMs - recorder.clockErrorMs(), performance.now());
    expect(recorder.samples(1).map(({ outcome }) => outcome)).to.include('silent');
    expect(recorder.samples(0, 1)).to.have.length(1);
    recorder.requireAlive();
    await recorder.stop();
    expect(source.running()).to.equal(0);
  });

  it('may be prepared before its targets are known, and be given up without them', async () => {
    const source = fakeRecorder('a/x', { isOpen: (target) => target === '10.0.0.9,81' });
    const idle = await armRecorder(source, 1, OPTIONS);
    await idle.stop();
    const armed = await armRecorder(source, 1, OPTIONS);
    expect(source.argvs[1]?.slice(3)).to.deep.equal(['recorder', '15', '250', '2']);
    const startMs = performance.now();
    const recorder = await armed.start([{ host: '10.0.0.9', port: 81 }]);
    while (recorder.samples(0).length === 0) await turn();
    await armed.stop();
    const [first] = recorder.samples(0);
    expect(first?.outcome).to.equal('answered');
    expect(first?.atMs).to.be.within(startMs - 15 - recorder.clockErrorMs(), performance.now());
    expect(source.running()).to.equal(0);
  });

  it('that runs since its container started says when that was, and what it saw before it was joined', async () => {
    const startMs = performance.now() - 700;
    const own = { startMs, tickMs: 15, targets: ['10.0.0.1,80'] };
    const source = fakeRecorder('a/x', { isOpen: (_, atMs) => atMs < startMs + 100, own });
    const recorder = await joinRecorder(source, 'join it', 1, OPTIONS);
    expect(Math.abs(recorder.beganMs() - startMs)).to.be.at.most(recorder.clockErrorMs() + 0.01);
    const open = recorder.samples(0).filter(({ outcome }) => outcome === 'answered');
    // At 0, 15, … 90 ms.
    expect(open).to.have.length(7);
    await recorder.stop();
    expect(source.running()).to.equal(0);
  });

  it('is refused by an image without it', async () => {
    const source = fakeRecorder('a/x', { isOpen: () => true, says: 'missing\n' });
    expect((await failureOf(startRecorder(source, TARGETS, OPTIONS))).message).to.equal(
      'the probe image has no /recorder, so nothing can be timed',
    );
  });

  it('that does not begin, or breaks off, is an error', async () => {
    const mute = fakeRecorder('a/x', { isOpen: () => true, says: '' });
    expect((await failureOf(startRecorder(mute, TARGETS, OPTIONS))).message).to.equal(
      'the recorder in a/x ended by itself',
    );
    const breaking = fakeRecorder('a/x', { isOpen: () => true, breaksMs: 0 });
    expect((await failureOf(startRecorder(breaking, TARGETS, OPTIONS))).message).to.equal('the connection broke');
  });
});
