import { expect } from 'chai';
import type { ServiceEndpoint } from '../../../src/deploy/index.ts';
import { baseline } from '../../../src/probe/baseline.ts';
import { failureOf } from '../failure-of.ts';
import { ownCacheHome } from '../host/cache-home.ts';
import { skipPauses } from '../skip-pauses.ts';
import { endpoint, fakeTargets, OPEN, probe, service, type Told } from './fake-targets.ts';

const BACKENDS = ['prod/web-1', 'prod/web-2'];
const PODS = BACKENDS.map((name, index) => endpoint(name, index + 2, []));
const CLIENTS = ['dev/near', 'dev/far'].map((name, index) => ({ ...endpoint(name, index, []), node: `n${index + 1}` }));
const PROBES = CLIENTS.map(({ endpoint: from }) => probe(from, 'svc:prod/web'));

/** As kube-proxy on the client's node leads its connections. */
type Lead = (from: string, attempt: number, connection: number) => 1 | 2;

const targetsOf = (lead: Lead, changes: Partial<ServiceEndpoint> = {}) =>
  fakeTargets([...CLIENTS, ...PODS, service(BACKENDS, changes)], ({ id, tool, host }, from, attempt): Told => {
    if (host !== '10.96.0.7' || tool !== 'wget') return OPEN;
    return { code: 0, output: `prod-x7k2a/web-${lead(from, attempt, id)}:8080` };
  });

const both: Lead = (_from, _attempt, connection) => (connection % 2 === 0 ? 1 : 2);

describe('baseline through a Service with several backends', () => {
  ownCacheHome();
  skipPauses();

  it('is proven at once if each of them has answered on each node', async () => {
    const targets = targetsOf(both);
    await baseline(targets, PROBES);
    expect(targets.execs).to.have.length(2);
  });

  it('waits for a node that does not know one of them yet, and asks again only from there', async () => {
    const targets = targetsOf((from, attempt, connection) =>
      from === 'dev/far' && attempt < 3 ? 1 : both(from, attempt, connection),
    );
    await baseline(targets, PROBES);
    expect(targets.execs).to.deep.equal(['dev/near', 'dev/far', 'dev/far', 'dev/far']);
  });

  it('names the backend that was never met, and from where', async () => {
    const targets = targetsOf((from, attempt, connection) =>
      from === 'dev/far' ? 1 : both(from, attempt, connection),
    );
    const { message } = await failureOf(baseline(targets, PROBES, { deadlineMs: 50 }));
    expect(message).to.match(/: svc:prod\/web 80\/TCP never leads dev\/far to prod\/web-2$/);
  });

  it('needs only one of them where a client is kept at it, or where another node chooses', async () => {
    for (const changes of [{ sticky: true }, { way: 'nodeport' }] as const) {
      const targets = targetsOf(() => 1, changes);
      await baseline(targets, PROBES, { deadlineMs: 50 });
      expect(targets.execs).to.have.length(2);
    }
  });
});
