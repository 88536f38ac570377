import { expect } from 'chai';
import { backendsDiffer, compile, decide, isLeftOpen, type Probe, readPolicies } from '../../../src/model/index.ts';
import { backendsOf } from '../../../src/model/route.ts';
import { policyIn, type RawPolicy } from '../../naive/manifest.ts';
import { NODES, SERVED, WORLD } from '../../naive/specification/world.ts';

const PROBE = /^(\S+) > (\S+) (\d+)\/(\w+)$/;
const probeOf = (text: string): Probe => {
  const [, from = '', to = '', port, protocol] = PROBE.exec(text) ?? [];
  return { from, to, port: Number(port), protocol: protocol as Probe['protocol'] };
};
const closed = (tier: string): RawPolicy =>
  policyIn('prod', { podSelector: { matchLabels: { tier } }, policyTypes: ['Ingress'] });
const serving = (...policies: readonly RawPolicy[]) => compile(SERVED, readPolicies(policies));

describe('decide', () => {
  for (const [what, text] of [
    ['a Service that is not there', 'prod/client > svc:prod/gone 80/TCP'],
    ['a Service of another namespace', 'prod/client > svc:dev/web 80/TCP'],
    ['a port that the Service does not have', 'prod/client > svc:prod/web 8080/TCP'],
    ['its port with another protocol', 'prod/client > svc:prod/web 80/UDP'],
    ['a source that is not there', 'prod/gone > svc:prod/web 80/TCP'],
    ['a Service as the source', 'svc:prod/web > prod/client 80/TCP'],
    ['a node that is not there', 'prod/client > node:own 80/TCP'],
  ] as const)
    it(`throws a RangeError for ${what}`, () => {
      // Which of the ends it is.
      const { from, to } = probeOf(text);
      expect(() => decide(serving(), probeOf(text))).to.throw(RangeError, /gone|svc:/.test(from) ? from : to);
    });
});

describe('backendsOf', () => {
  const backends = (name: string, world = SERVED) => {
    const service = world.services?.find((one) => one.name === name);
    const [port] = service?.ports ?? [];
    if (!service || !port) return expect.fail(`no Service ${name}`);
    return backendsOf(compile(world, []), service, port).map(([{ name: pod }, number]) => `${pod} ${number}`);
  };

  it('are the pods of the namespace with all its labels, each with the target port', () => {
    expect(backends('fixed')).to.deep.equal(['prod/web-1 8080', 'prod/web-2 8080', 'prod/web-3 8080']);
    expect(backends('one')).to.deep.equal(['prod/web-1 8080']);
    expect(backends('none')).to.deep.equal([]);
  });

  it('have a number of their own for a name, and are none without it', () => {
    expect(backends('web')).to.deep.equal(['prod/web-1 8080', 'prod/web-2 8081']);
  });

  it('have the port of that name, among others', () => {
    const ports = [
      { number: 9000, protocol: 'TCP' as const, name: 'admin' },
      { number: 8080, protocol: 'TCP' as const, name: 'http' },
    ];
    const pods = SERVED.pods.map((pod) => (pod.name === 'web-1' ? { ...pod, ports } : pod));
    expect(backends('web', { ...SERVED, pods })).to.deep.equal(['prod/web-1 8080', 'prod/web-2 8081']);
  });

  it('have the label itself, not what every object inherits', () => {
    const [one] = SERVED.services?.filter(({ name }) => name === 'one') ?? [];
    if (!one) return expect.fail('no Service');
    const odd = { ...one, selector: { toString: '' } };
    expect(backends('one', { ...SERVED, services: [odd] })).to.deep.equal([]);
  });
});

