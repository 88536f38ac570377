import { expect } from 'chai';
import { type HostEndpoint, isHost, isService, questionOf } from '../../../src/deploy/index.ts';
import { byName, endpoint, service } from '../probe/fake-targets.ts';

const TCP = { port: 80, protocol: 'TCP' } as const;
const WEB = { ...endpoint('prod/web', 0, []), addresses: ['fd00::1', '10.0.0.1'] };
const OFFICE: HostEndpoint = {
  endpoint: 'host:office',
  container: 'podreach-office-x7k2a',
  addresses: ['172.17.5.10'],
  ports: [],
};
const asked = (...args: Parameters<typeof questionOf>) => {
  const { answers, ...question } = questionOf(...args);
  return { ...question, answers: Object.fromEntries(answers) };
};

describe('questionOf', () => {
  it("is for a pod's own answer on that port, by its cluster's name", () => {
    expect(asked(WEB, TCP)).to.deep.equal({
      ...{ host: 'fd00::1', port: 80, path: '' },
      answers: { 'prod-x7k2a/web:80': 'prod/web' },
    });
  });

  it('goes to the address of the family, and nowhere where there is none', () => {
    expect(asked(WEB, { ...TCP, family: 'IPv4' }).host).to.equal('10.0.0.1');
    expect(asked(WEB, { ...TCP, family: 'IPv6' }).host).to.equal('fd00::1');
    expect(asked(OFFICE, { ...TCP, family: 'IPv6' }).host).to.equal('');
  });

  it('is for the name of a host outside the cluster', () => {
    expect(asked(OFFICE, TCP)).to.deep.equal({
      ...{ host: '172.17.5.10', port: 80, path: 'hostname' },
      answers: { 'podreach-office-x7k2a': 'host:office' },
    });
  });

  it('is for any backend of a Service, on the port that it serves', () => {
    expect(asked(service(['prod/web-1', 'prod/web-2']), TCP)).to.deep.equal({
      ...{ host: '10.96.0.7', port: 80, path: '' },
      answers: { 'prod-x7k2a/web-1:8080': 'prod/web-1', 'prod-x7k2a/web-2:8080': 'prod/web-2' },
    });
  });

  it('goes to the port of the node, and to the name, where those lead to a Service', () => {
    const translations = new Map([['80/TCP', { port: 30_080, backends: [] }]]);
    expect(asked(service([], { translations }), TCP)).to.include({ port: 30_080 });
    expect(asked(byName(['prod/web']), { ...TCP, family: 'IPv6' })).to.include({
      host: 'web.prod-x7k2a.svc.cluster.local.',
      port: 80,
    });
  });

  it('has no right answer on a port that the Service lacks', () => {
    expect(asked(service(['prod/web']), { port: 81, protocol: 'TCP' }).answers).to.deep.equal({});
    expect(asked(service(['prod/web']), { port: 80, protocol: 'UDP' }).answers).to.deep.equal({});
  });
});

describe('the kinds of endpoints', () => {
  it('are told apart', () => {
    const kinds = [WEB, OFFICE, service([])].map((one) => [isHost(one), isService(one)]);
    expect(kinds).to.deep.equal([
      [false, false],
      [true, false],
      [false, true],
    ]);
  });
});
