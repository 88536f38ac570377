import { expect } from 'chai';
import { PodreachError } from '../../../../src/errors.ts';
import { readPolicies } from '../../../../src/model/read/read-policy.ts';
import { policy } from './policy-fixture.ts';

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
