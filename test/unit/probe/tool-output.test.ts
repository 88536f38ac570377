import { expect } from 'chai';
import { dnsQuery } from '../../../src/probe/dns-message.ts';
import { answeredBy, answerIn, callerIn, isFound, refusalIn } from '../../../src/probe/tool-output.ts';

const ended = (output: string) => ({ exitCode: 0, elapsedMs: 5, output });
const terms = (answers: readonly (readonly [string, string])[]) => ({ limitMs: 2_000, answers: new Map(answers) });

describe('what a tool printed', () => {
  it('names the caller by address and port, of either family', () => {
    expect(callerIn(ended('10.0.0.7:40000'))).to.equal('10.0.0.7');
    expect(callerIn(ended('[fd00::7]:40000'))).to.equal('fd00::7');
    for (const output of ['', '10.0.0.7', '10.0.0.777:40000', 'fd00::7:40000', '<html>10.0.0.7:40000'])
      expect(callerIn(ended(output)), output).to.equal(undefined);
  });

  it('is a refusal only if something came over the network', () => {
    expect(refusalIn(ended('nc: connect to 10.0.0.7 port 80 failed: Connection refused'))).to.equal(
      'Connection refused',
    );
    expect(refusalIn(ended('nc: Host is unreachable'))).to.equal('Host is unreachable');
    expect(refusalIn(ended('nc: Network is unreachable'))).to.equal(undefined);
  });

  it('says who answered if several may', () => {
    const one = ['web-x:80', 'prod/web'] as const;
    expect(answeredBy(ended('web-x:80'), terms([one]))).to.equal('answered');
    expect(answeredBy(ended('web-x:80'), terms([one, ['api-x:80', 'prod/api']]))).to.equal('answered by prod/web');
  });

  it('is an answer of a name server only if it answers this query, in the bytes that od prints', () => {
    // By RFC 1035: the header with flags QR, RD and RA, one question, one answer; the question; 10.96.0.7 by a pointer.
    const lookup = { query: dnsQuery('a.b.', 'IPv4', 0x12_34), family: 'IPv4' } as const;
    const answer = (id: string) =>
      `${id} 81 80 00 01 00 01 00 00 00 00 01 61 01 62 00 00 01 00 01 c0 0c 00 01 00 01 00 00 00 05 00 04 0a 60 00 07`;
    expect(isFound(answerIn(ended(answer('12 34')), { ...terms([]), lookup }))).to.equal(true);
    expect(answerIn(ended(answer('12 35')), { ...terms([]), lookup })).to.equal(null);
    expect(answerIn(ended('no such tool'), { ...terms([]), lookup })).to.equal(null);
    expect(answerIn(ended(answer('12 34')), terms([]))).to.equal(null);
  });
});
