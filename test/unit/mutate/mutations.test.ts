import { expect } from 'chai';
import { mutantsOf } from '../../../src/mutate/mutations.ts';
import type { ReadPolicy } from '../../../src/scenario/index.ts';
import { load } from '../scenario/temporary-folder.ts';

const policyWith = async (spec: string): Promise<ReadPolicy> => {
  const [scenario] = await load({
    'scenario.yaml': 'namespaces: {prod: {pods: {web: {}}}}\nexpect: model\n',
    'policies/own.yaml': `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, namespace: prod}\nspec: ${spec}\n`,
  });
  return scenario?.steps[0].policies[0] as ReadPolicy;
};

/** Each mutant: where it was edited, and what stands in the mutant's spec in place of what is gone or changed. */
const mutantsWith = async (spec: string): Promise<readonly string[]> =>
  mutantsOf(await policyWith(spec)).map(
    ({ path, edit, manifest }) => `${path.slice(1).join('.')} ${edit.kind}: ${JSON.stringify(manifest?.spec ?? null)}`,
  );

describe('mutantsOf', () => {
  it('drops, widens and misspells each part of a rule', async () => {
    const from =
      '[{podSelector: {matchLabels: {app: api}}}, {namespaceSelector: {matchExpressions: [{key: team, operator: Exists}]}}]';
    const mutants = await mutantsWith(`{podSelector: {}, ingress: [{from: ${from}, ports: [{port: 80}]}]}`);
    const api = '{"podSelector":{"matchLabels":{"app":"api"}}}';
    const team = '{"namespaceSelector":{"matchExpressions":[{"key":"team","operator":"Exists"}]}}';
    const ports = '"ports":[{"port":80}]';
    const rules = (text: string): string => `{"podSelector":{},"ingress":[${text}]}`;
    const peers = (text: string): string => rules(`{${ports},"from":[${text}]}`);
    const ported = (text: string): string => rules(`{"from":[${api},${team}],"ports":[${text}]}`);
    expect(mutants.map(ordered)).to.have.members(
      [
        ' policy-removed: null',
        'policyTypes isolates: {"podSelector":{},"ingress":[{"from":[' +
          `${api},${team}],${ports}}],"policyTypes":["Ingress","Egress"]}`,
        `ingress.0 rule-removed: ${rules('')}`,
        `ingress.0.from all-peers: ${rules(`{${ports}}`)}`,
        `ingress.0.from.0 peer-removed: ${peers(team)}`,
        `ingress.0.from.0.podSelector all-selected: ${peers(`{"podSelector":{}},${team}`)}`,
        `ingress.0.from.0.podSelector.matchLabels.app text: ${peers(`${api.replace('api', 'apix')},${team}`)}`,
        `ingress.0.from.1 peer-removed: ${peers(api)}`,
        `ingress.0.from.1.namespaceSelector all-selected: ${peers(`${api},{"namespaceSelector":{}}`)}`,
        `ingress.0.from.1.namespaceSelector.matchExpressions.0.key text: ${peers(`${api},${team.replace('team', 'teamx')}`)}`,
        `ingress.0.from.1.namespaceSelector own-namespace: ${peers(`${api},{"podSelector":{}}`)}`,
        `ingress.0.ports all-ports: ${rules(`{"from":[${api},${team}]}`)}`,
        `ingress.0.ports.0.port text: ${ported('{"port":79}')}`,
        `ingress.0.ports.0.port text: ${ported('{"port":81}')}`,
        `ingress.0.ports.0 protocol: ${ported('{"port":80,"protocol":"UDP"}')}`,
      ].map(ordered),
    );
  });

  it('resizes blocks, and leaves their exceptions in', async () => {
    const mutants = await mutantsWith(
      '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/30, except: [10.0.0.0/31]}}]}]}',
    );
    const blocks = mutants.filter((one) => one.includes('ipBlock.')).map((one) => /"ipBlock":(.*?\})/.exec(one)?.[1]);
    expect(blocks).to.have.members([
      '{"cidr":"10.0.0.0/29","except":["10.0.0.0/31"]}',
      '{"cidr":"10.0.0.0/30","except":[]}',
      // An exception of the whole block, and a block no larger than its exception, are refused.
      '{"cidr":"10.0.0.0/30","except":["10.0.0.0/32"]}',
    ]);
  });

  it('takes a rule without a direction, both selectors of a peer as two, and keeps names short enough', async () => {
    const long = 'a'.repeat(63);
    const both = `{podSelector: {matchLabels: {app: ${long}}}, namespaceSelector: {}}`;
    const mutants = await mutantsWith(
      `{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [], egress: [{to: [${both}], ports: [{port: http}]}]}`,
    );
    const kinds = mutants.map((one) => one.slice(0, one.indexOf(':')));
    expect(kinds).to.include.members([
      'policyTypes does-not-isolate',
      'egress.0.to.0 or-for-and',
      'egress.0.to.0.podSelector.matchLabels.app text',
      'egress.0.ports.0.port text',
    ]);
    expect(kinds.filter((one) => one === 'policyTypes does-not-isolate')).to.have.length(2);
    expect(mutants.join('\n'))
      .to.contain(`"${'a'.repeat(62)}x"`)
      .and.contain('"port":"httpx"');
  });
});

/** With the keys of each mapping in alphabetical order. */
const ordered = (line: string): string => {
  const at = line.indexOf(': ') + 2;
  const sorted = (_key: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort())
      : value;
  return line.slice(0, at) + JSON.stringify(JSON.parse(line.slice(at)), sorted);
};
