import { expect } from 'chai';
import { compile, decide, isLeftOpen, type Probe, readPolicies, routeProbe } from '../../../src/model/index.ts';
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
      expect(() => decide(serving(), probeOf(text))).to.throw(RangeError);
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

  it('have the label itself, not what every object inherits', () => {
    const [one] = SERVED.services?.filter(({ name }) => name === 'one') ?? [];
    if (!one) return expect.fail('no Service');
    const odd = { ...one, selector: { toString: '' } };
    expect(backends('one', { ...SERVED, services: [odd] })).to.deep.equal([]);
  });
});

describe('isLeftOpen', () => {
  const cells: Readonly<Record<string, boolean>> = {
    'prod/client > prod/web-1 8080/TCP': false,
    'prod/client > svc:prod/one 80/TCP': false,
    'prod/client > svc:prod/web 80/TCP': false,
    'prod/client > dns:prod/one 80/TCP': false,
    'prod/client > nodeport:prod/one 80/TCP': true,
    'host:office > nodeport:prod/one 80/TCP': true,
    'host:office > nodeport:prod/local 80/TCP': false,
    'prod/client > nodeport:prod/local 80/TCP': true,
    'prod/web-1 > svc:prod/one 80/TCP': true,
    'prod/web-1 > dns:prod/one 80/TCP': true,
    'prod/web-1 > dns:prod/headless 8080/TCP': false,
    'prod/web-1 > prod/web-1 8080/TCP': false,
    'prod/client > svc:prod/none 80/TCP': false,
    'kubelet > prod/web-1 8080/TCP': false,
  };
  for (const [cell, open] of Object.entries(cells))
    it(`is ${open} of ${cell}`, () => expect(isLeftOpen(serving(), probeOf(cell))).to.equal(open));

  it('is true of hostNetwork pods at either end, but of one to itself', () => {
    const model = compile(WORLD, []);
    expect(isLeftOpen(model, probeOf('prod/agent > prod/web 80/TCP'))).to.equal(true);
    expect(isLeftOpen(model, probeOf('prod/web > prod/agent 80/TCP'))).to.equal(true);
    expect(isLeftOpen(model, probeOf('prod/agent > prod/agent 80/TCP'))).to.equal(false);
    expect(isLeftOpen(model, probeOf('prod/web > prod/api 80/TCP'))).to.equal(false);
  });

  it('is true of nodes at either end', () => {
    const model = compile(NODES, []);
    expect(isLeftOpen(model, probeOf('prod/web > node:other 80/TCP'))).to.equal(true);
    expect(isLeftOpen(model, probeOf('node:other > prod/web 80/TCP'))).to.equal(true);
  });
});

describe('routeProbe', () => {
  const routed = (text: string, ...policies: readonly RawPolicy[]) => {
    const { probe, backends, cutOff } = routeProbe(serving(...policies), probeOf(text));
    return { probe: probe && `${probe.from} > ${probe.to} ${probe.port}/${probe.protocol}`, backends, cutOff };
  };

  it('leaves a probe that goes to no Service as it is', () => {
    for (const text of ['prod/client > prod/web-1 8080/TCP', 'host:office > prod/web-1 8080/TCP'])
      expect(routed(text)).to.deep.equal({ probe: text, backends: 1, cutOff: false });
  });

  it('leads to the backend, on its own port', () => {
    expect(routed('prod/client > svc:prod/one 80/TCP')).to.deep.equal({
      probe: 'prod/client > prod/web-1 8080/TCP',
      backends: 1,
      cutOff: false,
    });
  });

  it('takes of several the first that stands for the whole', () => {
    const all = [closed('front'), closed('back'), closed('bare')];
    expect(routed('prod/client > svc:prod/web 80/TCP', ...all)).to.include({
      probe: 'prod/client > prod/web-1 8080/TCP',
      backends: 2,
    });
  });

  it('has nowhere to lead without a backend', () => {
    expect(routed('prod/client > svc:prod/none 80/TCP')).to.deep.equal({ probe: null, backends: 0, cutOff: false });
  });

  it('keeps the family that was asked for', () => {
    const { probe } = routeProbe(serving(), { ...probeOf('prod/client > svc:prod/one 80/TCP'), family: 'IPv4' });
    expect(probe).to.have.property('family', 'IPv4');
  });

  it('says that the name can not be looked up, by its policies', () => {
    const shut = policyIn('prod', { podSelector: {}, policyTypes: ['Egress'] });
    expect(routed('prod/client > dns:prod/one 80/TCP', shut)).to.include({ cutOff: true });
    expect(routed('prod/client > svc:prod/one 80/TCP', shut)).to.include({ cutOff: false });
    expect(routed('prod/client > dns:prod/one 80/TCP')).to.include({ cutOff: false });
  });
});
