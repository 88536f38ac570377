import { expect } from 'chai';
import { errorLines } from '../../../../src/commands/terminal/error-lines.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { keepSecret, masked } from '../../../../src/secrets.ts';

const refused = Object.assign(new Error('connect top-secret'), { code: 'ECONNREFUSED', key: 'top-secret' });
const failure = new PodreachError('no answer\nfrom \u001b[31mhere', {
  hint: 'look',
  cause: new TypeError('fetch failed', { cause: refused }),
});

describe('errorLines', () => {
  it('says what failed and what to do, on printable lines', () => {
    expect(errorLines(failure)).to.deep.equal(['podreach: no answer', 'from \\x1b[31mhere', 'hint: look']);
  });

  it('adds the stack and the chain of causes with --debug', () => {
    const lines = errorLines(failure, true);
    expect(lines.slice(0, 6)).to.deep.equal([...errorLines(failure), '', 'no answer', 'from \\x1b[31mhere']);
    expect(lines.filter((line) => line.startsWith('caused by '))).to.deep.equal([
      'caused by TypeError: fetch failed',
      'caused by Error ECONNREFUSED',
    ]);
    expect(lines[6]).to.match(/^ {4}at .*error-lines\.test\.ts:\d+:\d+/);
  });

  it('prints of a cause neither its fields nor what a library says', () => {
    expect(errorLines(failure, true).join('\n')).not.to.contain('top-secret');
    expect(errorLines(new Error('top-secret'), true).join('\n')).not.to.contain('top-secret');
  });

  it('masks what is known to be secret in a stack', () => {
    keepSecret('hunter2-in-a-stack');
    const error = new TypeError('no hunter2-in-a-stack');
    error.stack = 'TypeError: x\n    at hunter2-in-a-stack (file.ts:1:1)';
    expect(masked(errorLines(error, true).join('\n')))
      .to.contain('at [secret] (file.ts:1:1)')
      .and.not.contain('hunter2');
  });

  it('ends with causes that go in a circle, or are no errors', () => {
    const circle = new TypeError('round');
    circle.cause = circle;
    expect(errorLines(circle, true).filter((line) => line.includes('TypeError: round'))).to.have.length(2);
    expect(errorLines('top-secret', true)).to.deep.equal([
      'podreach: a bug in podreach, please report it: a value of type string was thrown',
      '',
    ]);
  });
});
