import { expect } from 'chai';
import fc from 'fast-check';
import { PodreachError } from '../../../../src/errors.ts';
import type { NetworkPolicy } from '../../../../src/model/policy.ts';
import {
  type PolicyProblem,
  type ReadOptions,
  readPolicies,
  readPolicy,
} from '../../../../src/model/read/read-policy.ts';
import {
  ambiguousRanges,
  exportedCases,
  noManifests,
  policyCases,
  unmaskedRanges,
} from '../../../policy-cases/index.ts';

const read = (manifest: unknown, options?: ReadOptions): readonly [NetworkPolicy | null, readonly PolicyProblem[]] => {
  const problems: PolicyProblem[] = [];
  const policy = readPolicy(manifest, (problem) => problems.push(problem), options);
  return [policy, problems];
};

const policy = (spec: unknown, metadata: unknown = { name: 'web' }): unknown => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata,
  spec,
});

const soundly = (manifest: unknown, options?: ReadOptions): NetworkPolicy => {
  const [read_, problems] = read(manifest, options);
  expect(problems).to.deep.equal([]);
  if (!read_) return expect.fail('no policy, and no problem');
  return read_;
};

describe('reading a policy', () => {
  for (const { name, manifest, valid } of [...policyCases, ...unmaskedRanges])
    it(`${valid ? 'takes' : 'refuses'} ${name}`, () => {
      const [taken, problems] = read(manifest);
      expect(problems.length === 0, JSON.stringify(problems)).to.equal(valid);
      expect(taken !== null).to.equal(valid);
    });

  for (const { name, manifest } of ambiguousRanges)
    it(`refuses ${name}, which says nothing for certain`, () => {
      expect(read(manifest)[0]).to.equal(null);
    });

  for (const { name, manifest } of exportedCases)
    it(`takes ${name}, which the loader leaves out`, () => {
      expect(soundly(manifest)).to.include({ name: 'case', namespace: 'default' });
    });

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

  it('names the policy and where it lands', () => {
    const namesOf = (metadata: unknown, options?: ReadOptions) => {
      const { name, namespace } = soundly(policy({}, metadata), options);
      return `${namespace}/${name}`;
    };
    expect(namesOf({ name: 'web', namespace: 'prod' })).to.equal('prod/web');
    expect(namesOf({ name: 'web' })).to.equal('default/web');
    expect(namesOf({ name: 'web', namespace: '' })).to.equal('default/web');
    expect(namesOf({ name: 'web', namespace: null }, { namespace: 'dev' })).to.equal('dev/web');
    expect(namesOf({ name: 'web', namespace: 'prod' }, { namespace: 'dev' })).to.equal('prod/web');
    expect(namesOf({ name: 'web', namespace: 'a'.repeat(63) })).to.equal(`${'a'.repeat(63)}/web`);
  });

  it('refuses a namespace that is no DNS label', () => {
    for (const namespace of ['a.b', 'A', '-a', 'a'.repeat(64), 1])
      expect(read(policy({}, { name: 'web', namespace }))[1].map(({ path }) => path)).to.deep.equal([
        ['metadata', 'namespace'],
      ]);
  });

  /** "If this field is not specified, it will default based on the existence of ingress or egress rules …" */
  const rules = [{ path: ['spec', 'ingress', 0], peers: null, ports: null }];
  const outward = [{ path: ['spec', 'egress', 0], peers: null, ports: null }];
  const directions: Readonly<Record<string, readonly [spec: object, expected: object]>> = {
    'nothing: isolated for ingress, and nothing is let in': [{}, { ingress: [], egress: null, idle: [] }],
    'null for everything': [
      { podSelector: null, policyTypes: null, ingress: null, egress: null },
      { ingress: [], egress: null, idle: [] },
    ],
    'ingress rules': [{ ingress: [{}] }, { ingress: rules, egress: null, idle: [] }],
    'egress rules: both types': [{ egress: [{}] }, { ingress: [], egress: outward, idle: [] }],
    'egress without rules: ingress only': [{ egress: [] }, { ingress: [], egress: null, idle: [] }],
    'an empty policyTypes, which counts as none': [
      { policyTypes: [], egress: [{}] },
      { ingress: [], egress: outward, idle: [] },
    ],
    'Egress without rules: nothing is let out': [{ policyTypes: ['Egress'] }, { ingress: null, egress: [], idle: [] }],
    'both types': [
      { policyTypes: ['Egress', 'Ingress'], ingress: [{}], egress: [] },
      { ingress: rules, egress: [], idle: [] },
    ],
    'ingress rules that are idle': [
      { policyTypes: ['Egress'], ingress: [{}] },
      { ingress: null, egress: [], idle: ['ingress'] },
    ],
    'egress rules that are idle': [
      { policyTypes: ['Ingress'], egress: [{}] },
      { ingress: [], egress: null, idle: ['egress'] },
    ],
    'an empty list, which is no idle rule': [
      { policyTypes: ['Egress'], ingress: [] },
      { ingress: null, egress: [], idle: [] },
    ],
  };
  for (const [name, [spec, expected]] of Object.entries(directions))
    it(`fills in the directions of ${name}`, () => {
      const { ingress, egress, idle } = soundly(policy({ podSelector: {}, ...spec }));
      expect({ ingress, egress, idle }).to.deep.equal(expected);
    });

  it('selects every pod without a podSelector, as the API server does', () => {
    const everyPod = { requirements: [], path: ['spec', 'podSelector'] };
    for (const spec of [undefined, null, {}, { podSelector: null }, { podSelector: {} }])
      expect(soundly(policy(spec)).pods).to.deep.equal(everyPod);
  });

  it('validates idle rules all the same', () => {
    const [, problems] = read(policy({ policyTypes: ['Egress'], ingress: [{ ports: [{ port: 0 }] }] }));
    expect(problems.map(({ path }) => path)).to.deep.equal([['spec', 'ingress', 0, 'ports', 0, 'port']]);
  });

  it('keeps the way back to the file, where there is one', () => {
    const placeOf = () => ({ file: 'a.yaml', line: 1, column: 1 });
    expect(soundly(policy({}), { placeOf }).placeOf).to.equal(placeOf);
    expect(soundly(policy({}))).not.to.have.property('placeOf');
  });

  it('tells all problems at once, each where it is and once', () => {
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
      'spec.policyTypes.0: "Ingres" is no policyType; the nearest valid policyType is "Ingress"',
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

  it('leaves an undefined value out, as JSON does', () => {
    expect(
      soundly({ ...Object(policy({ podSelector: undefined, foo: undefined })), bar: undefined }).pods.path,
    ).to.have.length(2);
  });
});

describe('reading anything', () => {
  const nasty = fc.oneof(
    fc.constantFrom<unknown>(
      ...[null, {}, [], '', 'a', 'A-', 0, 80, 65536, 1.5, true, [null], [{}], [[]], { a: null }],
      ...['10.0.0.0/8', 'Ingress', 'In', 'TCP', '__proto__'],
    ),
    fc.anything(),
  );
  const valid = fc.constantFrom(
    ...policyCases.filter((policyCase) => policyCase.valid).map(({ manifest }) => manifest),
  );

  /** A copy in which the value at some step of some depth is another. */
  const changed = (value: unknown, turns: readonly number[], other: unknown): unknown => {
    const [turn, ...rest] = turns;
    if (turn === undefined || typeof value !== 'object' || value === null) return other;
    const keys = Object.keys(value);
    const key = keys[turn % Math.max(keys.length, 1)];
    if (key === undefined) return other;
    const item = changed((value as Record<string, unknown>)[key], rest, other);
    return Array.isArray(value) ? value.with(Number(key), item) : { ...value, [key]: item };
  };

  const mutated = fc
    .tuple(valid, fc.array(fc.nat(20), { maxLength: 8 }), nasty)
    .map(([manifest, turns, other]) => changed(manifest, turns, other));

  it('gives a policy, or tells why not, and never throws', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: mutated }, valid, nasty), (manifest) => {
        const [policy_, problems] = read(manifest);
        expect(policy_ === null).to.equal(problems.length > 0);
        const told = problems.map((problem) => JSON.stringify(problem));
        expect(new Set(told).size, told.join('\n')).to.equal(told.length);
        if (policy_) taken += 1;
        else refused += 1;
      }),
      { numRuns: 3000 },
    );
    expect(taken).to.be.above(100);
    expect(refused).to.be.above(1000);
  });

  it('leaves the manifest as it is', () => {
    fc.assert(
      fc.property(mutated, (manifest) => {
        const before = structuredClone(manifest);
        read(manifest);
        expect(manifest).to.deep.equal(before);
      }),
      { numRuns: 300 },
    );
  });
});

