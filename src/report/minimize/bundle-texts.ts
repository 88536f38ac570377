/** The texts of a bundle for the maintainers of a CNI. */
import type { NodeFacts } from '../../bundle/index.ts';
import type { Finding } from '../../minimize/index.ts';
import { plural, printable } from '../../text.ts';
import { doubtsOf, findingText, sizeText } from './words.ts';

export interface BundleTexts {
  readonly finding: Finding;
  readonly podreach: string;
  /** Empty if there was no cluster. */
  readonly nodes: readonly NodeFacts[];
}

/** The files by their names. */
export const bundleTexts = (input: BundleTexts): ReadonlyMap<string, string> =>
  new Map([
    ['README.md', textOf(readmeLines(input))],
    ['versions.txt', textOf(versionLines(input))],
    ...input.nodes.flatMap(({ rules }, at): [string, string][] =>
      'missing' in rules
        ? [[`rules/node-${at + 1}.txt`, textOf([`not collected, because ${rules.missing}`])]]
        : (['before', 'after'] as const).map((when) => [`rules/node-${at + 1}-${when}.txt`, textOf(rules[when])]),
    ),
    ...(input.nodes.length > 0 ? [['counters.txt', textOf(counterLines(input.nodes))] as const] : []),
  ]);

const textOf = (lines: readonly string[]): string => lines.map((line) => `${printable(line)}\n`).join('');

const readmeLines = ({ finding, nodes }: BundleTexts): readonly string[] => {
  const { mismatch, before, after, confirmed } = finding;
  const live = nodes.length > 0;
  return [
    `# ${findingText(mismatch, after)}`,
    '',
    ...(confirmed
      ? [`Seen ${confirmed.shown} of ${confirmed.times} times with what is in \`manifests/\`.`]
      : ['Predicted by the specification; not tried on a cluster.']),
    ...doubtsOf(finding).map((doubt) => `Note: ${doubt}.`),
    '',
    '    sh reproduce.sh',
    '',
    'creates these namespaces, pods and policies with kubectl, tries the connection, prints `reproduced` or `not reproduced`, and',
    'removes what it created. It needs kubectl and a shell. Its first lines say what can be set.',
    '',
    '| file | holds |',
    '| --- | --- |',
    '| `manifests/` | the namespaces, pods and policies; `@IMAGE@` and `@NODE_1@` are filled in by the script |',
    '| `scenario/` | the same for `podreach run` |',
    '| `matrix.txt`, `matrix.json` | every connection between the pods, as seen and as specified |',
    '| `versions.txt` | the versions of everything involved |',
    ...(live
      ? [
          "| `rules/` | the CNI agent's rules for these pods on each node, with their counters, before and after one probe |",
          '| `counters.txt` | which of the rules counted packets of that probe; those that drop come first |',
        ]
      : []),
    '',
    ...nodes.map(({ runs }, at) => `Node ${at + 1} ran ${runs.join(' and ')}.`),
    `Reduced by podreach from ${sizeText(before)} to ${sizeText(after)}.`,
  ];
};

const versionLines = ({ podreach, nodes }: BundleTexts): readonly string[] => [
  `podreach ${podreach}`,
  ...(nodes.length === 0 ? ['no cluster was asked'] : []),
  ...nodes.flatMap(({ kubelet, kernel, system, runtime, agent }, at) => [
    '',
    `node ${at + 1}`,
    `  Kubernetes  ${kubelet}`,
    `  CNI         ${agent}`,
    `  kernel      ${kernel}`,
    `  system      ${system}`,
    `  runtime     ${runtime}`,
  ]),
];

const DROPS = / -j (?:DROP|REJECT)\b/;

const counterLines = (nodes: readonly NodeFacts[]): readonly string[] =>
  nodes.flatMap(({ rules }, at) => {
    const title = `node ${at + 1}`;
    if ('missing' in rules) return [`${title}: not collected, because ${rules.missing}`];
    const { counted } = rules;
    const ordered = [
      ...counted.filter(({ rule }) => DROPS.test(rule)),
      ...counted.filter(({ rule }) => !DROPS.test(rule)),
    ];
    return [
      `${title}: ${plural(ordered.length, 'rule')} counted packets while the connection was tried (before -> after)`,
      ...ordered.map(({ rule, before, after }) => `  ${before} -> ${after}  ${rule}`),
    ];
  });
