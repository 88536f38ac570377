import { expect } from 'chai';
import type { ReadOptions } from '../../../../src/model/read/read-policy.ts';
import { ambiguousRanges, exportedCases, policyCases, unmaskedRanges } from '../../../policy-cases/index.ts';
import { policy, read, soundly } from './policy-fixture.ts';

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

  it('keeps the way back to the file, where there is one', () => {
    const placeOf = () => ({ file: 'a.yaml', line: 1, column: 1 });
    expect(soundly(policy({}), { placeOf }).placeOf).to.equal(placeOf);
    expect(soundly(policy({}))).not.to.have.property('placeOf');
  });

  it('leaves an undefined value out, as JSON does', () => {
    expect(
      soundly({ ...Object(policy({ podSelector: undefined, foo: undefined })), bar: undefined }).pods.path,
    ).to.have.length(2);
  });
});
