import { expect } from 'chai';
import { columnsNamed } from '../../../src/scenario/rule-ports.ts';
import { createNearest } from '../../../src/text.ts';

const COLUMNS = [
  { of: 'web', port: { number: 80, protocol: 'TCP', name: 'http' } },
  { of: 'web', port: { number: 53, protocol: 'UDP' } },
  { of: 'api', port: { number: 8080, protocol: 'TCP', name: 'http' } },
] as const;

/** The columns that a rule's port names, and what is said of it. */
const named = (written: Parameters<typeof columnsNamed>[0]) => {
  const problems: string[] = [];
  const found = columnsNamed(written, COLUMNS, createNearest(), (path, message) =>
    problems.push(`${path.join('.')}: ${message}`),
  );
  return { ports: found.map(({ of, port }) => `${of} ${port.number}`), problems };
};

describe('columnsNamed', () => {
  it('are all if a rule names no port', () => {
    expect(named(undefined).ports).to.deep.equal(['web 80', 'web 53', 'api 8080']);
  });

  it('are those with the number and the protocol, TCP if none is given', () => {
    expect(named(80).ports).to.deep.equal(['web 80']);
    expect(named('53/UDP').ports).to.deep.equal(['web 53']);
    expect(named([8080, '53/UDP']).ports).to.deep.equal(['api 8080', 'web 53']);
  });

  it('are those with the name, whatever their number', () => {
    expect(named('http').ports).to.deep.equal(['web 80', 'api 8080']);
  });

  it('are none for a port that nobody has, which is said at its place', () => {
    expect(named(53).ports).to.deep.equal([]);
    expect(named(53).problems[0]).to.match(/^port: port "53\/TCP" matches no port of these destinations/);
    expect(named([80, 'htpp']).problems[0]).to.match(/^port\.1: port "htpp" matches no port .*"http"/);
  });
});
