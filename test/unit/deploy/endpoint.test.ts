import { expect } from 'chai';
import { type HostEndpoint, hostnameOf, isHost, isService, questionOf } from '../../../src/deploy/index.ts';
import { byName, endpoint, service } from '../probe/fake-targets.ts';

const TCP = { port: 80, protocol: 'TCP' } as const;
const WEB = { ...endpoint('prod/web', 0, []), addresses: ['fd00::1', '10.0.0.1'] };
const OFFICE: HostEndpoint = {
  kind: 'host',
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
      ...{ host: 'fd00::1', port: 80, ask: '' },
      answers: { 'prod-x7k2a/web:80': 'prod/web' },
    });
  });

  it('goes to the address of the family, and nowhere if there is none', () => {
    expect(asked(WEB, { ...TCP, family: 'IPv4' }).host).to.equal('10.0.0.1');
    expect(asked(WEB, { ...TCP, family: 'IPv6' }).host).to.equal('fd00::1');
    expect(asked(OFFICE, { ...TCP, family: 'IPv6' }).host).to.equal('');
  });

  it('is for the name of a host outside the cluster', () => {
    expect(asked(OFFICE, TCP)).to.deep.equal({
      ...{ host: '172.17.5.10', port: 80, ask: 'hostname' },
      answers: { 'podreach-office-x7k2a': 'host:office' },
    });
  });

  it('is for any backend of a Service, on the port that it serves', () => {
    expect(asked(service(['prod/web-1', 'prod/web-2']), TCP)).to.deep.equal({
      ...{ host: '10.96.0.7', port: 80, ask: '' },
      answers: { 'prod-x7k2a/web-1:8080': 'prod/web-1', 'prod-x7k2a/web-2:8080': 'prod/web-2' },
    });
  });

  it('is over UDP for the hostname, by which each backend of a Service is known too', () => {
    const udp = { port: 53, protocol: 'UDP' } as const;
    const own = hostnameOf({ namespace: 'prod-x7k2a', pod: 'web' });
    expect(asked(WEB, udp)).to.deep.equal({
      ...{ host: 'fd00::1', port: 53, ask: 'hostname' },
      answers: { [own]: 'prod/web' },
    });
    expect(asked(OFFICE, udp).answers).to.deep.equal({ 'podreach-office-x7k2a': 'host:office' });
    const names = ['web-1', 'web-2'].map((pod) => hostnameOf({ namespace: 'prod-x7k2a', pod }));
    expect(asked(service(['prod/web-1', 'prod/web-2']), udp)).to.deep.equal({
      ...{ host: '10.96.0.7', port: 53, ask: 'hostname' },
      answers: { [names[0] ?? '']: 'prod/web-1', [names[1] ?? '']: 'prod/web-2' },
    });
  });

  it("is in a node's network for the node's name, because there is no other", () => {
    const onNode = { ...WEB, node: 'n1.example.org', hostNetwork: true };
    expect(asked(onNode, { port: 53, protocol: 'UDP' }).answers).to.deep.equal({
      'n1.example.org': 'prod/web',
      n1: 'prod/web',
    });
    expect(asked(onNode, TCP).answers).to.deep.equal({ 'prod-x7k2a/web:80': 'prod/web' });
    const behind = new Map([['53/UDP', { port: 53, backends: [{ ...onNode, port: 53 }] }]]);
    expect(asked(service([], { translations: behind }), { port: 53, protocol: 'UDP' }).answers).to.include({
      n1: 'prod/web',
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

describe('hostnameOf', () => {
  it('is a DNS label of its own for each pod, however long its names are', () => {
    const long = 'a'.repeat(63);
    const pods = [
      { namespace: 'prod-x', pod: 'web' },
      { namespace: 'prod-y', pod: 'web' },
      { namespace: 'prod-x', pod: 'web-2' },
      { namespace: long, pod: 'b'.repeat(253) },
      { namespace: long, pod: 'b'.repeat(252) },
    ];
    const names = pods.map(hostnameOf);
    expect(new Set(names).size).to.equal(pods.length);
    // RFC 1123, as core/v1 PodSpec.hostname takes it.
    for (const name of names) expect(name).to.match(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
    expect(hostnameOf({ namespace: 'prod-x', pod: 'web' })).to.equal(names[0]);
  });
});

describe('the kinds of endpoints', () => {
  it('are distinguished', () => {
    const kinds = [WEB, OFFICE, service([])].map((one) => [isHost(one), isService(one)]);
    expect(kinds).to.deep.equal([
      [false, false],
      [true, false],
      [false, true],
    ]);
  });
});
