import { mkdirSync } from 'node:fs';
import { expect } from 'chai';
import { asPodreachError, PodreachError } from '../../src/errors.ts';

const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return expect.fail('it did not fail');
};

describe('asPodreachError', () => {
  it('leaves what podreach knows as it is', () => {
    const error = new PodreachError('no pods', { hint: 'look' });
    expect(asPodreachError(error)).to.equal(error);
  });

  it('reports a mistake in the program with the words of the engine, and where it was', () => {
    const { message } = asPodreachError(thrownBy(() => (null as unknown as { x: string }).x));
    expect(message).to.match(/^a bug in podreach, please report it: TypeError: Cannot read properties of null/);
    expect(message).to.match(/\n\s+at .*errors\.test\.ts:\d+:\d+/);
  });

  it('leaves out what errors of libraries say, because it may quote a credential', () => {
    for (const error of [
      thrownBy(() => JSON.parse('top-secret')),
      thrownBy(() => new URL('top-secret')),
      new Error('top-secret\nof two lines'),
      Object.assign(new TypeError('Received top-secret'), { code: 'ERR_INVALID_ARG_VALUE' }),
    ]) {
      const { message, cause } = asPodreachError(error);
      expect(message).to.contain('a bug in podreach').and.not.to.contain('secret');
      expect(cause).to.equal(undefined);
    }
    const coded = Object.assign(new TypeError('Received top-secret'), { code: 'ERR_INVALID_ARG_VALUE' });
    expect(asPodreachError(coded).message).to.contain('TypeError ERR_INVALID_ARG_VALUE');
  });

  it('does not mistake a file that the machine refuses for a bug', () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, mkdir '/cache/x'"), {
      ...{ errno: -28, code: 'ENOSPC', syscall: 'mkdir', path: '/cache/x' },
    });
    expect(asPodreachError(full).message).to.equal('the disk is full at /cache/x (ENOSPC: no space left on device)');
    const { message, hint } = asPodreachError(thrownBy(() => mkdirSync('/proc/podreach')));
    expect(message).to.match(/^\/proc\/podreach can't be used \(E[A-Z]+: /);
    expect(hint).to.contain('is this user allowed');
  });

  it('reports an interruption as one', () => {
    expect(asPodreachError(new DOMException('x', 'AbortError')).message).to.equal('the work was interrupted');
  });

  it('prints nothing of a thrown value that is no error', () => {
    expect(asPodreachError('top-secret').message).to.equal(
      'a bug in podreach, please report it: a value of type string was thrown',
    );
    expect(asPodreachError({ key: 'top-secret' }).message).not.to.contain('secret');
  });
});
