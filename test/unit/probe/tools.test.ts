import { expect } from 'chai';
import type { HostEndpoint } from '../../../src/deploy/index.ts';
import { isSpread, toolsOf } from '../../../src/probe/tools.ts';
import { byName, endpoint, service } from './fake-targets.ts';

type Terse = Parameters<typeof toolsOf>[0];

describe('toolsOf', () => {
  const TCP: Terse = { port: 80, protocol: 'TCP' };
  const UDP: Terse = { port: 53, protocol: 'UDP' };
  const SCTP: Terse = { port: 9000, protocol: 'SCTP' };
  const pod = endpoint('prod/web', 0, []);
  const host: HostEndpoint = {
    kind: 'host',
    endpoint: 'host:office',
    container: 'podreach-office-x',
    addresses: ['172.17.5.10'],
    ports: [],
  };

  it('tries TCP to a pod twice, and to a host once more, for the address that the host sees', () => {
    expect(toolsOf(TCP)).to.deep.equal(['nc', 'wget']);
    expect(toolsOf(TCP, pod)).to.deep.equal(['nc', 'wget']);
    expect(toolsOf(TCP, host)).to.deep.equal(['nc', 'wget', 'seen']);
  });

  it('tries UDP twice and SCTP once, wherever it goes', () => {
    for (const to of [undefined, pod, host]) {
      expect(toolsOf(UDP, to)).to.deep.equal(['udp', 'udp']);
      expect(toolsOf(SCTP, to)).to.deep.equal(['sctp']);
    }
  });

  it('tries a Service with one backend as a pod, and looks a name up before, by two queries', () => {
    expect(toolsOf(TCP, service(['prod/web']))).to.deep.equal(['nc', 'wget']);
    expect(toolsOf(TCP, byName(['prod/web']))).to.deep.equal(['name', 'name', 'nc', 'wget']);
    // Without any port there is nothing to connect to.
    expect(toolsOf(TCP, { ...byName(['prod/web']), translations: new Map() })).to.deep.equal(['name', 'name']);
  });

  it('tries a Service three times for each of several backends, of which eight are as many as are likely to be met', () => {
    const connections = (count: number, probe = TCP) => {
      const backends = Array.from({ length: count }, (_, index) => `prod/web-${index}`);
      return toolsOf(probe, service(backends));
    };
    expect(connections(2)).to.deep.equal(['nc', ...Array(5).fill('wget')]);
    expect(connections(3)).to.have.length(9);
    expect(connections(8)).to.have.length(24);
    expect(connections(50)).to.have.length(24);
    expect(connections(2, UDP)).to.deep.equal(Array(6).fill('udp'));
    expect(toolsOf(TCP, byName(['prod/a', 'prod/b']))).to.deep.equal(['name', 'name', 'nc', ...Array(5).fill('wget')]);
  });

  it('tries a Service four times as often where it has to meet each backend', () => {
    const connections = (count: number, probe = TCP) => {
      const backends = Array.from({ length: count }, (_, index) => `prod/web-${index}`);
      return toolsOf(probe, service(backends), { surely: true });
    };
    expect(connections(2)).to.deep.equal(['nc', ...Array(23).fill('wget')]);
    expect(connections(3, UDP)).to.deep.equal(Array(36).fill('udp'));
    expect(connections(50)).to.have.length(96);
    expect(connections(1)).to.deep.equal(['nc', 'wget']);
    expect(toolsOf(TCP, pod, { surely: true })).to.deep.equal(['nc', 'wget']);
  });

  it('asks no more of a server that is not ours than whether it is there', () => {
    const existing = { ...pod, existing: true } as unknown as typeof pod;
    expect([TCP, UDP, SCTP].map((one) => toolsOf(one, existing))).to.deep.equal([['connect'], ['knock'], ['sctp']]);
  });

  it('tries SCTP of a Service by the same connection, each time', () => {
    const [one] = service(['prod/web-1', 'prod/web-2']).translations.values();
    if (!one) return expect.fail('no translation');
    const translations = new Map([['9000/SCTP', one]]);
    expect(toolsOf(SCTP, service([], { translations }))).to.deep.equal(Array(6).fill('sctp'));
    expect(toolsOf(TCP, service([], { translations }))).to.deep.equal(['nc', 'wget']);
  });

  it('takes the backends of the port that is probed, and spreads nothing but Services', () => {
    const [one] = service(['prod/web-1']).translations.values();
    const [two] = service(['prod/web-1', 'prod/web-2']).translations.values();
    if (!one || !two) return expect.fail('no translation');
    const translations = new Map([
      ['80/TCP', one],
      ['53/UDP', two],
    ]);
    const mixed = service([], { translations });
    expect([isSpread(TCP, mixed), isSpread(UDP, mixed)]).to.deep.equal([false, true]);
    expect(toolsOf(TCP, mixed)).to.have.length(2);
    for (const to of [undefined, pod, host]) expect(isSpread(TCP, to)).to.equal(false);
  });
});
