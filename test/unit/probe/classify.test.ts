import { expect } from 'chai';
import fc from 'fast-check';
import { classify } from '../../../src/probe/classify.ts';
import { dnsQuery } from '../../../src/probe/dns-message.ts';
import type { Tool } from '../../../src/probe/script.ts';
import type { Terms } from '../../../src/probe/tool-output.ts';
import type { Verdict } from '../../../src/probe/verdict.ts';

const WEB = 'prod-x/web:80';
const LOOKUP = { query: dnsQuery('a.b.', 'IPv4', 0x12_34), family: 'IPv4' } as const;
const TERMS: Terms = { limitMs: 2000, answers: new Map([[WEB, 'prod/web']]), lookup: LOOKUP };
/** An answer to that query by RFC 1035: flags, one question and one answer, the question, and the answer's record. */
const answered = (flags: string, records: string, count = '00 01', id = '12 34') =>
  `${id} ${flags} 00 01 ${count} 00 00 00 00 01 61 01 62 00 00 01 00 01${records === '' ? '' : ` ${records}`}`;
const ADDRESS = 'c0 0c 00 01 00 01 00 00 00 05 00 04 0a 60 00 07';

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
  ['nc', 1, 3, '', 'error', 'nc: exit code 1 after 3 ms'],
  ['nc', 127, 3, 'timeout: nc: not found', 'error', 'exit code 127'],
  ['nc', 125, 3, 'Connection refused', 'error', 'exit code 125'],
  ['nc', 126, 3, 'Connection refused', 'error', 'exit code 126'],
  ['nc', 1, 3, 'nc: 10.0.0.1 (10.0.0.1:80): Host is unreachable', 'rejected', 'nc: Host is unreachable after 3 ms'],
  ['nc', 137, 2000, '', 'error', 'exit code 137'],
  ['nc', 139, 3, '', 'error', 'exit code 139'],
  ['nc', 143, 300, '', 'error', 'killed after 300 ms'],
  ['nc', 143, 4100, '', 'error', 'nc: too starved to be sure, ended after 4100 ms'],
  // A tenth of a second early is as the clock is read; half a second late is as a processor is had.
  ['nc', 143, 1899, '', 'error', 'killed'],
  ['nc', 143, 1900, '', 'dropped', 'no answer'],
  ['nc', 143, 2500, '', 'dropped', 'no answer'],
  ['nc', 143, 2501, '', 'error', 'too starved'],
  // It is a tool that says nothing of what came.
  ['nc', 143, 2000, 'nc: connecting', 'dropped', 'no answer'],
  ['connect', 0, 3, '', 'allowed', 'connect: connected after 3 ms'],
  ['connect', 143, 2000, '10.0.0.1:80...', 'dropped', 'connect: no answer after 2000 ms'],
  ['connect', 4, 3, '10.0.0.1:80... failed: Connection refused.', 'rejected', 'connect: Connection refused'],
  ['connect', 4, 3, '', 'error', 'connect: exit code 4'],
  ['wget', 0, 9, 'prod-x/web:80', 'allowed', 'wget: answered after 9 ms'],
  ['wget', 0, 9, 'prod-x/api:80', 'error', 'a wrong endpoint answered "prod-x/api:80"'],
  ['wget', 0, 9, '', 'error', 'a wrong endpoint answered ""'],
  ['wget', 0, 9, 'prod-x/web:8080', 'error', 'a wrong endpoint answered "prod-x/web:8080"'],
  ['wget', 143, 2000, '', 'dropped', 'wget: no answer after 2000 ms'],
  ['wget', 4, 3, '', 'rejected', 'wget: no connection after 3 ms'],
  ['wget', 1, 3, "wget: can't connect to remote host (10.0.0.1): Connection refused", 'rejected', 'Connection refused'],
  ['wget', 8, 9, '', 'error', 'exit code 8'],
  ['wget', 4, 3, 'wget: unable to resolve host address', 'error', 'exit code 4, wget: unable'],
  ['nc', 4, 3, '', 'error', 'exit code 4'],
  ['udp', 4, 3, '', 'error', 'exit code 4'],
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
  ['seen', 124, 2010, '192.168.1.7:41234', 'error', 'wget: "192.168.1.7:41234" came, and nothing more after 2010 ms'],
  ['wget', 143, 2000, 'prod-x/web:80', 'error', 'wget: "prod-x/web:80" came, and nothing more'],
  ['seen', 143, 300, '', 'error', 'wget: killed after 300 ms'],
  ['seen', 143, 4100, '', 'error', 'too starved'],
  ['seen', 4, 3, '', 'rejected', 'wget: no connection after 3 ms'],
  ['seen', 1, 3, "wget: can't connect to remote host (10.0.0.1): Connection refused", 'rejected', 'Connection refused'],
  ['seen', 1, 3, '192.168.1.7:41234', 'error', 'exit code 1, 192.168.1.7:41234'],
  ['seen', 8, 9, '', 'error', 'wget: exit code 8'],
  ['seen', 1, 3, 'wget: server returned error: HTTP/1.1 404 Not Found', 'error', '404 Not Found'],
  ['udp', 0, 5, WEB, 'allowed', 'nc -u: answered after 5 ms'],
  ['udp', 143, 2000, WEB, 'allowed', 'nc -u: answered'],
  ['udp', 124, 2000, WEB, 'allowed', 'nc -u: answered'],
  ['udp', 1, 5, WEB, 'error', 'nc -u: exit code 1'],
  ['udp', 0, 5, 'prod-x/api:80', 'error', 'a wrong endpoint answered "prod-x/api:80"'],
  ['udp', 143, 2000, 'prod-x/api:80', 'error', '"prod-x/api:80" came, and nothing more after 2000 ms'],
  ['udp', 124, 2000, 'hostname', 'error', '"hostname" came, and nothing more'],
  ['udp', 143, 4100, WEB, 'error', 'too starved'],
  ['udp', 1, 5, 'nc: bind failed: Address already in use', 'error', 'exit code 1, nc: bind failed'],
  ['knock', 0, 5, 'what?', 'allowed', 'nc -u: answered after 5 ms'],
  ['knock', 0, 5, '', 'rejected', 'nc -u: refused after 5 ms'],
  ['knock', 1, 5, 'what?', 'error', 'nc -u: exit code 1, what?'],
  ['knock', 143, 300, '', 'error', 'nc -u: killed'],
  ['knock', 143, 4100, '', 'error', 'too starved'],
  ['knock', 143, 2000, '', 'unsupported', 'a silent UDP server looks like a blocked one'],
  ['knock', 143, 2000, 'what?', 'error', 'nc -u: "what?" came, and nothing more'],
  ['udp', 143, 2000, '', 'dropped', 'nc -u: no answer after 2000 ms'],
  ['udp', 0, 5, '', 'rejected', 'nc -u: refused after 5 ms'],
  ['udp', 1, 5, '', 'error', 'exit code 1'],
  ['udp', 1, 5, 'nc: read failed: Connection refused', 'rejected', 'nc -u: Connection refused after 5 ms'],
  ['sctp', 0, 5, '', 'allowed', 'connect: connected after 5 ms'],
  ['sctp', 143, 2000, '', 'dropped', 'connect: no answer after 2000 ms'],
  ['sctp', 1, 5, 'OTHER: connection refused', 'rejected', 'connect: connection refused after 5 ms'],
  ['sctp', 1, 5, 'OTHER: no route to host', 'rejected', 'connect: no route to host after 5 ms'],
  ['sctp', 1, 5, 'OTHER: protocol not supported', 'unsupported', "this kernel can't open SCTP sockets"],
  ['sctp', 1, 5, 'OTHER: socket type not supported', 'unsupported', "this kernel can't open SCTP sockets"],
  ['sctp', 1, 5, 'OTHER: network is unreachable', 'error', 'exit code 1, OTHER: network is unreachable'],
  ['sctp', 143, 300, '', 'error', 'connect: killed after 300 ms'],
  ['sctp', 143, 4100, '', 'error', 'too starved'],
  ['sctp', 127, 3, 'timeout: /agnhost: not found', 'error', 'exit code 127'],
  ['nc', 1, 5, 'nc: protocol not supported', 'error', 'exit code 1'],
  ['name', 0, 4, answered('81 80', ADDRESS), 'allowed', 'name server: looked up after 4 ms'],
  ['name', 143, 2000, answered('81 80', ADDRESS), 'allowed', 'name server: looked up'],
  ['name', 1, 4, answered('81 80', ADDRESS), 'error', 'name server: exit code 1'],
  ['name', 0, 4, answered('81 83', '', '00 00'), 'error', 'name server: it knows no such address (RCODE 3) after 4 ms'],
  ['name', 0, 4, answered('81 80', '', '00 00'), 'error', 'it knows no such address (RCODE 0)'],
  ['name', 0, 4, answered('81 82', ADDRESS), 'error', 'it knows no such address (RCODE 2)'],
  ['name', 0, 4, answered('81 80', ADDRESS, '00 01', '12 35'), 'error', 'name server: exit code 0, 12 35'],
  ['name', 0, 4, 'Name: web.prod.svc.cluster.local Address: 10.96.0.7', 'error', 'name server: exit code 0, Name'],
  // The script cuts off what is too long, in the middle of a byte as well.
  ['name', 0, 4, `${answered('81 80', ADDRESS)} 0`, 'allowed', 'name server: looked up'],
  ['name', 0, 4, `${answered('81 80', ADDRESS)} 0x`, 'error', 'name server: exit code 0'],
  ['name', 0, 4, `0 ${answered('81 80', ADDRESS)}`, 'error', 'name server: exit code 0'],
  ['name', 0, 4, answered('81 80', ADDRESS).replaceAll(' ', ''), 'error', 'name server: exit code 0'],
  ['name', 143, 2000, answered('81 83', '', '00 00'), 'error', 'came, and nothing more'],
  ['name', 143, 2000, '12 34', 'error', '"12 34" came, and nothing more'],
  ['name', 143, 2000, '', 'dropped', 'name server: no answer after 2000 ms'],
  ['name', 0, 4, '', 'rejected', 'name server: refused after 4 ms'],
  ['name', 1, 9, 'nc: bind failed: Address already in use', 'error', 'name server: exit code 1, nc: bind failed'],
  ['name', 1, 9, 'no nameserver in /etc/resolv.conf', 'error', 'no nameserver'],
  ['name', 143, 300, '', 'error', 'name server: killed after 300 ms'],
  ['name', 143, 4100, '', 'error', 'too starved'],
];

