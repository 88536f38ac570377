/** Scenarios that somebody wrote to hang podreach, to fill its memory or to flood a log. */
import type { Files } from '../unit/scenario/temporary-folder.ts';

export interface Hostile {
  readonly files: Files;
  /** What the first line of the refusal says behind `file:line:column: `; null where it is fine to read. */
  readonly refusal: RegExp | null;
}

const many = (count: number, text: (at: number) => string, separator = ''): string =>
  Array.from({ length: count }, (_, at) => text(at)).join(separator);

const base = 'namespaces: {p: {pods: {a: {ports: [80]}, b: {}}}}\n';
const policy = (name: string, spec: string): string =>
  `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: p}\nspec: ${spec}\n`;
const pods = (count: number, pod: (at: number) => string = () => '{ports: [80]}'): string =>
  `namespaces: {p: {pods: {${many(count, (at) => `p${at}: ${pod(at)}`, ', ')}}}}\n`;
const address = (at: number): string => `10.${at >>> 16}.${(at >>> 8) & 255}.${at & 255}`;

const scenario = (yaml: string, refusal: RegExp | null): Hostile => ({ files: { 'scenario.yaml': yaml }, refusal });
const policies = (yaml: string, refusal: RegExp | null, about = base): Hostile => ({
  files: { 'scenario.yaml': about, 'policies/a.yaml': yaml },
  refusal,
});
const patterns = (pattern: string, refusal: RegExp): Hostile => ({
  files: { 'scenario.yaml': `${base}policies: ['${pattern}']\n`, [`x/${'a'.repeat(200)}`]: '' },
  refusal,
});
const grid = (rows: string, refusal: RegExp, about = base): Hostile =>
  scenario(`${about}policies: []\nexpect:\n  grid: |2\n${rows}`, refusal);
const gridHead = '         p/a\n         80/TCP\n';

const TOKENS = /^more than [0-9]+ tokens of YAML/;
const NO_MANIFEST = /^not a Kubernetes object/;

