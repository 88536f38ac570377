import { expect } from 'chai';
import { noManifests } from '../../../policy-cases/index.ts';
import { policy, read } from './policy-fixture.ts';

describe('reading a policy that is wrong', () => {
  it('refuses two owners that are the controller', () => {
    const owner = { apiVersion: 'v1', kind: 'Pod', uid: 'x', controller: true };
    const ownerReferences = [
      { ...owner, name: 'a' },
      { ...owner, name: 'b' },
    ];
    expect(read(policy({}, { name: 'web', ownerReferences }))[1].map(({ path }) => path)).to.deep.equal([
      ['metadata', 'ownerReferences'],
    ]);
  });

  it('says where a key belongs that stands in the wrong place', () => {
    const manifest = {
      ...Object(policy({ matchLabels: {}, from: [], podSelector: { app: 'web' } })),
      ingress: [],
      labels: {},
    };
    expect(read(manifest)[1].map(({ path, message }) => [path.join('.'), message])).to.deep.equal([
      ['ingress', '"ingress" belongs under spec'],
      ['labels', '"labels" belongs under metadata'],
      ['spec.matchLabels', '"matchLabels" belongs under podSelector'],
      ['spec.from', '"from" belongs in a rule under ingress'],
      ['spec.podSelector.app', '"app" is a label: it belongs under matchLabels'],
    ]);
  });

  it('refuses what is no mapping', () => {
    for (const manifest of noManifests) {
      const [none, problems] = read(manifest);
      expect(none).to.equal(null);
      expect(problems.map(({ path }) => path)).to.deep.equal([[]]);
    }
  });

  it('refuses a namespace that is no DNS label', () => {
    for (const namespace of ['a.b', 'A', '-a', 'a'.repeat(64), 1])
      expect(read(policy({}, { name: 'web', namespace }))[1].map(({ path }) => path)).to.deep.equal([
        ['metadata', 'namespace'],
      ]);
  });

  it('validates idle rules all the same', () => {
    const [, problems] = read(policy({ policyTypes: ['Egress'], ingress: [{ ports: [{ port: 0 }] }] }));
    expect(problems.map(({ path }) => path)).to.deep.equal([['spec', 'ingress', 0, 'ports', 0, 'port']]);
  });

  it('reports all problems at once, each at its place and once', () => {
    const manifest = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'Web', nmespace: 'prod' },
      spec: {
        podSelectors: {},
        policyTypes: ['Ingres', 'Egress', 'Egress'],
        ingress: [{ from: [{}], ports: [{ port: 0 }, { port: 80, endPort: 79 }] }],
        egress: [{ to: [{ podSelector: { matchLabels: { app: 1 } } }] }],
      },
    };
    const [none, problems] = read(manifest);
    expect(none).to.equal(null);
    expect(
      problems.map(({ path, onKey, message }) => `${path.join('.')}${onKey ? ' (key)' : ''}: ${message}`),
    ).to.have.members([
      'metadata.nmespace (key): unknown key "nmespace"; the nearest valid key is "namespace"',
      'metadata.name: invalid name "Web": up to 253 lower case letters, digits, "-" and ".", with a letter or a digit at both ends',
      'spec.podSelectors (key): unknown key "podSelectors"; the nearest valid key is "podSelector"',
      'spec.policyTypes: 3 policyTypes: at most Ingress and Egress',
      'spec.policyTypes.0: "Ingres" is not a valid policyType; the nearest valid policyType is "Ingress"',
      'spec.ingress.0.from.0: the peer is empty: podSelector, namespaceSelector, ipBlock',
      "spec.ingress.0.ports.0.port: invalid port 0: 1 to 65535, or a port's name",
      'spec.ingress.0.ports.1.endPort: endPort 79 is below port 80',
      'spec.egress.0.to.0.podSelector.matchLabels.app: expected a string, got the number 1: put it in quotes',
    ]);
  });

  it('says nothing more of another kind of object', () => {
    const [, problems] = read({ apiVersion: 'v1', kind: 'Service', metadata: {}, spec: { ports: [] } });
    expect(problems).to.deep.equal([
      { path: ['apiVersion'], onKey: false, message: 'expected apiVersion "networking.k8s.io/v1", got "v1"' },
      { path: ['kind'], onKey: false, message: 'expected kind "NetworkPolicy", got "Service"' },
    ]);
  });

  it('says where a policy lacks what it needs', () => {
    expect(read({})[1]).to.deep.equal([
      { path: [], onKey: false, message: 'expected apiVersion "networking.k8s.io/v1", got nothing' },
      { path: [], onKey: false, message: 'expected kind "NetworkPolicy", got nothing' },
      { path: ['metadata'], onKey: false, message: 'the policy has no name' },
    ]);
  });
});