describe('reading many policies', () => {
  it('names a policy by the namespace in which it lands', () => {
    for (const [namespace, options, name] of [
      [undefined, undefined, 'default/web'],
      ['', { namespace: 'dev' }, 'dev/web'],
      ['prod', { namespace: 'dev' }, 'prod/web'],
      [1, {}, 'default/web'],
    ] as const)
      expect(() => readPolicies([policy([], { name: 'web', namespace })], options)).to.throw(
        `policy "${name}", spec: `,
      );
  });

  it('gives them in their order', () => {
    const policies = readPolicies([policy({}), policy({}, { name: 'db', namespace: 'prod' })], { namespace: 'dev' });
    expect(policies.map(({ namespace, name }) => `${namespace}/${name}`)).to.deep.equal(['dev/web', 'prod/db']);
    expect(readPolicies([])).to.deep.equal([]);
  });

  it('throws one error that lists every problem of every policy', () => {
    const manifests = [
      policy({ ingress: [{ ports: [{ port: 80 }, { port: 0 }] }], egrss: [] }, { name: 'web', namespace: 'prod' }),
      policy({}),
      policy({ podSelector: { matchLabels: { 'a/b': 1, app: true } } }, {}),
      policy({ policyTypes: 'Egress' }, { name: 'db' }),
      null,
    ];
    expect(() => readPolicies(manifests, { namespace: 'dev' }))
      .to.throw(PodreachError)
      .with.property('message')
      .that.satisfies((message: string) => {
        expect(message.split('\n')).to.have.members([
          'policy "prod/web", spec.egrss: unknown key "egrss"; the nearest valid key is "egress"',
          'policy "prod/web", spec.ingress[0].ports[1].port: invalid port 0: 1 to 65535, or a port\'s name',
          'policy 2, metadata: the policy has no name',
          'policy 2, spec.podSelector.matchLabels["a/b"]: expected a string, got the number 1: put it in quotes',
          'policy 2, spec.podSelector.matchLabels.app: expected a string, got true: put it in quotes',
          'policy "dev/db", spec.policyTypes: expected a list, got the string "Egress"',
          'policy 4: expected a mapping, got nothing',
        ]);
        return true;
      });
  });
});