describe('isLeftOpen', () => {
  const office = { ipBlock: { cidr: '172.17.0.0/16' } };
  const pods = { podSelector: {} };
  /** Into the pods behind `one` from the office and from pods of prod: whose address a policy sees decides. */
  const restricting = policyIn('prod', {
    podSelector: { matchLabels: { tier: 'front' } },
    ingress: [{ from: [office, { podSelector: { matchLabels: { app: 'client' } } }] }],
  });
  const open = (text: string, ...policies: readonly RawPolicy[]) => isLeftOpen(serving(...policies), probeOf(text));

  for (const text of [
    'prod/client > nodeport:prod/one 80/TCP',
    'host:office > nodeport:prod/one 80/TCP',
    'prod/client > nodeport:prod/local 80/TCP',
    'prod/web-1 > svc:prod/one 80/TCP',
    'prod/web-1 > dns:prod/one 80/TCP',
  ])
    it(`is so of ${text}, where the source decides`, () => {
      expect(decide(serving(restricting), probeOf(text))).to.equal('unknown');
      expect(open(text, restricting)).to.equal(true);
    });

  for (const text of [
    'prod/client > prod/web-1 8080/TCP',
    'prod/client > svc:prod/one 80/TCP',
    'prod/client > svc:prod/web 80/TCP',
    'host:street > nodeport:prod/local 80/TCP',
    'prod/web-1 > dns:prod/headless 8080/TCP',
    'prod/web-1 > prod/web-1 8080/TCP',
    'prod/client > svc:prod/none 80/TCP',
    'kubelet > prod/web-1 8080/TCP',
  ])
    it(`is not so of ${text}`, () => expect(open(text, restricting)).to.equal(false));

  it('is not so if nothing decides by the source', () => {
    expect(open('host:office > nodeport:prod/one 80/TCP')).to.equal(false);
    expect(open('prod/web-1 > svc:prod/one 80/TCP')).to.equal(false);
  });

  it('is not so if backends differ, though one of them is the source itself', () => {
    const text = 'prod/web-1 > svc:prod/web 80/TCP';
    expect(decide(serving(closed('back')), probeOf(text))).to.equal('unknown');
    expect(open(text, closed('back'))).to.equal(false);
    expect(open(text, closed('front'))).to.equal(true);
  });

  it('is not so if an address is not known', () => {
    const some = policyIn('prod', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/30' } }] }] });
    const model = compile(WORLD, readPolicies([some]));
    const fromDb = probeOf('prod/db > prod/web 80/TCP');
    expect([decide(model, fromDb), isLeftOpen(model, fromDb)]).to.deep.equal(['unknown', false]);
  });

  it('is so of hostNetwork pods at either end, but of one to itself', () => {
    const model = compile(WORLD, readPolicies([policyIn('prod', { podSelector: {}, ingress: [{ from: [pods] }] })]));
    expect(isLeftOpen(model, probeOf('prod/agent > prod/web 80/TCP'))).to.equal(true);
    expect(isLeftOpen(model, probeOf('dev/client > prod/agent 80/TCP'))).to.equal(true);
    expect(isLeftOpen(model, probeOf('prod/agent > prod/agent 80/TCP'))).to.equal(false);
  });

  it('is so of a name that is looked up at a server on the network of its node', () => {
    const ask = policyIn('prod', {
      podSelector: { matchLabels: { app: 'client' } },
      policyTypes: ['Egress'],
      egress: [{ to: [{ podSelector: { matchLabels: { app: 'web' } } }] }, { to: [{ namespaceSelector: {} }] }],
    });
    const text = 'prod/client > dns:prod/one 80/TCP';
    const asked = (hostNetwork: boolean) => {
      const server = { namespace: 'kube-system', name: 'dns', labels: { 'k8s-app': 'kube-dns' }, hostNetwork };
      const model = compile({ ...SERVED, pods: [...SERVED.pods, server] }, readPolicies([ask]));
      return [decide(model, probeOf(text)), isLeftOpen(model, probeOf(text))];
    };
    expect(asked(true)).to.deep.equal(['unknown', true]);
    expect(asked(false)).to.deep.equal(['allow', false]);
  });

  it('is so of nodes at either end', () => {
    const block = [{ ipBlock: { cidr: '192.168.9.4/32' } }];
    const policy = policyIn('prod', {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: block }],
      egress: [{ to: block }],
    });
    const model = compile(NODES, readPolicies([policy]));
    expect(isLeftOpen(model, probeOf('node:other > prod/web 80/TCP'))).to.equal(true);
    expect(isLeftOpen(model, probeOf('prod/web > node:dark 80/TCP'))).to.equal(true);
    expect(isLeftOpen(model, probeOf('prod/web > node:other 80/TCP'))).to.equal(false);
  });
});

describe('backendsDiffer', () => {
  const differ = (text: string, ...policies: readonly RawPolicy[]) =>
    backendsDiffer(serving(...policies), probeOf(text));

  it('is so of a Service of which policies let one backend be reached and another not, each way', () => {
    for (const way of ['svc', 'dns', 'nodeport'])
      expect(differ(`prod/client > ${way}:prod/web 80/TCP`, closed('back')), way).to.equal(true);
  });

  it('is not so if all of them come to the same, or there is one, or none', () => {
    expect(differ('prod/client > svc:prod/web 80/TCP')).to.equal(false);
    expect(differ('prod/client > svc:prod/web 80/TCP', closed('front'), closed('back'))).to.equal(false);
    expect(differ('prod/client > svc:prod/one 80/TCP', closed('front'))).to.equal(false);
    expect(differ('prod/client > svc:prod/none 80/TCP')).to.equal(false);
  });

  it('is not so of a probe that goes to no Service', () => {
    expect(differ('prod/client > prod/web-1 8080/TCP', closed('back'))).to.equal(false);
  });
});
