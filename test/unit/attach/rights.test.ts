import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { missingRights, RIGHTS_ALWAYS, RIGHTS_EPHEMERAL, rightText } from '../../../src/attach/rights.ts';
import type { Manifest } from '../../../src/kube/client.ts';
import { fakeCluster } from './fake-cluster.ts';

const all = [...RIGHTS_ALWAYS, ...RIGHTS_EPHEMERAL];

const askedAbout = async (answer: (attributes: Readonly<Record<string, string>>) => unknown) => {
  const asked: Manifest[] = [];
  const ask = async (review: Manifest) => {
    asked.push(review);
    const { resourceAttributes } = review.spec as { resourceAttributes: Readonly<Record<string, string>> };
    return { metadata: { name: '' }, status: answer(resourceAttributes) };
  };
  const missing = await missingRights({ ...fakeCluster([]), ask }, 'prod', all);
  return { asked, missing: missing.map(rightText) };
};

describe('missingRights', () => {
  it('asks for each right by itself, in the namespace', async () => {
    const { asked, missing } = await askedAbout(() => ({ allowed: true }));
    expect(missing).to.deep.equal([]);
    expect(asked).to.have.length(all.length);
    expect(asked).to.deep.include({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: { namespace: 'prod', verb: 'patch', resource: 'pods', subresource: 'ephemeralcontainers' },
      },
    });
    expect(asked).to.deep.include({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { namespace: 'prod', verb: 'list', resource: 'pods' } },
    });
  });

  it('names what is not allowed, as RBAC writes it', async () => {
    const { missing } = await askedAbout(({ verb }) => ({ allowed: verb === 'list' || verb === 'watch' }));
    expect(missing).to.deep.equal(['get pods/exec', 'create pods/exec', 'patch pods/ephemeralcontainers']);
  });

  it('takes nothing but a plain yes for one', async () => {
    for (const status of [undefined, {}, { allowed: 'true' }, { allowed: false, denied: true }])
      expect((await askedAbout(() => status)).missing).to.have.length(all.length);
  });
});

describe('the Role in docs/probe.md', () => {
  it('grants what podreach probe asks about, and nothing else', async () => {
    const page = await readFile(new URL('../../../docs/probe.md', import.meta.url), 'utf8');
    const role = parse(/^```yaml\n((?:(?!```).)*?^kind: Role$.*?)^```$/ms.exec(page)?.[1] ?? '') as {
      readonly rules: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
    };
    const granted = role.rules.flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
    );
    expect(granted.toSorted()).to.deep.equal(all.map(rightText).toSorted());
  });
});
