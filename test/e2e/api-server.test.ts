import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { type Credentials, readCredentials } from '../../src/kube/credentials.ts';
import { sendRequest } from '../../src/kube/request.ts';
import { type NetworkPolicy, readPolicy } from '../../src/model/index.ts';
import { withoutServerOwned } from '../../src/scenario/server-owned.ts';
import { ambiguousRanges, exportedCases, type PolicyCase, policyCases, unmaskedRanges } from '../policy-cases/index.ts';
import { keptKubeconfig } from './door.ts';

/** Wrong names are refused in the body, not in the URL: a name that fits no URL goes there as another. */
const nameIn = (manifest: unknown): string => {
  const { name } = Object(Object(manifest).metadata);
  return typeof name === 'string' && name !== '' ? encodeURIComponent(name) : 'case';
};

const read = (manifest: unknown): NetworkPolicy | null => readPolicy(manifest, () => {});

/** A policy without what it says of the way it is written: the API server leaves empty lists out. */
const meaning = (policy: NetworkPolicy | null): unknown =>
  policy && { ...policy, ingress: meaningOf(policy.ingress), egress: meaningOf(policy.egress) };
const meaningOf = (rules: NetworkPolicy['ingress']): unknown => rules?.map(({ empty: _, ...rule }) => rule) ?? null;

/** Every way in which the API server says what it thinks of a manifest; anything else is a broken test. */
const refusals: Readonly<Record<number, RegExp>> = {
  400: /./,
  409: /uid mismatch|resourceVersion/,
  422: /./,
  500: /failed to (create typed|convert new)/,
};

describe('the API server', () => {
  let credentials: Credentials;

  before(async () => {
    credentials = readCredentials(await keptKubeconfig());
  });

  after(() => credentials.close());

  /** What the API server makes of a manifest, or null and why it refuses it. Nothing is changed in the cluster. */
  const applyDry = async (manifest: unknown): Promise<{ readonly made: unknown; readonly text: string }> => {
    const { status, text } = await sendRequest(credentials, {
      method: 'PATCH',
      path:
        `/apis/networking.k8s.io/v1/namespaces/default/networkpolicies/${nameIn(manifest)}` +
        '?fieldManager=podreach&force=true&fieldValidation=Strict&dryRun=All',
      body: JSON.stringify(manifest),
      contentType: 'application/apply-patch+yaml',
    });
    if (status === 201) return { made: JSON.parse(text), text };
    if (!refusals[status]?.test(text)) throw new Error(`${status}: ${text}`);
    return { made: null, text };
  };

  /** How the API server and the model differ on a manifest; null where they don't. */
  const difference = async ({ manifest, valid }: PolicyCase): Promise<string | null> => {
    const { made, text } = await applyDry(manifest);
    const policy = read(manifest);
    if ((made !== null) !== valid) return `the API server says: ${text}`;
    if ((policy !== null) !== valid) return `the model ${policy ? 'takes' : 'refuses'} it`;
    if (!policy) return null;
    const types = (made as { spec: { policyTypes: readonly string[] } }).spec.policyTypes;
    const isolated = [policy.ingress && 'Ingress', policy.egress && 'Egress'].filter((type) => type !== null);
    if (!isDeepStrictEqual(isolated, [...new Set(types)].toSorted().toReversed()))
      return `the API server has ${types}, the model ${isolated}`;
    return isDeepStrictEqual(meaning(read(made)), meaning(policy))
      ? null
      : `to the model it is another policy once applied: ${text}`;
  };

  const differences = async (cases: readonly PolicyCase[]): Promise<readonly string[]> => {
    expect(cases).not.to.have.length(0);
    const told: string[] = [];
    for (const policyCase of cases) {
      const found = await difference(policyCase);
      if (found !== null) told.push(`${policyCase.name}: ${found}`);
    }
    return told;
  };

  for (const about of new Set(policyCases.map((policyCase) => policyCase.about)))
    it(`takes, refuses and fills in what the model does: ${about}`, async () => {
      const cases = policyCases.filter((policyCase) => policyCase.about === about);
      expect(await differences(cases)).to.deep.equal([]);
    });

  it('takes the ranges with bits behind the prefix that the model takes', async () => {
    expect(await differences(unmaskedRanges)).to.deep.equal([]);
  });

  it('refuses what a cluster wrote into a policy, and takes it as podreach sends it', async () => {
    for (const { name, manifest } of exportedCases) {
      expect((await applyDry(manifest)).made, name).to.equal(null);
      const sent = withoutServerOwned(manifest as Readonly<Record<string, unknown>>).manifest;
      expect((await applyDry(sent)).made, name).not.to.equal(null);
    }
  });

  it('takes the ambiguous ranges that the model refuses', async () => {
    for (const { name, manifest } of ambiguousRanges) {
      const { made, text } = await applyDry(manifest);
      expect(made, `${name}: ${text}`).not.to.equal(null);
      expect(read(manifest), name).to.equal(null);
    }
  });
});
