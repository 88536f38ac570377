import { expect } from 'chai';
import { probeMatrix } from '../../../src/probe/index.ts';
import { byName, endpoint, fakeTargets, OPEN, probe, REFUSED, service, TIMED_OUT, type Told } from './fake-targets.ts';

const CLIENT = endpoint('dev/client', 0, []);
const BACKENDS = ['prod/web-1', 'prod/web-2'];
const toService = probe('dev/client', 'svc:prod/web');
const toName = probe('dev/client', 'dns:prod/web');

describe('probeMatrix to a Service with several backends', () => {
  /** As each backend in turn answers; wget's answer is its own. */
  const turns = (behave: (turn: number) => Told) =>
    fakeTargets([CLIENT, service(BACKENDS)], ({ id, tool }) => {
      const told = behave(id);
      if (told !== OPEN || tool !== 'wget') return told;
      return { code: 0, output: `prod-x7k2a/web-${1 + (id % 2)}:8080` };
    });

  it('is allowed where every connection gets through, and names the backends that were met', async () => {
    const [cell] = await probeMatrix(
      turns(() => OPEN),
      [toService],
    );
    expect(cell).to.include({ verdict: 'allowed', flaky: false, attempts: 1 });
    expect(cell?.detail).to.contain('answered by prod/web-1').and.to.contain('answered by prod/web-2');
  });

  it('is flaky, and never allowed, where some get through and others not', async () => {
    for (const blocked of [TIMED_OUT, REFUSED]) {
      const [cell] = await probeMatrix(
        turns((turn) => (turn % 2 === 0 ? blocked : OPEN)),
        [toService],
      );
      expect(cell?.verdict).to.equal(blocked === TIMED_OUT ? 'dropped' : 'rejected');
      expect(cell).to.include({ flaky: true, attempts: 1 });
      expect(cell?.detail).to.match(/^3 of 6 connections got through: /);
      expect(cell?.detail).to.contain('answered by prod/web-2').and.not.to.contain('answered by prod/web-1');
    }
  });

  it('is blocked, and not flaky, where none gets through', async () => {
    const [cell] = await probeMatrix(
      turns(() => TIMED_OUT),
      [toService],
    );
    expect(cell).to.include({ verdict: 'dropped', flaky: false, attempts: 1 });
  });

  it('counts every datagram over UDP', async () => {
    const udp = probe('dev/client', 'svc:prod/web', 53, 'UDP');
    const targets = (blocked: number) =>
      fakeTargets([CLIENT, service(BACKENDS)], ({ id }) => (id === blocked ? TIMED_OUT : OPEN));
    expect((await probeMatrix(targets(-1), [udp]))[0]).to.include({ verdict: 'allowed', flaky: false });
    expect((await probeMatrix(targets(4), [udp]))[0]).to.include({ verdict: 'dropped', flaky: true });
  });

  it('is an error where one connection breaks', async () => {
    const [cell] = await probeMatrix(
      turns((turn) => (turn === 3 ? { code: 127, output: 'wget: not found' } : OPEN)),
      [toService],
    );
    expect(cell).to.include({ verdict: 'error', flaky: false, attempts: 2 });
  });
});

describe('probeMatrix by a name', () => {
  const named = (behave: (tool: string) => Told) =>
    fakeTargets([CLIENT, byName(['prod/web'])], ({ tool }) => behave(tool));

  it('says nothing of the look-up where it went well', async () => {
    const [cell] = await probeMatrix(
      named(() => OPEN),
      [toName],
    );
    expect(cell).to.include({ verdict: 'allowed', flaky: false });
    expect(cell?.detail).to.equal('nc: connected after 10 ms; wget: answered after 10 ms');
  });

  it('is blocked where the name is not looked up, and says that this is why', async () => {
    const unresolved = { code: 1, ms: 30, output: 'nc: getaddrinfo: Temporary failure in name resolution' };
    const [cell] = await probeMatrix(
      named((tool) => (tool === 'name' ? TIMED_OUT : unresolved)),
      [toName],
    );
    expect(cell).to.include({ verdict: 'dropped', flaky: false, attempts: 1 });
    expect(cell?.detail).to.equal('nslookup: no answer after 2000 ms');
  });

  it('is blocked where the name is looked up, and nothing gets through', async () => {
    const [cell] = await probeMatrix(
      named((tool) => (tool === 'name' ? OPEN : TIMED_OUT)),
      [toName],
    );
    expect(cell).to.include({ verdict: 'dropped', flaky: false });
    expect(cell?.detail).to.match(/^nc: no answer/);
  });
});

describe('probeMatrix over two families', () => {
  const web = { ...endpoint('prod/web', 1, []), addresses: ['10.0.0.2', 'fd00::2'] };
  const client = { ...CLIENT, addresses: ['10.0.0.1', 'fd00::1'] };
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

  it('takes a server that is deaf in one family for broken in that one alone', async () => {
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

  it('names no family where none was asked for', async () => {
    const [observation] = await probeMatrix(
      fakeTargets([client, web], () => OPEN),
      [probe('dev/client', 'prod/web')],
    );
    expect(observation).not.to.have.property('family');
  });
});
