import { expect } from 'chai';
import fc from 'fast-check';
import { classify, combine } from '../../../src/probe/classify.ts';
import type { Tool } from '../../../src/probe/script.ts';
import type { Verdict } from '../../../src/probe/verdict.ts';

const TERMS = { limitMs: 2000, answer: 'prod-x/web:80' };

/** [tool, exit code, elapsed ms, output, verdict, words of the detail] */
const CASES: readonly (readonly [Tool, number, number, string, Verdict, string])[] = [
  ['nc', 0, 3, 'Connection to 10.0.0.1 80 port [tcp/*] succeeded!', 'allowed', 'nc: connected after 3 ms'],
  ['nc', 143, 2000, '', 'dropped', 'nc: no answer after 2000 ms'],
  ['nc', 124, 2010, '', 'dropped', 'nc: no answer after 2010 ms'],
  [
    'nc',
    1,
    3,
    'nc: connect to 10.0.0.1 port 80 (tcp) failed: Connection refused',
    'rejected',
    'nc: Connection refused after 3 ms',
  ],
  [
    'nc',
    1,
    3,
    'nc: connect to 10.0.0.1 port 80 (tcp) failed: Connection reset by peer',
    'rejected',
    'nc: Connection reset after 3 ms',
  ],
  [
    'nc',
    1,
    3,
    'nc: connect to 10.0.0.1 port 80 (tcp) failed: No route to host',
    'rejected',
    'nc: No route to host after 3 ms',
  ],
  ['nc', 1, 3, 'Communication administratively prohibited', 'rejected', 'nc: prohibited after 3 ms'],
  [
    'nc',
    1,
    3,
    'nc: connect to 10.0.0.1 port 80 (tcp) failed: Network is unreachable',
    'error',
    'exit code 1, nc: connect',
  ],
  ['nc', 1, 3, 'nc: connect failed: Operation not permitted', 'error', 'Operation not permitted'],
  ['nc', 1, 3, '', 'error', 'exit code 1'],
  ['nc', 127, 3, 'timeout: nc: not found', 'error', 'exit code 127'],
  ['nc', 126, 3, 'Connection refused', 'error', 'exit code 126'],
  ['nc', 137, 2000, '', 'error', 'exit code 137'],
  ['nc', 139, 3, '', 'error', 'exit code 139'],
  ['nc', 143, 300, '', 'error', 'killed after 300 ms'],
  ['nc', 143, 4100, '', 'error', 'too starved'],
  ['wget', 0, 9, 'prod-x/web:80', 'allowed', 'wget: answered after 9 ms'],
  ['wget', 0, 9, 'prod-x/api:80', 'error', 'a wrong endpoint answered "prod-x/api:80"'],
  ['wget', 0, 9, '', 'error', 'a wrong endpoint answered ""'],
  ['wget', 0, 9, 'prod-x/web:8080', 'error', 'a wrong endpoint answered "prod-x/web:8080"'],
  ['wget', 143, 2000, '', 'dropped', 'wget: no answer after 2000 ms'],
  ['wget', 4, 3, '', 'rejected', 'wget: no connection after 3 ms'],
  ['wget', 1, 3, "wget: can't connect to remote host (10.0.0.1): Connection refused", 'rejected', 'Connection refused'],
  ['wget', 8, 9, '', 'error', 'exit code 8'],
  ['wget', 1, 3, 'wget: server returned error: HTTP/1.1 404 Not Found', 'error', '404 Not Found'],
  ['udp', 0, 5, 'prod-x/WEB:80', 'allowed', 'nc -u: echoed after 5 ms'],
  ['udp', 143, 2000, 'prod-x/web:80', 'allowed', 'nc -u: echoed'],
  ['udp', 143, 2000, '', 'dropped', 'nc -u: no answer after 2000 ms'],
  ['udp', 0, 5, '', 'rejected', 'nc -u: refused after 5 ms'],
  ['udp', 1, 5, '', 'error', 'exit code 1'],
  ['udp', 0, 5, 'other', 'error', 'not the echo but "other" came'],
  ['udp', 1, 5, 'nc: read failed: Connection refused', 'rejected', 'nc -u: Connection refused after 5 ms'],
];

describe('classify', () => {
  for (const [tool, exitCode, elapsedMs, output, verdict, words] of CASES)
    it(`${tool} with ${exitCode} after ${elapsedMs} ms, "${output}": ${verdict}`, () => {
      const reading = classify(tool, { exitCode, elapsedMs, output }, TERMS);
      expect(reading.verdict).to.equal(verdict);
      expect(reading.detail).to.contain(words);
    });

  it('allows only on exit code 0 of TCP tools, or on the very answer', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Tool>('nc', 'wget', 'udp'),
        fc.record({ exitCode: fc.nat(255), elapsedMs: fc.nat(5000), output: fc.string() }),
        (tool, attempt) => {
          if (classify(tool, attempt, TERMS).verdict !== 'allowed') return;
          expect(tool === 'udp' ? attempt.output : attempt.exitCode).to.equal(tool === 'udp' ? TERMS.answer : 0);
        },
      ),
    );
  });
});

describe('combine', () => {
  const reading = (tool: Tool, verdict: Verdict) => ({
    tool,
    verdict,
    detail: `${tool} says ${verdict}`,
    elapsedMs: 10,
  });

  it('takes what all tools say', () => {
    expect(combine([reading('nc', 'dropped'), reading('wget', 'dropped')])).to.deep.equal({
      verdict: 'dropped',
      detail: 'nc says dropped; wget says dropped',
    });
  });

  it('is an error when they disagree, when one is an error, and when there is none', () => {
    expect(combine([reading('nc', 'allowed'), reading('wget', 'dropped')])).to.deep.equal({
      verdict: 'error',
      detail: 'the tools disagree: nc says allowed; wget says dropped',
    });
    expect(combine([reading('nc', 'dropped'), reading('wget', 'rejected')]).verdict).to.equal('error');
    expect(combine([reading('nc', 'allowed'), reading('wget', 'error')])).to.deep.equal({
      verdict: 'error',
      detail: 'nc says allowed; wget says error',
    });
    expect(combine([]).verdict).to.equal('error');
  });
});
