import { expect } from 'chai';
import fc from 'fast-check';
import { existingPod } from '../../../src/attach/existing-pod.ts';
import { probesBetween } from '../../../src/attach/probes-between.ts';
import { probeKey } from '../../../src/scenario/index.ts';
import { podObject } from './fake-cluster.ts';

const pod = (endpoint: string, addresses: readonly string[], ports: readonly number[] = [80]) => {
  const status = { phase: 'Running', podIPs: addresses.map((ip) => ({ ip })) };
  const declared = ports.map((number) => ({ number, protocol: 'TCP' as const }));
  return existingPod(podObject(endpoint, { status }), declared);
};

describe('probesBetween', () => {
  it('goes from each to each port of each, row by row, themselves included', () => {
    const probes = probesBetween([pod('a/x', ['10.0.0.1'], [80, 81]), pod('a/y', ['10.0.0.2'], [])]);
    expect(probes.map(probeKey)).to.deep.equal([
      'a/x > a/x 80/TCP',
      'a/x > a/x 81/TCP',
      'a/y > a/x 80/TCP',
      'a/y > a/x 81/TCP',
    ]);
  });

  it('reports the families if there are two, and tries those that both ends have', () => {
    const probes = probesBetween([
      pod('a/dual', ['10.0.0.1', 'fd00::1']),
      pod('a/old', ['10.0.0.2']),
      pod('a/new', ['fd00::3']),
    ]);
    expect(probes.map(probeKey)).to.deep.equal([
      'a/dual > a/dual 80/TCP IPv4',
      'a/dual > a/dual 80/TCP IPv6',
      'a/dual > a/old 80/TCP IPv4',
      'a/dual > a/new 80/TCP IPv6',
      'a/old > a/dual 80/TCP IPv4',
      'a/old > a/old 80/TCP IPv4',
      'a/new > a/dual 80/TCP IPv6',
      'a/new > a/new 80/TCP IPv6',
    ]);
  });

  it('reports no family if all pods have the same one', () => {
    expect(probesBetween([pod('a/x', ['fd00::1'])])[0]).to.deep.equal({
      from: 'a/x',
      to: 'a/x',
      port: 80,
      protocol: 'TCP',
    });
  });

  it('has each cell once, and between pods of one family as many as pods times ports', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { maxLength: 4 }), { maxLength: 6 }),
        (lists) => {
          const pods = lists.map((ports, index) => pod(`ns/p${index}`, [`10.0.0.${index + 1}`], ports));
          const keys = probesBetween(pods).map(probeKey);
          expect(new Set(keys).size).to.equal(keys.length);
          expect(keys).to.have.length(pods.length * lists.flat().length);
        },
      ),
    );
  });
});
