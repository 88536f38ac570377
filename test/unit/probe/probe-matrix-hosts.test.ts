import { expect } from 'chai';
import type { HostEndpoint } from '../../../src/deploy/index.ts';
import { probeMatrix } from '../../../src/probe/index.ts';
import { type Behaviour, endpoint, fakeTargets, OPEN, probe, TIMED_OUT } from './fake-targets.ts';

const PODS = ['prod/web', 'prod/api', 'dev/client'].map((name, index) =>
  endpoint(name, index, [{ number: 80, protocol: 'TCP' }]),
);
const verdicts = (observations: readonly { verdict: string }[]) => observations.map(({ verdict }) => verdict);

describe('probeMatrix with a host outside the cluster', () => {
  const OFFICE: HostEndpoint = {
    endpoint: 'host:office',
    container: 'podreach-office-x7k2a',
    addresses: ['172.17.5.10'],
    ports: [{ number: 80, protocol: 'TCP' }],
  };
  const CELLS = [probe('dev/client', 'host:office'), probe('host:office', 'prod/web')];
  const SEEN = { code: 0, ms: 10, output: '10.0.0.3:41234' };
  const withOffice = (behave: Behaviour, lost?: ReadonlyMap<string, string>) =>
    fakeTargets([...PODS, OFFICE], behave, undefined, lost);

  it('probes from it and to it, and tells by which address it saw the pod', async () => {
    const all = withOffice(({ tool }) => (tool === 'seen' ? SEEN : OPEN));
    const [out, back] = await probeMatrix(all, CELLS);
    expect(all.execs.sort()).to.deep.equal(['dev/client', 'host:office']);
    const heard = 'nc: connected after 10 ms; wget: answered after 10 ms';
    expect(out).to.include({ verdict: 'allowed', attempts: 1 });
    expect(out?.detail).to.equal(`${heard}; wget: seen as 10.0.0.3 after 10 ms`);
    expect(back).to.include({ verdict: 'allowed', attempts: 1, detail: heard });
  });

  it('is an error when what answers does not tell an address, or nothing tells it', async () => {
    for (const told of [{ code: 0, output: 'hello' }, TIMED_OUT, { code: 127 }]) {
      const all = withOffice(({ tool }) => (tool === 'seen' ? told : OPEN));
      expect((await probeMatrix(all, CELLS.slice(0, 1)))[0]).to.include({ verdict: 'error', attempts: 2 });
    }
  });

  it('is blocked when no tool gets through', async () => {
    const all = withOffice(() => TIMED_OUT);
    expect(verdicts(await probeMatrix(all, CELLS))).to.deep.equal(['dropped', 'dropped']);
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
