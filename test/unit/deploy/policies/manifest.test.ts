import { expect } from 'chai';
import fc from 'fast-check';
import { policyManifest } from '../../../../src/deploy/policies/manifest.ts';
import { policySet } from '../../../../src/deploy/policies/set.ts';
import { connect } from '../../../../src/kube/client.ts';
import { fakeServer, json, writeKubeconfig } from '../../kube/fake-server.ts';

const NAMES = new Map([
  ['prod', 'prod-x7k2a'],
  ['dev', 'dev-x7k2a'],
]);
const rename = (name: string): string => NAMES.get(name) ?? name;
const policy = (spec: unknown, metadata: object = { name: 'p' }) => ({
  name: 'p',
  namespace: 'prod',
  file: 'policies/p.yaml',
  line: 3,
  manifest: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec },
});

describe('policyManifest', () => {
  it('sets the namespace and keeps all other metadata', () => {
    const labels = { app: 'web' };
    const { metadata } = policyManifest(policy({}, { name: 'p', namespace: 'prod', labels }), rename);
    expect(metadata).to.deep.equal({ name: 'p', namespace: 'prod-x7k2a', labels });
  });

  it('maps the namespaces that selectors name, on both sides and in both forms, and nothing else', () => {
    const spec = {
      podSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'prod' } },
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dev', environment: 'dev' } } }],
        },
        { from: [{ podSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dev' } } }] },
      ],
      egress: [
        {
          to: [
            {
              namespaceSelector: {
                matchExpressions: [
                  { key: 'kubernetes.io/metadata.name', operator: 'In', values: ['prod', 'kube-system'] },
                  { key: 'environment', operator: 'NotIn', values: ['prod'] },
                ],
              },
            },
          ],
        },
      ],
    };
    expect(policyManifest(policy(spec), rename).spec).to.deep.equal({
      podSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'prod' } },
      ingress: [
        {
          from: [
            { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dev-x7k2a', environment: 'dev' } } },
          ],
        },
        { from: [{ podSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dev' } } }] },
      ],
      egress: [
        {
          to: [
            {
              namespaceSelector: {
                matchExpressions: [
                  { key: 'kubernetes.io/metadata.name', operator: 'In', values: ['prod-x7k2a', 'kube-system'] },
                  { key: 'environment', operator: 'NotIn', values: ['prod'] },
                ],
              },
            },
          ],
        },
      ],
    });
  });

  it('leaves every spec that names no namespace as it is, however odd, and never changes its input', () => {
    const value = fc.jsonValue({ maxDepth: 2 });
    const spec = fc.dictionary(
      fc.constantFrom('ingress', 'egress', 'podSelector', 'policyTypes', '_from', 'typo'),
      fc.oneof(value, fc.array(fc.dictionary(fc.constantFrom('from', 'to', 'ports', 'namespaceSelector'), value))),
    );
    fc.assert(
      fc.property(spec, (written) => {
        const before = JSON.stringify(written);
        expect(JSON.stringify(policyManifest(policy(written), rename).spec)).to.equal(before);
        expect(JSON.stringify(written)).to.equal(before);
      }),
      { numRuns: 40 },
    );
  });

  it('lets an ingress `from` reach the wire byte for byte', async () => {
    const ingress =
      '[{"from":[{"namespaceSelector":{"matchLabels":{"environment":"dev"}},"podSelector":{}},{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}],"ports":[{"port":80}]}]';
    const server = await fakeServer(({ body, method }, response) =>
      json(
        response,
        200,
        method === 'PATCH'
          ? JSON.parse(body)
          : { metadata: { name: 'p' }, spec: { podSelector: {}, ingress: JSON.parse(ingress) } },
      ),
    );
    const client = connect(writeKubeconfig(`http://127.0.0.1:${server.port}`));
    await policySet(client, NAMES).applyPolicies([policy({ podSelector: {}, ingress: JSON.parse(ingress) })]);
    const sent = server.seen.find(({ method }) => method === 'PATCH');
    expect(sent?.body).to.contain(`"ingress":${ingress}`);
    expect(sent?.url.pathname).to.contain('/namespaces/prod-x7k2a/networkpolicies/p');
    client.close();
    await server.close();
  });
});
