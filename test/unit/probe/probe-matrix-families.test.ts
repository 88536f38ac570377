import { expect } from 'chai';
import { probeMatrix } from '../../../src/probe/index.ts';
import { endpoint, fakeTargets, OPEN, probe, REFUSED, TIMED_OUT } from './fake-targets.ts';

describe('probeMatrix over two families', () => {
  const web = { ...endpoint('prod/web', 1, []), addresses: ['10.0.0.2', 'fd00::2'] };
  const client = { ...endpoint('dev/client', 0, []), addresses: ['10.0.0.1', 'fd00::1'] };
  const both = (from: string, to: string) =>
    (['IPv4', 'IPv6'] as const).map((family) => ({ ...probe(from, to), family }));

  it('observes each family by itself', async () => {
    const targets = fakeTargets([client, web], ({ host }) => (host === 'fd00::2' ? TIMED_OUT : OPEN));
    const observations = await probeMatrix(targets, both('dev/client', 'prod/web'));
    expect(observations.map(({ family, verdict }) => [family, verdict])).to.deep.equal([
      ['IPv4', 'allowed'],
      ['IPv6', 'dropped'],
    ]);
  });

  it('takes a server that is unresponsive in one family as broken in that family only', async () => {
    const targets = fakeTargets([client, web], ({ host }, from) => {
      if (host === 'fd00::2') return REFUSED;
      return from === 'dev/client' ? TIMED_OUT : OPEN;
    });
    const cells = [...both('dev/client', 'prod/web'), ...both('prod/web', 'prod/web')];
    const [four, six] = await probeMatrix(targets, cells);
    expect(four?.verdict).to.equal('dropped');
    expect(six?.verdict).to.equal('error');
    expect(six?.detail).to.contain('does not even answer itself');
  });

  it('names no family if none was asked for', async () => {
    const [observation] = await probeMatrix(
      fakeTargets([client, web], () => OPEN),
      [probe('dev/client', 'prod/web')],
    );
    expect(observation).not.to.have.property('family');
  });
});
