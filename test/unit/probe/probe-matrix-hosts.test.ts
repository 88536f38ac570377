import { expect } from 'chai';
import type { HostEndpoint } from '../../../src/deploy/index.ts';
import { probeMatrix } from '../../../src/probe/index.ts';
import type { Probe } from '../../../src/scenario/index.ts';
import { ownCacheHome } from '../host/cache-home.ts';
import { type Behaviour, endpoint, fakeTargets, OPEN, probe, TIMED_OUT } from './fake-targets.ts';

const PODS = ['prod/web', 'prod/api', 'dev/client'].map((name, index) =>
  endpoint(name, index, [{ number: 80, protocol: 'TCP' }]),
);
const verdicts = (observations: readonly { verdict: string }[]) => observations.map(({ verdict }) => verdict);

describe('probeMatrix with a host outside the cluster', () => {
  ownCacheHome();
  const OFFICE: HostEndpoint = {
    kind: 'host',
    endpoint: 'host:office',
    container: 'podreach-office-x7k2a',
    addresses: ['172.17.5.10'],
    ports: [{ number: 80, protocol: 'TCP' }],
  };
  const CELLS = [probe('dev/client', 'host:office'), probe('host:office', 'prod/web')];
  const SEEN = { code: 0, ms: 10, output: '10.0.0.3:41234' };
  const withOffice = (behave: Behaviour, lost?: ReadonlyMap<string, string>) =>
    fakeTargets([...PODS, OFFICE], behave, undefined, lost);

  it('probes from it and to it, and reports by which address it saw the pod', async () => {
    const all = withOffice(({ tool }) => (tool === 'seen' ? SEEN : OPEN));
    const [out, back] = await probeMatrix(all, CELLS);
    expect(all.execs.sort()).to.deep.equal(['dev/client', 'host:office']);
    const heard = 'nc: connected after 10 ms; wget: answered after 10 ms';
    expect(out).to.include({ verdict: 'allowed', attempts: 1 });
    expect(out?.detail).to.equal(`${heard}; wget: seen as 10.0.0.3 after 10 ms`);
    expect(back).to.include({ verdict: 'allowed', attempts: 1, detail: heard });
  });

  it('is an error if the answer has no address, or if there is none', async () => {
    for (const told of [{ code: 0, output: 'hello' }, TIMED_OUT, { code: 127 }]) {
      const all = withOffice(({ tool }) => (tool === 'seen' ? told : OPEN));
      expect((await probeMatrix(all, CELLS.slice(0, 1)))[0]).to.include({ verdict: 'error', attempts: 2 });
    }
  });

  it('is blocked when no tool gets through, though it answers itself', async () => {
    const all = withOffice(({ host, tool }, from) => {
      if (from !== 'host:office' || host !== OFFICE.addresses[0]) return TIMED_OUT;
      return tool === 'seen' ? SEEN : OPEN;
    });
    const observations = await probeMatrix(all, CELLS);
    expect(observations.map(({ from, to, verdict }) => `${from} ${to} ${verdict}`)).to.deep.equal([
      'dev/client host:office dropped',
      'host:office prod/web dropped',
    ]);
  });

  it('is an error when a server there does not even answer itself, on that port and in that family alone', async () => {
    const both = { ...OFFICE, addresses: ['172.17.5.10', 'fd00:5::10'] };
    const client = { ...endpoint('dev/client', 2, []), addresses: ['10.0.0.3', 'fd00::3'] };
    const cells = (['IPv4', 'IPv6'] as const).flatMap((family) => [
      { ...probe('dev/client', 'host:office'), family },
      { ...probe('dev/client', 'host:office', 53, 'UDP'), family },
    ]);
    for (const silent of [TIMED_OUT, { code: 1, output: 'nc: Connection refused' }, { code: 127 }]) {
      const all = fakeTargets([client, both], ({ host, port, tool }, from) => {
        if (from !== 'host:office') return TIMED_OUT;
        if (host === 'fd00:5::10' && port === 80) return silent;
        return tool === 'seen' ? SEEN : OPEN;
      });
      const observations = await probeMatrix(all, cells);
      expect(verdicts(observations)).to.deep.equal(['dropped', 'dropped', 'error', 'dropped']);
      expect(observations[2]?.detail).to.contain('host:office does not even answer itself');
    }
  });

  it('is not asked from itself if nothing goes to it, or if that is asked for', async () => {
    const out = withOffice(() => OPEN);
    await probeMatrix(out, CELLS.slice(1));
    expect(out.execs).to.deep.equal(['host:office']);
    let trials = 0;
    const own = withOffice(({ tool }) => {
      trials += 1;
      return tool === 'seen' ? SEEN : OPEN;
    });
    const observations = await probeMatrix(own, [probe('host:office', 'host:office'), CELLS[0] as Probe]);
    expect(verdicts(observations)).to.deep.equal(['allowed', 'allowed']);
    expect(own.execs.sort()).to.deep.equal(['dev/client', 'host:office']);
    // Two cells with three tools each.
    expect(trials).to.equal(6);
  });

  it('is an error, both ways, when its container did not live through it', async () => {
    const lost = new Map([['host:office', 'its container is exited']]);
    const observations = await probeMatrix(
      withOffice(() => TIMED_OUT, lost),
      [...CELLS, probe('dev/client', 'prod/web')],
    );
    expect(verdicts(observations)).to.deep.equal(['error', 'error', 'dropped']);
    expect(observations[0]?.detail).to.contain('host:office').and.contain('its container is exited');
  });
});