export const hostileInputs: Readonly<Record<string, () => Hostile>> = {
  'twenty braces in a pattern': () => patterns('{a,b}'.repeat(20), /^a file pattern has at most 64 alternatives/),
  'a range of 1e8 in a pattern': () => patterns('{1..100000000}', /^a file pattern can't contain ranges/),
  'braces in braces in a pattern': () =>
    patterns(`${'{a,'.repeat(90)}b${'}'.repeat(90)}`, /^a file pattern has at most 64/),
  'a pattern of stars': () => patterns(`x/${'*a'.repeat(40)}b`, /^a file pattern has at most 3 "\*"/),
  'a pattern of groups': () => patterns('x/+(+(+(a|aa)|a)|a)b', /^a file pattern can't contain groups/),
  'a pattern for every file of the machine': () => patterns('/**', /^outside the scenario's repository/),
  'a device of the kernel': () => patterns('/proc/kmsg', /^outside the scenario's repository/),
  '20,000 patterns': () =>
    scenario(`${base}policies: [${many(20_000, (at) => `x${at}`, ',')}]\n`, /^20000 file patterns: at most 100/),
  'a grid of 60,000 unknown rows': () =>
    grid(gridHead + many(60_000, (at) => `    p/${at} .\n`), /^unknown source "p\/0"/),
  'a grid of 60,000 equal rows': () => grid(gridHead + '    p/b .\n'.repeat(60_000), /^duplicate row p\/b/),
  'a grid of 200,000 marks': () => grid(`${gridHead}    p/b ${'. '.repeat(200_000)}\n`, /^missing row p\/a/),
  'a grid of 300 unknown ends': () =>
    grid(
      `    ${many(300, (at) => `q/${at}`, ' ')}\n    ${'80/TCP '.repeat(300)}\n${many(300, (at) => `    q/${at} .\n`)}`,
      /^unknown destination "q\/0"/,
      pods(300),
    ),
  '100 steps of 2,000 pods': () =>
    scenario(
      `${pods(2_000, () => '{}')}policies: []\nsteps: [${many(100, (at) => `{label: {p/p0: {a: v${at}}}}`, ', ')}]\n`,
      /^4000 pods in all steps: at most 2000/,
    ),
  '100 steps that keep 1,000 rules': () =>
    scenario(
      `${pods(19)}policies: []\nexpect: {default: deny, rules: [${many(1_000, () => '{allow: {from: p/*, to: p/*}}', ', ')}]}\nsteps: [${many(100, (at) => `{label: {p/p0: {a: v${at}}}}`, ', ')}]\n`,
      null,
    ),
  '100 steps that remove and label 10,000 pods that are not there': () =>
    scenario(
      `${base}policies: []\nsteps: [${many(100, () => `{remove: [${many(100, (at) => `p/x${at}`, ', ')}], label: {${many(100, (at) => `p/y${at}: {a: b}`, ', ')}}}`, ', ')}]\n`,
      /^there is no pod or namespace "p\/x0" in this step/,
    ),
  '20,000 exceptions': () =>
    policies(
      policy(
        'a',
        `{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [${many(20_000, (at) => `${address(at)}/32`, ',')}]}}]}]}`,
      ),
      null,
    ),
  '5,000 peers, and as many ports': () =>
    policies(
      policy(
        'a',
        `{ingress: [{from: [${many(5_000, (at) => `{ipBlock: {cidr: ${address(at)}/32}}`, ',')}], ports: [${many(5_000, (at) => `{port: ${at + 1}}`, ',')}]}]}`,
      ),
      null,
    ),
  '8,000 ports': () =>
    scenario(
      `namespaces: {p: {pods: {a: {ports: [${many(8_000, (at) => `${at + 1}`, ',')}]}}}}\n`,
      /^8000 ports: at most 250/,
    ),
  '40,000 wrong ports': () =>
    scenario(`namespaces: {p: {pods: {a: {ports: [${'0,'.repeat(40_000)}]}}}}\npolicies: []\n`, /^invalid port 0/),
  '180,000 wrong ports': () =>
    scenario(`namespaces: {p: {pods: {a: {ports: [${'0, '.repeat(180_000)}]}}}}\npolicies: []\n`, TOKENS),
  '2,000 pods': () => scenario(`${pods(2_000)}policies: []\n`, /^a matrix of 4000000 cells: at most/),
  '20,000 pods': () => scenario(`${pods(20_000, () => '{}')}policies: []\n`, /^20000 pods: at most 2000/),
  '20,000 namespaces': () =>
    scenario(`namespaces: {${many(20_000, (at) => `n${at}: {}`, ',')}}\n`, /^20000 namespaces: at most 2000/),
  '20,000 labels': () =>
    scenario(
      `namespaces: {p: {labels: {${many(20_000, (at) => `k${at}: v`, ',')}}}}\npolicies: []\n`,
      /^20000 labels: at most 100/,
    ),
  '900 services in no namespace': () =>
    scenario(
      `${base}services: {${many(900, (at) => `x${at}/s: {port: 80}`, ',')}}\npolicies: []\n`,
      /^the scenario has no namespace "x0"/,
    ),
  '8,000 rules': () =>
    scenario(
      `${base}policies: []\nexpect: {default: allow, rules: [${many(8_000, () => '{deny: {}}', ',')}]}\n`,
      /^8000 rules: at most 2000/,
    ),
  '1,500 rules for 40,000 cells': () =>
    scenario(
      `${pods(200)}policies: []\nexpect: {default: deny, rules: [${many(1_500, (at) => `{allow: {to: p/p${at % 200}}}`, ',')}]}\n`,
      null,
    ),
  '15,000 unknown ends in a rule': () =>
    scenario(
      `${pods(500)}policies: []\nexpect: {default: allow, rules: [{deny: {to: [${many(15_000, (at) => `q/${at}`, ',')}]}}]}\n`,
      /^"q\/0" matches no endpoint/,
    ),
  '5,500 policies': () =>
    policies(
      many(
        5_500,
        (at) =>
          `---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a${at}, namespace: p}}\n`,
      ),
      /^5500 policies: at most 5000/,
    ),
  '400 policies that select nothing': () =>
    policies(
      many(400, (at) => policy(`a${at}`, `{podSelector: {matchLabels: {a: x${at}}}}`)),
      null,
      pods(100, (at) => `{labels: {a: b${at}}, ports: [80]}`),
    ),
  '700 policies that say the same': () =>
    policies(
      many(700, (at) => policy(`a${at}`, '{egress: [{ports: [{port: 80}]}]}')),
      null,
    ),
  'a selector of 20,000 values': () =>
    policies(
      policy(
        'a',
        `{podSelector: {matchExpressions: [{key: a, operator: In, values: [${many(20_000, (at) => `v${at}`, ',')}]}]}}`,
      ),
      null,
    ),
  'findings of 100 policies to explain': () =>
    policies(
      many(100, (at) => policy(`a${at}`, `{ingress: [{from: [{podSelector: {matchLabels: {a: x${at}}}}]}]}`)),
      null,
      `${pods(60, (at) => `{labels: {a: b${at}}, ports: [80]}`)}expect: {default: allow}\n`,
    ),
  '20,000 unknown keys': () =>
    scenario(`namespaces: {}\npolicies: []\n${many(20_000, (at) => `key${at}: 1\n`)}`, /^unknown key "key0"/),
  'a key 30,000 times': () =>
    scenario(`namespaces: {}\npolicies: []\n${'a: 1\n'.repeat(30_000)}`, /^unknown key "a"|^duplicate key "a"/),
  'a key of a megabyte': () => scenario(`? ${'k'.repeat(1_000_000)}\n: 1\n`, /^missing key|^unknown key "k+…/),
  'a mapping of 30,000 keys': () =>
    policies(
      many(30_000, (at) => `key${at}: 1\n`),
      NO_MANIFEST,
    ),
  'brackets in brackets': () => policies('['.repeat(500_000), /^nested too deeply/),
  'an alias of aliases': () =>
    policies(
      `a: &a [x,x,x,x,x,x,x,x,x]\n${many(8, (at) => `${'bcdefghi'[at]}: &${'bcdefghi'[at]} [${`*${'abcdefgh'[at]},`.repeat(9)}]\n`)}`,
      /^too many aliases/,
    ),
  '50,000 aliases': () => policies(`a: &a x\nb: [${'*a,'.repeat(50_000)}]\n`, /^too many aliases/),
  '200,000 commas': () => policies(`[${','.repeat(200_000)}]`, /^not YAML/),
  '100,000 numbers': () => policies(`[${'0,'.repeat(100_000)}]`, NO_MANIFEST),
  'a megabyte of numbers': () => policies(`[${'0,'.repeat(500_000)}]`, TOKENS),
  'a word of a megabyte': () => policies('a'.repeat(1_000_000), NO_MANIFEST),
  'a name of a megabyte': () => policies(policy(`"${'a-'.repeat(490_000)}"`, '{}'), /^invalid name "a-/),
  'a label of a quarter of a megabyte': () =>
    scenario(
      `namespaces: {p: {labels: {"${'a.'.repeat(120_000)}!": x}}}\npolicies: []\n`,
      /^invalid label key "a\.a\./,
    ),
  'an intent of a megabyte of spaces': () => scenario(`${base}policies: []\nintent: "${' '.repeat(900_000)}"\n`, null),
  'an address of a megabyte': () =>
    scenario(
      `namespaces: {p: {pods: {a: {address: "::${'1:'.repeat(400_000)}1.2.3"}}}}\npolicies: []\n`,
      /^invalid address/,
    ),
  'a range of a megabyte': () =>
    policies(policy('a', `{ingress: [{from: [{ipBlock: {cidr: "${'0'.repeat(900_000)}x"}}]}]}`), /^invalid cidr/),
  'a number of a megabyte': () =>
    scenario(`namespaces: {p: {pods: {a: {ports: [${'9'.repeat(900_000)}]}}}}\npolicies: []\n`, /./),
  '300 files': () => ({
    files: {
      'scenario.yaml': base,
      ...Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`policies/${at}.yaml`, policy(`a${at}`, '{}')])),
    },
    refusal: null,
  }),
};
