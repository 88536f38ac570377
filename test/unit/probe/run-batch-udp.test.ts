import { expect } from 'chai';
import type { Endpoint } from '../../../src/deploy/index.ts';
import { hostnameOf } from '../../../src/deploy/index.ts';
import { answers, batchOf, OFFICE, WEB } from './batch-of.ts';
import { endpoint, probe, service } from './fake-targets.ts';

describe('runBatch over UDP', () => {
  const toWeb = probe('prod/api', 'prod/web', 53, 'UDP');
  const API = { ...endpoint('prod/api', 7, [{ number: 5353, protocol: 'UDP' }]), addresses: ['10.0.0.8', 'fd00::8'] };
  const WEB_UDP = { ...WEB, ports: [{ number: 53, protocol: 'UDP' as const }] };
  const named = (output: string) => () => ({ code: 0, output });

  it('asks a pod for its hostname by two datagrams, each from a port of its own that its source does not serve', async () => {
    const { trials, asked, readings } = await batchOf([toWeb], named(hostnameOf(WEB)), [WEB_UDP, API]);
    expect(trials).to.deep.equal(['0,udp,10.0.0.1,53,hostname,,12000', '1,udp,10.0.0.1,53,hostname,,12001']);
    expect(asked).to.deep.equal([{ addresses: API.addresses, count: 2, served: [53, 5353] }]);
    expect(readings[0]?.map(({ verdict }) => verdict)).to.deep.equal(['allowed', 'allowed']);
  });

  it('takes ports by the name of a source whose addresses are not known', async () => {
    const { asked } = await batchOf([toWeb], named(hostnameOf(WEB)), [WEB_UDP]);
    expect(asked.map(({ addresses }) => addresses)).to.deep.equal([['prod/api']]);
  });

  it('takes the hostname of another pod, of one of the same name elsewhere too, for a wrong endpoint', async () => {
    for (const other of [
      { namespace: 'prod-x7k2a', pod: 'api' },
      { namespace: 'prod-abcde', pod: 'web' },
    ]) {
      const { readings } = await batchOf([toWeb], named(hostnameOf(other)), [WEB_UDP, API]);
      expect(readings[0]?.map(({ verdict }) => verdict)).to.deep.equal(['error', 'error']);
    }
  });

  it('takes the name of the node from a pod in its network, in full or its first label', async () => {
    const onNode = { ...WEB_UDP, node: 'n1.example.org', hostNetwork: true };
    for (const [name, verdict] of [
      ['n1.example.org', 'allowed'],
      ['n1', 'allowed'],
      ['n2', 'error'],
      [hostnameOf(WEB), 'error'],
    ] as const) {
      const { readings } = await batchOf([toWeb], named(name), [onNode, API]);
      expect(readings[0]?.[0]?.verdict, name).to.equal(verdict);
    }
  });

  it('asks a host for its name too', async () => {
    const { trials, readings } = await batchOf([probe('prod/api', 'host:office', 53, 'UDP')], answers, [OFFICE, API]);
    expect(trials[0]).to.equal('0,udp,172.17.5.10,53,hostname,,12000');
    expect(readings[0]?.map(({ verdict }) => verdict)).to.deep.equal(['allowed', 'allowed']);
  });

  it('says which backend of a Service answered', async () => {
    const BACKENDS = ['prod/web-1', 'prod/web-2'];
    const toService = probe('prod/api', 'svc:prod/web', 53, 'UDP');
    const second = hostnameOf({ namespace: 'prod-x7k2a', pod: 'web-2' });
    const { readings } = await batchOf([toService], named(second), [service(BACKENDS), API]);
    expect(readings[0]).to.have.length(6);
    expect(readings[0]?.[0]?.detail).to.equal('nc -u: answered by prod/web-2 after 10 ms');
  });

  it('knocks at a server that is not ours with a number that it may send back', async () => {
    const existing = { ...WEB_UDP, existing: true } as unknown as Endpoint;
    const { trials } = await batchOf([toWeb], named('what?'), [existing, API]);
    expect(trials).to.have.length(1);
    expect(trials[0]).to.match(/^0,knock,10\.0\.0\.1,53,echo [0-9a-f]{12},,12000$/);
  });

  it('takes no ports if no datagram is sent', async () => {
    const { asked } = await batchOf([probe('prod/api', 'prod/web')], answers, [WEB, API]);
    expect(asked).to.deep.equal([]);
  });
});
