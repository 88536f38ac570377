import { expect } from 'chai';
import fc from 'fast-check';
import { dnsQuery, readDnsAnswer } from '../../../src/probe/dns-message.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
const NAME = '03 77 65 62 04 70 72 6f 64 00'; // web.prod
const QUERY = dnsQuery('web.prod.', 'IPv4', 0xab_cd);
const header = (flags: string, answers: number, id = 'ab cd') => `${id} ${flags} 00 01 00 0${answers} 00 00 00 00`;
const record = (type: string, data: string, name = 'c0 0c') => {
  const length = bytes(data).length.toString(16).padStart(4, '0');
  return `${name} ${type} 00 01 00 00 00 1e ${length} ${data}`;
};
const A = '00 01';
const AAAA = '00 1c';
const read = (hex: string, query = QUERY, family: 'IPv4' | 'IPv6' = 'IPv4') => readDnsAnswer(bytes(hex), query, family);

describe('dnsQuery', () => {
  it('asks for the addresses of one family, with recursion (RFC 1035, 4.1)', () => {
    const query = dnsQuery('web.prod.', 'IPv4', 0xab_cd);
    expect(query.toString('hex')).to.equal(
      bytes(`ab cd 01 00 00 01 00 00 00 00 00 00 ${NAME} ${A} 00 01`).toString('hex'),
    );
    expect(dnsQuery('web.prod', 'IPv6', 1).subarray(-4).toString('hex')).to.equal('001c0001');
  });
});

describe('readDnsAnswer', () => {
  const question = `${NAME} ${A} 00 01`;

  it('counts the addresses of the family, whether names are written out or pointed to', () => {
    expect(read(`${header('81 80', 1)} ${question} ${record(A, '0a 60 00 07')}`)).to.deep.equal({
      code: 0,
      addresses: 1,
    });
    const written = `${header('81 80', 2)} ${question} ${record(A, '0a 60 00 07', NAME)} ${record(A, '0a 60 00 08')}`;
    expect(read(written)?.addresses).to.equal(2);
    const alias = `${header('81 80', 2)} ${question} ${record('00 05', '01 78 c0 10')} ${record(A, '0a 60 00 07')}`;
    expect(read(alias)?.addresses).to.equal(1);
    const other = `${header('81 80', 1)} ${question} ${record(AAAA, '00'.repeat(16))}`;
    expect(read(other)?.addresses).to.equal(0);
  });

  it('reports the code of a name that is not there', () => {
    expect(read(`${header('81 83', 0)} ${question}`)).to.deep.equal({ code: 3, addresses: 0 });
  });

  it('counts what is there of a message that was cut', () => {
    const whole = bytes(`${header('81 80', 2)} ${question} ${record(A, '0a 60 00 07')} ${record(A, '0a 60 00 08')}`);
    const cut = (bytesLost: number) => readDnsAnswer(whole.subarray(0, -bytesLost), QUERY, 'IPv4')?.addresses;
    // All but its data; then not even its length; then only a pointer to its name.
    expect([cut(4), cut(5), cut(10), cut(14)]).to.deep.equal([2, 1, 1, 1]);
  });

  it('counts no record beside the answers', () => {
    const additional = record(A, '0a 60 00 07');
    expect(read(`${header('81 80', 0)} ${question} ${additional}`)?.addresses).to.equal(0);
    expect(
      read(`${header('81 80', 1)} ${question} ${record('00 05', '01 78 c0 10')} ${additional}`)?.addresses,
    ).to.equal(0);
  });

  it('is none if it is no answer to the query', () => {
    const answer = record(A, '0a 60 00 07');
    expect(read(`${header('81 80', 1, 'ab ce')} ${question} ${answer}`)).to.equal(null);
    expect(read(`${header('01 00', 1)} ${question} ${answer}`)).to.equal(null);
    expect(read(`${header('81 80', 1)} ${NAME} ${AAAA} 00 01 ${answer}`)).to.equal(null);
    expect(read(`${header('81 80', 1)} 03 77 65 63 04 70 72 6f 64 00 ${A} 00 01 ${answer}`)).to.equal(null);
    expect(read('ab cd 81')).to.equal(null);
    expect(read('')).to.equal(null);
    expect(read(header('81 80', 0))).to.equal(null);
  });

  it('does not mind the case of the name', () => {
    const shouted = `${header('81 80', 1)} 03 57 45 42 04 70 72 6f 64 00 ${A} 00 01 ${record(A, '0a 60 00 07')}`;
    expect(read(shouted)?.addresses).to.equal(1);
  });

  it('neither fails nor hangs, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (rest, whole) => {
        const start = whole ? bytes(`${header('81 80', 9)} ${question}`) : Buffer.alloc(0);
        readDnsAnswer(Buffer.concat([start, rest]), QUERY, 'IPv4');
      }),
    );
  });
});
