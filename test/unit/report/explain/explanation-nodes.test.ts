import { expect } from 'chai';
import { linesOf } from './explanation-cast.ts';

const CLOSED = { 'prod/closed': '{podSelector: {}, policyTypes: [Ingress, Egress]}' };
const NODES = {
  nodes: [
    { name: 'own', addresses: ['192.168.9.3'], pods: ['prod/db'], elsewhere: [] },
    { name: 'other', addresses: ['192.168.9.4'], pods: [], elsewhere: ['prod/db'] },
    { name: 'dark', pods: [], elsewhere: ['prod/db'] },
  ],
};
const told = (probe: string, specs = CLOSED): string => linesOf(probe, specs, {}, NODES);

describe('explanationLines, of nodes', () => {
  it("says that a pod's own node always gets through, both ways, whatever policies say", () => {
    const always = 'allowed, because traffic between a pod and its own node always is';
    expect(told('node:own > prod/db 5432')).to.equal(`node:own -> prod/db 5432/TCP: allow

egress of node:own: allowed, policies apply only to pods
ingress of prod/db: ${always}`);
    expect(told('prod/db > node:own 9100')).to.equal(`prod/db -> node:own 9100/TCP: allow

egress of prod/db: ${always}
ingress of node:own: allowed, policies apply only to pods`);
  });

  it('says the same of the kubelet', () => {
    expect(told('kubelet > prod/db 5432')).to.equal(`kubelet -> prod/db 5432/TCP: allow

egress of kubelet: allowed, policies apply only to pods
ingress of prod/db: allowed, because traffic between a pod and its own node always is`);
  });

  it('reports what keeps another node out', () => {
    const text = told('node:other > prod/db 5432');
    expect(text).to.match(/^node:other -> prod\/db 5432\/TCP: deny\n/);
    expect(text).to.contain('ingress of prod/db: denied\n  policies/0.yaml:1 prod/closed selects every pod of prod');
  });

  it('asks no node whether it declares the port', () => {
    expect(told('prod/web > node:other 9100', { 'prod/closed': '{podSelector: {}, ingress: [{}]}' })).to.not.contain(
      'declares no port',
    );
  });

  it('says of a pod of which it is not known that it may run there', () => {
    const text = told('node:own > prod/web 80');
    expect(text).to.contain('ingress of prod/web: unknown\n  it may run on node:own, which is not known');
  });

  it('says of an address of a node that it is not known, and asks for none in the scenario', () => {
    const block = { 'prod/closed': '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.9.4/32}}]}]}' };
    const text = told('node:other > prod/db 5432', block);
    expect(text).to.contain('it depends on the address that node:other has here, which is not known');
    expect(text).to.not.contain('`address:`');
    const out = '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 192.168.9.4/32}}]}]}';
    const toDark = told('prod/db > node:dark 9100', { 'prod/closed': out });
    expect(toDark).to.contain('it depends on the address that node:dark has here');
    for (const one of [text, toDark]) expect(one).to.not.contain('may run on');
  });

  it('says of a node that no selector means it', () => {
    const bySelector = {
      'prod/closed': '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}',
    };
    expect(told('node:other > prod/db 5432', bySelector)).to.contain(
      'node:other is a node, and selectors select only pods',
    );
  });
});
