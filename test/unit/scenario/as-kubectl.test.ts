import { expect } from 'chai';
import { kubectlValue } from '../../../src/scenario/kubectl-value.ts';
import { load, policy, refusal } from './temporary-folder.ts';

const scenario = 'namespaces: {prod: {}}\npolicyNamespace: prod\n';
const labelled = (labels: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {podSelector: {matchLabels: ${labels}}}\n`;

const refusedIn = async (yaml: string): Promise<readonly string[]> =>
  (await refusal({ 'scenario.yaml': scenario, 'policies/p.yaml': yaml })).lines.map((line) =>
    line.replace('policies/p.yaml:', ''),
  );

const takes = async (yaml: string): Promise<void> => {
  const [loaded] = await load({ 'scenario.yaml': scenario, 'policies/p.yaml': yaml });
  expect(loaded?.steps[0]?.policies).to.have.length(1);
};

/** As sigs.k8s.io/yaml 1.6 turns them into JSON, which kubectl 1.34 uses. */
const readings: Readonly<Record<string, string | number | boolean | null>> = {
  ...{ y: true, Y: true, yes: true, Yes: true, YES: true, yEs: 'yEs', on: true, On: true, ON: true, oN: 'oN' },
  ...{ n: false, N: false, no: false, No: false, NO: false, off: false, Off: false, OFF: false, ofF: 'ofF' },
  ...{ true: true, True: true, TRUE: true, tRue: 'tRue', false: false, False: false, FALSE: false },
  ...{ null: null, Null: null, NULL: null, '~': null, nULL: 'nULL', '': null },
  ...{ '0120': 80, '-0120': -80, '+0120': 80, '00': 0, '08': 8, '09': 9, '0_8': 8, '0189': 189, '0120.5': 120.5 },
  ...{ '0o120': 80, '0O17': 15, '0b1': 1, '-0b11': -3, '0B1': 1, '0b2': '0b2', '0x1F': 31, '-0x1f': -31, '0x': '0x' },
  ...{ '1_000': 1000, '1__0': 10, _1: '_1', '1_000.5': 1000.5, '.5_0': 0.5, '+12': 12, '.5': 0.5, '5.': 5 },
  ...{
    '1e3': 1000,
    '1E+3': 1000,
    '+.5e1': 5,
    '.e3': '.e3',
    '.': '.',
    '-': '-',
    '1:30': '1:30',
    '190:20:30': '190:20:30',
  },
  ...{ '2001-01-01': '2001-01-01', '2001-01-01T00:00:00Z': '2001-01-01T00:00:00Z', '1,000': '1,000', '<<': '<<' },
};

describe('what kubectl makes of a scalar without quotes', () => {
  for (const [written, expected] of Object.entries(readings))
    it(`${written || 'nothing'} is ${JSON.stringify(expected)}`, () => {
      expect(kubectlValue(written)).to.equal(expected);
    });
});

describe('a policy that kubectl reads otherwise than YAML 1.2 says', () => {
  const values: Readonly<Record<string, string>> = {
    on: 'kubectl reads `on` as true here: quote it',
    n: 'kubectl reads `n` as false here: quote it',
    '0b101': 'kubectl reads `0b101` as 5 here: quote it',
    '1_000': 'kubectl reads `1_000` as 1000 here: quote it',
  };
  for (const [written, message] of Object.entries(values))
    it(`is refused if a value is ${written}, and taken if it is quoted`, async () => {
      expect(await refusedIn(labelled(`{a: ${written}}`))).to.deep.equal([`4:39: ${message}`]);
      await takes(labelled(`{a: "${written}"}`));
      await takes(labelled(`{a: '${written}'}`));
    });

  it('is refused if a number is octal to kubectl', async () => {
    const rule = 'podSelector: {}, ingress: [{ports: [{port: 0120}]}]';
    expect(await refusedIn(policy('p').replace('podSelector: {}', rule))).to.deep.equal([
      '4:51: kubectl reads `0120` as 80 here: write it in plain digits, or quote it',
    ]);
    await takes(policy('p').replace('podSelector: {}', rule.replace('0120', '0o120')));
  });

  it('is refused if a key is another to kubectl', async () => {
    const keys = { y: 'true', off: 'false', '0120': '80', '1.10': '1.1', '1_0': '10', '1234567.5': '1234567.5' };
    for (const [key, read] of Object.entries(keys))
      expect(await refusedIn(labelled(`{${key}: x}`))).to.deep.equal([
        `4:36: kubectl reads \`${key}\` as ${read} here: quote it`,
      ]);
    expect(await refusedIn(labelled('{~: x}'))).to.deep.equal([
      '4:36: "~" is not a label key: 1 to 63 letters, digits, "-", "_" and ".", with a letter or a digit at both ends, optionally after a DNS name and "/"',
    ]);
    for (const key of ['80', '2.4', '"on"', 'only', '"1.10"']) await takes(labelled(`{${key}: x}`));
  });

  it('is refused once if an alias repeats it, at the place where it is written', async () => {
    expect(await refusedIn(labelled('{a: &on yes, b: *on, c: *on}'))).to.deep.equal([
      '4:43: kubectl reads `yes` as true here: quote it',
    ]);
  });

  it('is reported once for a value that is wrong in any case', async () => {
    expect(await refusedIn(`${policy('p').replace('{name: p}', '{name: p, labels: {a: 010}}')}`)).to.deep.equal([
      '3:33: expected a string, got the number 10: put it in quotes',
    ]);
  });

  it('is nothing to say of in another kind of object, and in scenario.yaml', async () => {
    const other = `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {on: off, a: 0120, a: 0120}\n`;
    const files = {
      'scenario.yaml': 'namespaces: {prod: {labels: {on: off}}}\npolicyNamespace: prod\n',
      'policies/p.yaml': `${policy('p')}${other}`,
    };
    expect((await load(files))[0]?.steps[0].topology.namespaces[0]?.labels).to.deep.equal({ on: 'off' });
  });
});

describe('what stands between documents', () => {
  const dots = 'kubectl ignores what is between `...` and the next `---`: separate documents with `---`';
  const refused: Readonly<Record<string, readonly [yaml: string, line: string]>> = {
    'a document right behind the dashes': [
      `--- {}\n---\n${policy('p')}`,
      '1:1: kubectl accepts nothing after `---` except a comment: write it on the next line',
    ],
    'a document behind dots': [`${policy('p')}...\n# a comment\n${policy('q')}`, `7:1: ${dots}`],
    'a directive': [`%YAML 1.2\n---\n${policy('p')}`, '1:1: kubectl accepts no directives: remove this line'],
  };
  for (const [what, [yaml, line]] of Object.entries(refused))
    it(`refuses ${what}`, async () => {
      expect((await refusedIn(yaml))[0]).to.equal(line);
    });

  for (const character of ['\u0085', '\u2028', '\u2029', '\ufeff'])
    it(`refuses the character U+${character.codePointAt(0)?.toString(16)}, which YAML 1.1 reads otherwise, but in JSON`, async () => {
      const [line] = await refusedIn(`# a${character}b\n${policy('p')}`);
      expect(line).to.match(/^1:4: kubectl reads U\+[0-9A-F]{4} differently here: /);
      const annotations = { a: `x${character}y` };
      const manifest = {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'p', annotations },
      };
      await takes(JSON.stringify(manifest));
    });

  it('takes what kubectl takes', async () => {
    await takes(`# a comment\n--- # another\n\n---   \n${policy('p')}...\n\n---\n`);
    await takes(policy('p').replaceAll('\n', '\r\n'));
  });
});