describe('classify', () => {
  for (const [tool, exitCode, elapsedMs, output, verdict, words] of CASES)
    it(`${tool} with ${exitCode} after ${elapsedMs} ms, "${output}": ${verdict}`, () => {
      const reading = classify(tool, { exitCode, elapsedMs, output }, TERMS);
      expect(reading.verdict).to.equal(verdict);
      expect(reading.detail).to.contain(words);
    });

  it('waits as long as BusyBox does if it is given whole seconds', () => {
    const dropped = (elapsedMs: number) =>
      classify('nc', { exitCode: 143, elapsedMs, output: '' }, { ...TERMS, limitMs: 1500 }).verdict;
    expect([1399, 1400, 2500, 2501].map(dropped)).to.deep.equal(['error', 'dropped', 'dropped', 'error']);
  });

  it('says only of what was starved that more time may help', () => {
    const starved = (exitCode: number, elapsedMs: number) =>
      classify('nc', { exitCode, elapsedMs, output: '' }, TERMS).starved;
    expect([starved(143, 4100), starved(124, 4100)]).to.deep.equal([true, true]);
    expect([starved(143, 2000), starved(143, 300), starved(0, 4100)]).to.deep.equal(Array(3).fill(undefined));
  });

  it('counts from when the last tool of its exec started, because it is ended after that', () => {
    const waited = (elapsedMs: number, headStartMs: number) =>
      classify('nc', { exitCode: 143, elapsedMs, output: '' }, { ...TERMS, headStartMs }).verdict;
    expect([waited(4100, 1600), waited(4101, 1600), waited(1400, 1600)]).to.deep.equal(['dropped', 'error', 'error']);
  });

  it('takes no answer of a name server if none was asked', () => {
    const { lookup: _, ...unasked } = TERMS;
    const output = answered('81 80', ADDRESS);
    expect(classify('name', { exitCode: 0, elapsedMs: 4, output }, unasked).verdict).to.equal('error');
  });

  it('allows only on exit code 0, or on the very answer', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Tool>('nc', 'wget', 'seen', 'name', 'udp', 'sctp'),
        fc.record({
          exitCode: fc.oneof(fc.constant(0), fc.nat(255)),
          elapsedMs: fc.nat(5000),
          output: fc.oneof(fc.constantFrom(WEB, 'hostname', '192.168.1.7:41234'), fc.string()),
        }),
        (tool, attempt) => {
          if (classify(tool, attempt, TERMS).verdict !== 'allowed') return;
          if (tool === 'udp') expect([0, 124, 143]).to.include(attempt.exitCode);
          else expect(attempt.exitCode).to.equal(0);
          if (tool === 'wget' || tool === 'udp') expect(attempt.output).to.equal(WEB);
        },
      ),
    );
  });

  it('names the backend that answered if there are several, and takes no other answer', () => {
    const answers = new Map([
      ['prod-x/web-1:8080', 'prod/web-1'],
      ['prod-x/web-2:8080', 'prod/web-2'],
    ]);
    const answered = (output: string) => classify('wget', { exitCode: 0, elapsedMs: 9, output }, { ...TERMS, answers });
    expect(answered('prod-x/web-2:8080')).to.include({
      verdict: 'allowed',
      detail: 'wget: answered by prod/web-2 after 9 ms',
    });
    expect(answered('prod-x/web-2:80').verdict).to.equal('error');
    expect(answered('prod/web-2').verdict).to.equal('error');
  });

  it('does so over UDP, if a pod may answer with one of two names', () => {
    const answers = new Map([
      ['node-1.example', 'prod/web-1'],
      ['node-1', 'prod/web-1'],
    ]);
    const heard = (output: string) => classify('udp', { exitCode: 0, elapsedMs: 9, output }, { ...TERMS, answers });
    expect(heard('node-1').detail).to.equal('nc -u: answered after 9 ms');
    answers.set('podreach-1', 'prod/web-2');
    expect(heard('podreach-1').detail).to.equal('nc -u: answered by prod/web-2 after 9 ms');
    expect(heard('podreach-2').verdict).to.equal('error');
  });

  it('says of SCTP that the kernel lacks it without a time, so that the cells of one cause are reported once', () => {
    const [early, late] = [3, 900].map((elapsedMs) =>
      classify('sctp', { exitCode: 1, elapsedMs, output: 'OTHER: protocol not supported' }, TERMS),
    );
    expect(early?.detail).to.equal("this kernel can't open SCTP sockets");
    expect(late?.detail).to.equal(early?.detail);
  });
});
