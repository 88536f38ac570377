import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadScenarios } from '../../../src/scenario/index.ts';
import { LIMITS } from '../../../src/scenario/limits.ts';
import { type Lower, withLimits } from './lower-limits.ts';
import { policy, refusal, withFiles } from './temporary-folder.ts';

const many = (count: number, text: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => text(at)).join(', ');

const pods = (count: number): string => `{prod: {pods: {${many(count, (at) => `p${at}: {}`)}}}}`;

describe('the limits of input', () => {
  it('stand in the documentation', async () => {
    const text = await readFile(new URL('../../../docs/scenario.md', import.meta.url), 'utf8');
    const [, table = ''] = /^## Limits\n(.*?)\n## /ms.exec(text) ?? [];
    const { matching: _estimate, ...stated } = LIMITS;
    for (const [what, limit] of Object.entries(stated))
      expect(table, what).to.match(new RegExp(`(^|[^0-9,])${limit.toLocaleString('en')}(?![0-9,])`, 'm'));
  });

  const tooMuch: Readonly<Record<string, readonly [yaml: string, line: string, lower?: Lower]>> = {
    pods: [`namespaces: ${pods(4)}`, '1:13: 4 pods: at most 3 in a scenario', { pods: 3 }],
    hosts: [
      `namespaces: {}\nhosts: {${many(4, (at) => `h${at}: {address: 172.17.0.${at}}`)}}`,
      '2:8: 4 hosts: at most 3 in a scenario',
      { hosts: 3 },
    ],
    'ports of a pod': [
      `namespaces: {prod: {pods: {web: {ports: [${many(LIMITS.ports + 1, (at) => `${at + 1}`)}]}}}}`,
      '1:41: 251 ports: at most 250',
    ],
    'labels of a namespace': [
      `namespaces: {prod: {labels: {${many(LIMITS.labels + 1, (at) => `k${at}: v`)}}}}`,
      '1:29: 101 labels: at most 100',
    ],
    cells: [
      `namespaces: {prod: {pods: {${many(11, (at) => `p${at}: {ports: [80]}`)}}}}`,
      '1:13: a matrix of 121 cells: at most 120 in a scenario',
      { cells: 120 },
    ],
    rules: [
      `namespaces: ${pods(2)}\nexpect: {default: deny, rules: [${many(4, () => '{allow: {}}')}]}`,
      '2:32: 4 rules: at most 3 in a scenario',
      { rules: 3 },
    ],
    patterns: [
      `namespaces: {}\npolicies: [${many(LIMITS.patterns + 1, (at) => `p${at}.yaml`)}]`,
      '2:11: 101 file patterns: at most 100 in a scenario',
    ],
    'ways to the backends of Services': [
      `namespaces: {p: {pods: {${many(3, (at) => `p${at}: {labels: {a: b}, ports: [80]}`)}}}}\nservices: {${many(6, (at) => `p/s${at}: {port: 80, selector: {a: b}}`)}}`,
      '1:13: 54 ways to a backend of a Service: at most 50 in a scenario',
      { ways: 50 },
    ],
  };
  for (const [what, [yaml, line, lower = {}]] of Object.entries(tooMuch))
    it(`hold for ${what}, at the place`, async () => {
      const policies = yaml.includes('policies:') ? '' : '\npolicies: []';
      const { lines } = await withLimits(lower, () => refusal({ 'scenario.yaml': `${yaml}${policies}\n` }));
      expect(lines).to.deep.equal([`scenario.yaml:${line}`]);
    });

  it('allow what is just below', async () => {
    const yaml = `namespaces: ${pods(LIMITS.pods)}\npolicies: []\n`;
    await withFiles({ 'scenario.yaml': yaml }, async (folder) => {
      expect(await loadScenarios([folder])).to.have.length(1);
    });
  });

  it('cut the list of problems, and say how many more there are', async () => {
    const yaml = `namespaces: {}\npolicies: []\n${many(300, (at) => `\nkey${at}: 1`).replaceAll(',', '')}\n`;
    const { lines } = await refusal({ 'scenario.yaml': yaml });
    expect(lines).to.have.length(101);
    expect(lines.at(-1)).to.equal('and 200 more problems');
  });

  it('count a file once that many scenarios name', async () => {
    const scenario = "namespaces: {prod: {}}\npolicies: ['../../k8s/*']\n";
    const manifests = Array.from({ length: 20 }, (_, at) => policy(`a${at}`, 'prod')).join('---\n');
    // A file of 1,000 tokens: counted for each of them, more than the limit.
    const names = Array.from({ length: 5 }, (_, at) => `s/s${at}/scenario.yaml`);
    const files = {
      '.git/HEAD': '',
      'k8s/a.yaml': manifests,
      ...Object.fromEntries(names.map((name) => [name, scenario])),
    };
    await withLimits({ allTokens: 2_000 }, () =>
      withFiles(files, async (folder) => {
        expect(await loadScenarios([join(folder, 's')])).to.have.length(5);
      }),
    );
  });
});
