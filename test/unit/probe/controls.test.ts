import { expect } from 'chai';
import type { HostEndpoint } from '../../../src/deploy/index.ts';
import { directProbes, ownControls, without } from '../../../src/probe/controls.ts';
import { endpoint, probe, service } from './fake-targets.ts';

const CLIENT = endpoint('dev/client', 0, []);
const OFFICE: HostEndpoint = {
  ...{ kind: 'host', endpoint: 'host:office', container: 'c' },
  addresses: ['172.17.5.10'],
  ports: [],
};
const toService = probe('dev/client', 'svc:prod/web');

describe('ownControls', () => {
  const endpoints = new Map([CLIENT, OFFICE].map((one) => [one.endpoint, one] as const));

  it('ask each server of a host for itself once, and nothing of what is unknown or a pod', () => {
    const probes = [
      probe('dev/client', 'host:office'),
      probe('dev/other', 'host:office'),
      probe('dev/client', 'host:office', 53, 'UDP'),
      probe('host:office', 'dev/client'),
      probe('dev/client', 'prod/nobody'),
    ];
    expect(ownControls(probes, endpoints)).to.deep.equal([
      probe('host:office', 'host:office'),
      probe('host:office', 'host:office', 53, 'UDP'),
    ]);
  });
});

describe('directProbes', () => {
  it('lead to the port that each backend serves', () => {
    expect(directProbes(toService, service(['prod/web-1', 'prod/web-2']))).to.deep.equal([
      probe('dev/client', 'prod/web-1', 8080),
      probe('dev/client', 'prod/web-2', 8080),
    ]);
  });

  it('are none past what is no Service, or past one that does not have the port', () => {
    for (const to of [undefined, CLIENT, OFFICE]) expect(directProbes(toService, to)).to.deep.equal([]);
    expect(directProbes({ ...toService, port: 81 }, service(['prod/web-1']))).to.deep.equal([]);
  });

  it('are none if a backend is the source, or the port is that of a node', () => {
    expect(directProbes(toService, service(['prod/web-1', 'dev/client']))).to.deep.equal([]);
    expect(directProbes(toService, service(['prod/web-1'], { way: 'nodeport' }))).to.deep.equal([]);
  });
});

describe('without', () => {
  it('leaves each control that is not asked for already, once', () => {
    const [one, two] = [probe('a/x', 'a/y'), probe('a/x', 'a/z')];
    expect(without([one, two, { ...two }], [{ ...one }])).to.deep.equal([two]);
  });
});
