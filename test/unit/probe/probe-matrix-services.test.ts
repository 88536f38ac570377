import { expect } from 'chai';
import { probeMatrix } from '../../../src/probe/index.ts';
import { ownCacheHome } from '../host/cache-home.ts';
import { endpoint, fakeTargets, OPEN, probe, REFUSED, service, TIMED_OUT, type Told } from './fake-targets.ts';

const CLIENT = endpoint('dev/client', 0, []);
const BACKENDS = ['prod/web-1', 'prod/web-2'];
const PODS = BACKENDS.map((name, index) => endpoint(name, index + 1, []));
const [WEB_1 = '', WEB_2 = ''] = PODS.flatMap(({ addresses }) => addresses);
const toService = probe('dev/client', 'svc:prod/web');

describe('probeMatrix to a Service with several backends', () => {
  ownCacheHome();

  /** As each backend in turn answers through the Service, wget with its own answer; and as each does directly. */
  const turns = (behave: (turn: number) => Told, direct: (host: string) => Told = () => OPEN) =>
    fakeTargets([CLIENT, ...PODS, service(BACKENDS)], ({ id, tool, host }) => {
      if (host !== '10.96.0.7') return direct(host);
      const told = behave(id);
      if (told !== OPEN || tool !== 'wget') return told;
      return { code: 0, output: `prod-x7k2a/web-${1 + (id % 2)}:8080` };
    });

  it('is allowed if every connection gets through, and names the backends that were met', async () => {
    const [cell] = await probeMatrix(
      turns(() => OPEN),
      [toService],
    );
    expect(cell).to.include({ verdict: 'allowed', flaky: false, attempts: 1 });
    expect(cell?.detail).to.contain('answered by prod/web-1').and.to.contain('answered by prod/web-2');
  });

  it('is flaky, and never allowed, if some get through and others not', async () => {
    for (const blocked of [TIMED_OUT, REFUSED]) {
      const blockedDirectly = (host: string) => (host === WEB_1 ? blocked : OPEN);
      const [cell] = await probeMatrix(
        turns((turn) => (turn % 2 === 0 ? blocked : OPEN), blockedDirectly),
        [toService],
      );
      expect(cell?.verdict).to.equal(blocked === TIMED_OUT ? 'dropped' : 'rejected');
      expect(cell).to.include({ flaky: true, attempts: 1 });
      expect(cell?.detail).to.match(/^3 of 6 connections got through: /);
      expect(cell?.detail).to.contain('answered by prod/web-2').and.not.to.contain('answered by prod/web-1');
    }
  });

  it('is blocked, and not flaky, if none gets through', async () => {
    const [cell] = await probeMatrix(
      turns(() => TIMED_OUT),
      [toService],
    );
    expect(cell).to.include({ verdict: 'dropped', flaky: false, attempts: 1 });
  });

  it('counts every datagram over UDP', async () => {
    const udp = probe('dev/client', 'svc:prod/web', 53, 'UDP');
    const targets = (blocked: number) =>
      fakeTargets([CLIENT, ...PODS, service(BACKENDS)], ({ id, host }) =>
        host === WEB_1 || (host === '10.96.0.7' && id === blocked) ? TIMED_OUT : OPEN,
      );
    expect((await probeMatrix(targets(-1), [udp]))[0]).to.include({ verdict: 'allowed', flaky: false });
    expect((await probeMatrix(targets(4), [udp]))[0]).to.include({ verdict: 'dropped', flaky: true });
  });

  it('is tried again, more slowly, if some get through and others not though each backend answers directly', async () => {
    let times = 0;
    const once = turns((turn) => {
      if (turn === 0) times += 1;
      return times === 1 && turn === 3 ? TIMED_OUT : OPEN;
    });
    const [cell] = await probeMatrix(once, [toService], { retries: 0 });
    expect(cell).to.include({ verdict: 'allowed', flaky: false, attempts: 2 });
    expect(times).to.equal(2);
  });

  it('is tried again, more often, if all get through or none does though the backends differ', async () => {
    for (const first of [OPEN, TIMED_OUT]) {
      const connections: number[] = [];
      const lucky = turns(
        (turn) => {
          if (turn === 0) connections.push(0);
          connections.push((connections.pop() ?? 0) + 1);
          if (connections.length === 1) return first;
          return turn % 2 === 0 ? TIMED_OUT : OPEN;
        },
        (host) => (host === WEB_1 ? TIMED_OUT : OPEN),
      );
      const [cell] = await probeMatrix(lucky, [toService], { retries: 0 });
      expect(cell).to.include({ verdict: 'dropped', flaky: true, attempts: 2 });
      expect(cell?.detail)
        .to.contain('answered by prod/web-2')
        .and.to.match(/^12 of 24 connections got through: /);
      expect(connections).to.deep.equal([6, 24]);
    }
  });

  it('is what all connections say if so many agree, whatever the backends do when they are asked directly', async () => {
    for (const [told, verdict] of [
      [OPEN, 'allowed'],
      [TIMED_OUT, 'dropped'],
    ] as const) {
      const agreed = turns(
        () => told,
        (host) => (host === WEB_1 ? TIMED_OUT : OPEN),
      );
      const [cell] = await probeMatrix(agreed, [toService], { retries: 0 });
      expect(cell).to.include({ verdict, flaky: false, attempts: 2 });
    }
  });

  it('is tried so often at once if nothing can be asked directly', async () => {
    const connections = async (from: string, nodePort: boolean) => {
      let count = 0;
      const to = nodePort ? service(BACKENDS, { endpoint: 'nodeport:prod/web', way: 'nodeport' }) : service(BACKENDS);
      const targets = fakeTargets([CLIENT, ...PODS, to], ({ host }) => {
        if (host === '10.96.0.7') count += 1;
        return OPEN;
      });
      await probeMatrix(targets, [probe(from, to.endpoint)], {});
      return count;
    };
    expect(await connections('dev/client', true)).to.equal(24);
    expect(await connections('prod/web-1', false)).to.equal(24);
    expect(await connections('dev/client', false)).to.equal(6);
  });

  it('is an error if that stays so, neither flaky nor blocked', async () => {
    for (const blocked of [TIMED_OUT, REFUSED]) {
      const stuck = turns((turn) => (turn === 3 ? blocked : OPEN));
      const [cell] = await probeMatrix(stuck, [toService], { retries: 0 });
      expect(cell).to.include({ verdict: 'error', flaky: false, attempts: 7 });
      expect(cell?.detail).to.contain('though each backend answers directly');
    }
  });

  it('reports by the port that the backends serve, by the protocol and the family, in the same attempt', async () => {
    const asked: string[] = [];
    const udp = { ...probe('dev/client', 'svc:prod/web', 53, 'UDP'), family: 'IPv4' as const };
    const targets = fakeTargets([CLIENT, ...PODS, service(BACKENDS)], ({ id, host, port, tool }, _from, attempt) => {
      asked.push(`${attempt} ${tool} ${host} ${port}`);
      return host === '10.96.0.7' && id === 0 ? TIMED_OUT : OPEN;
    });
    const [cell] = await probeMatrix(targets, [udp], { retries: 0 });
    expect(cell?.verdict).to.equal('error');
    for (const attempt of [1, 2, 3, 4])
      expect(asked.filter((one) => one.startsWith(`${attempt} `) && !one.includes('10.96'))).to.deep.equal([
        ...Array(2).fill(`${attempt} udp ${WEB_1} 8080`),
        ...Array(2).fill(`${attempt} udp ${WEB_2} 8080`),
      ]);
  });

  it('does not ask beside it what the matrix asks, and shows nobody what it asked', async () => {
    let trials = 0;
    const all = turns(
      () => OPEN,
      () => {
        trials += 1;
        return OPEN;
      },
    );
    const observations = await probeMatrix(all, [
      toService,
      ...PODS.map(({ endpoint }) => probe('dev/client', endpoint, 8080)),
    ]);
    expect(observations).to.have.length(3);
    expect(all.execs).to.have.length(1);
    // Two backends with two tools each.
    expect(trials).to.equal(4);
    expect(
      await probeMatrix(
        turns(() => OPEN),
        [toService],
      ),
    ).to.have.length(1);
  });

  it('stays flaky if the source is a backend itself, which it reaches directly whatever the policies', async () => {
    const [own = CLIENT] = PODS;
    const [cell] = await probeMatrix(
      fakeTargets([...PODS, service(BACKENDS)], ({ id, host }) =>
        host === '10.96.0.7' && id === 0 ? TIMED_OUT : OPEN,
      ),
      [probe(own.endpoint, 'svc:prod/web')],
    );
    expect(cell).to.include({ verdict: 'dropped', flaky: true, attempts: 1 });
  });

  it('stays flaky by the port of a node, which sends on with another address', async () => {
    const nodePort = service(BACKENDS, { endpoint: 'nodeport:prod/web', way: 'nodeport' });
    const [cell] = await probeMatrix(
      fakeTargets([CLIENT, ...PODS, nodePort], ({ id, host }) => (host === '10.96.0.7' && id === 0 ? TIMED_OUT : OPEN)),
      [probe('dev/client', 'nodeport:prod/web')],
    );
    expect(cell).to.include({ verdict: 'dropped', flaky: true, attempts: 1 });
  });

  it('is an error if it is blocked and a server behind it does not even answer itself', async () => {
    const own = PODS.map(({ endpoint }) => probe(endpoint, endpoint, 8080));
    const dead = (host: string) =>
      fakeTargets([CLIENT, ...PODS, service(BACKENDS)], (asked, from) =>
        from === 'dev/client' || asked.host === host ? TIMED_OUT : OPEN,
      );
    const [blocked] = await probeMatrix(dead(WEB_2), [toService, ...own]);
    expect(blocked).to.include({ verdict: 'error', flaky: false });
    expect(blocked?.detail).to.contain('prod/web-2 does not even answer itself there');
    const [sound] = await probeMatrix(dead('none'), [toService, ...own]);
    expect(sound).to.include({ verdict: 'dropped' });
  });

  it('takes a late answer beside a blocked one for no sign of a busy machine', async () => {
    const late = turns(
      (turn) => (turn === 2 ? { code: 0, ms: 1_400, output: 'prod-x7k2a/web-1:8080' } : turn === 3 ? TIMED_OUT : OPEN),
      () => TIMED_OUT,
    );
    const [cell, other] = await probeMatrix(late, [toService, probe('dev/client', 'prod/web-1', 8080)], {
      retries: 0,
    });
    expect(cell).to.include({ verdict: 'dropped', flaky: true, attempts: 1 });
    expect(other).to.include({ verdict: 'dropped', attempts: 1 });
  });

  it('counts a late answer as one if none is blocked, whatever the cell', async () => {
    let times = 0;
    const busy = turns(
      (turn) => {
        if (turn === 0) times += 1;
        return times === 1 ? { code: 0, ms: 1_400, output: 'prod-x7k2a/web-1:8080' } : OPEN;
      },
      () => (times === 1 ? TIMED_OUT : OPEN),
    );
    const [cell, other] = await probeMatrix(busy, [toService, probe('dev/client', 'prod/web-1', 8080)], {
      retries: 0,
    });
    expect(cell).to.include({ verdict: 'allowed', attempts: 2 });
    expect(other).to.include({ verdict: 'allowed', attempts: 2, flaky: false });
  });

  it('is an error if one connection breaks', async () => {
    const [cell] = await probeMatrix(
      turns((turn) => (turn === 3 ? { code: 127, output: 'wget: not found' } : OPEN)),
      [toService],
    );
    expect(cell).to.include({ verdict: 'error', flaky: false, attempts: 2 });
  });
});
