import { once } from 'node:events';
import { expect } from 'chai';
import { onSignal } from '../../../src/mocha/signals.ts';

describe('what is done when a signal comes', () => {
  it('is done once, and then the signal comes again', async () => {
    const heard: string[] = [];
    const own = () => void heard.push('signal');
    // It also keeps the signal from ending these tests.
    process.on('SIGHUP', own);
    try {
      onSignal(async () => void heard.push('work'));
      process.emit('SIGHUP', 'SIGHUP');
      process.emit('SIGHUP', 'SIGHUP');
      await once(process, 'SIGHUP');
      expect(heard).to.deep.equal(['signal', 'work', 'signal', 'signal']);
      process.emit('SIGHUP', 'SIGHUP');
      expect(heard.filter((one) => one === 'work')).to.have.length(1);
    } finally {
      process.off('SIGHUP', own);
    }
  });

  it('is not done any more after it was called off', () => {
    const listeners = process.listenerCount('SIGHUP');
    onSignal(() => expect.fail('it was done'))();
    expect(process.listenerCount('SIGHUP')).to.equal(listeners);
  });
});
