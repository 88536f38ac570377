import { expect } from 'chai';
import fc from 'fast-check';
import type { Endpoint } from '../../../src/deploy/index.ts';
import { classify, combine, toolsOf } from '../../../src/probe/classify.ts';
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
  ['seen', 0, 9, '192.168.1.7:41234', 'allowed', 'wget: seen as 192.168.1.7 after 9 ms'],
  ['seen', 0, 9, '[fd00:10:244::7]:41234', 'allowed', 'wget: seen as fd00:10:244::7 after 9 ms'],
  ['seen', 0, 9, 'dead:80', 'error', 'a wrong endpoint answered'],
  ['seen', 0, 9, '999.1.1.1:80', 'error', 'a wrong endpoint answered'],
  ['seen', 0, 9, '', 'error', 'a wrong endpoint answered ""'],
  ['seen', 0, 9, '192.168.1.7', 'error', 'a wrong endpoint answered "192.168.1.7"'],
  ['seen', 0, 9, '192.168.1.7:', 'error', 'a wrong endpoint answered'],
  ['seen', 0, 9, '192.168.1.7:41234 and more', 'error', 'a wrong endpoint answered'],
  ['seen', 0, 9, 'HTTP 192.168.1.7:41234', 'error', 'a wrong endpoint answered'],
  ['seen', 0, 9, 'prod-x/web:80', 'error', 'a wrong endpoint answered "prod-x/web:80"'],
  ['seen', 0, 9, 'NOW: 2026-11-21 14:12:39', 'error', 'a wrong endpoint answered'],
  ['seen', 143, 2000, '', 'dropped', 'wget: no answer after 2000 ms'],
  ['seen', 124, 2010, '192.168.1.7:41234', 'dropped', 'wget: no answer after 2010 ms'],
  ['seen', 143, 300, '', 'error', 'wget: killed after 300 ms'],
  ['seen', 143, 4100, '', 'error', 'too starved'],
  ['seen', 4, 3, '', 'rejected', 'wget: no connection after 3 ms'],
  ['seen', 1, 3, "wget: can't connect to remote host (10.0.0.1): Connection refused", 'rejected', 'Connection refused'],
  ['seen', 1, 3, '192.168.1.7:41234', 'error', 'exit code 1, 192.168.1.7:41234'],
  ['seen', 8, 9, '', 'error', 'wget: exit code 8'],
  ['seen', 1, 3, 'wget: server returned error: HTTP/1.1 404 Not Found', 'error', '404 Not Found'],
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
        fc.constantFrom<Tool>('nc', 'wget', 'seen', 'udp'),
        fc.record({
          exitCode: fc.oneof(fc.constant(0), fc.nat(255)),
          elapsedMs: fc.nat(5000),
          output: fc.oneof(fc.constantFrom(TERMS.answer, '192.168.1.7:41234'), fc.string()),
        }),
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

describe('toolsOf', () => {
  const ports = [] as const;
  const pod: Endpoint = {
    endpoint: 'prod/web',
    namespace: 'prod-x',
    pod: 'web',
    node: 'n1',
    address: '10.0.0.1',
    ports,
  };
  const host: Endpoint = { endpoint: 'host:office', container: 'podreach-office-x', address: '172.17.5.10', ports };

  it('tries TCP of a pod twice, and of a host once more, for the address by which it is seen', () => {
    expect(toolsOf({ protocol: 'TCP' })).to.deep.equal(['nc', 'wget']);
    expect(toolsOf({ protocol: 'TCP' }, pod)).to.deep.equal(['nc', 'wget']);
    expect(toolsOf({ protocol: 'TCP' }, host)).to.deep.equal(['nc', 'wget', 'seen']);
  });

  it('tries UDP twice and SCTP never, wherever it goes', () => {
    for (const to of [undefined, pod, host]) {
      expect(toolsOf({ protocol: 'UDP' }, to)).to.deep.equal(['udp', 'udp']);
      expect(toolsOf({ protocol: 'SCTP' }, to)).to.deep.equal([]);
    }
  });
});
