import { expect } from 'chai';
import { startRecorder } from '../../../src/record/recorder.ts';
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
    const source = fakeRecorder('a/x', { isOpen: (target) => target.startsWith('10.'), behindMs: 500 });
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
