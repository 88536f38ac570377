import { expect } from 'chai';
import { readPort } from '../../../../src/model/read/port.ts';
import { TOP } from '../../../../src/model/read/spot.ts';
import { reading, soundly } from './reading.ts';

const FORM = 'a name has up to 15 lower case letters and digits, with at least one letter, and single "-" between them';

describe('reading a port of a rule', () => {
  const ports: Readonly<Record<string, readonly [written: unknown, expected: object]>> = {
    'a number, of TCP': [{ port: 80 }, { protocol: 'TCP', first: 80, last: 80 }],
    'a number and a protocol': [
      { port: 53, protocol: 'UDP' },
      { protocol: 'UDP', first: 53, last: 53 },
    ],
    'a range': [
      { port: 80, endPort: 90 },
      { protocol: 'TCP', first: 80, last: 90 },
    ],
    'a range of one': [
      { port: 80, endPort: 80 },
      { protocol: 'TCP', first: 80, last: 80 },
    ],
    'a protocol: all its ports': [{ protocol: 'SCTP' }, { protocol: 'SCTP', first: 1, last: 65535 }],
    'nothing: all TCP ports': [{}, { protocol: 'TCP', first: 1, last: 65535 }],
    'null, which is nothing': [null, { protocol: 'TCP', first: 1, last: 65535 }],
    'a name': [
      { port: 'http', protocol: null, endPort: null },
      { protocol: 'TCP', name: 'http' },
    ],
  };
  for (const [name, [written, expected]] of Object.entries(ports))
    it(name, () => {
      expect(soundly((tell) => readPort(written, TOP, tell))).to.deep.equal({ ...expected, path: [] });
    });

  const refused: Readonly<Record<string, readonly [written: unknown, ...problems: readonly string[]]>> = {
    'port 0': [{ port: 0 }, "port: invalid port 0: 1 to 65535, or a port's name"],
    'a port above the last': [{ port: 65536 }, "port: invalid port 65536: 1 to 65535, or a port's name"],
    'a fraction': [{ port: 80.5 }, "port: invalid port 80.5: 1 to 65535, or a port's name"],
    'no number': [{ port: true }, "port: invalid port true: 1 to 65535, or a port's name"],
    'a quoted number': [{ port: '80' }, 'port: invalid port "80": write a number without quotes'],
    'a wrong name': [{ port: 'HTTP' }, `port: invalid port "HTTP": ${FORM}`],
    'a list': [{ port: [80] }, "port: invalid port a list: 1 to 65535, or a port's name"],
    'a number with a letter behind': [{ port: '80A' }, `port: invalid port "80A": ${FORM}`],
    'a number with a letter before': [{ port: 'A80' }, `port: invalid port "A80": ${FORM}`],
    'an endPort below': [{ port: 80, endPort: 79 }, 'endPort: endPort 79 is below port 80'],
    'an endPort above the last': [
      { port: 80, endPort: 65536 },
      'endPort: invalid endPort 65536: a number from 1 to 65535',
    ],
    'an endPort that is text': [{ port: 80, endPort: '90' }, 'endPort: invalid endPort "90": a number from 1 to 65535'],
    'an endPort alone': [{ endPort: 90 }, 'endPort: endPort 90 has no port to start at'],
    'an endPort beside a name': [
      { port: 'http', endPort: 90 },
      'endPort: endPort 90 needs a port number to start at, not a name',
    ],
    'both wrong': [
      { port: 0, endPort: 0 },
      "port: invalid port 0: 1 to 65535, or a port's name",
      'endPort: invalid endPort 0: a number from 1 to 65535',
    ],
    'another protocol': [
      { protocol: 'tcp' },
      'protocol: "tcp" is not a valid protocol; the nearest valid protocol is "TCP"',
    ],
    'a protocol that is no string': [{ protocol: 6 }, 'protocol: expected one of TCP, UDP, SCTP, got the number 6'],
    'no mapping': [80, ': expected a mapping, got the number 80'],
  };
  for (const [name, [written, ...problems]] of Object.entries(refused))
    it(`refuses ${name}`, () => {
      expect(reading((tell) => readPort(written, TOP, tell))).to.deep.equal([null, problems]);
    });

  it('refuses a misspelt key', () => {
    const [, problems] = reading((tell) => readPort({ prot: 80 }, TOP, tell));
    expect(problems).to.deep.equal(['prot (key): unknown key "prot"; the nearest valid key is "port"']);
  });
});
