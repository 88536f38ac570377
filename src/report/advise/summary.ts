import type { Advised } from '../../advise/index.ts';
import { listed, plural, printable } from '../../text.ts';
import { wrapped } from '../../wrap.ts';
import { coloursOf } from '../colours.ts';
import type { ReporterOptions } from '../reporter.ts';
import { listText, portsText } from './intent.ts';
import { doubtText, unmetText } from './unmet.ts';

/** What the policies do and don't do, for people. What is not as expected comes in full. */
export const advisedSummary = (advised: Advised, { colour, width }: ReporterOptions): string => {
  const colours = coloursOf(colour);
  const { met, unmet } = advised;
  const head = `${plural(advised.policies.length, 'policy', 'policies')}, and ${plural(met, 'cell')} as expected`;
  const verdict =
    unmet.length > 0
      ? colours.bold(colours.red(`${head}, ${unmet.length} not`))
      : colours.bold(colours.green(`${head}, as the model predicts`));
  const lines = [
    ...needlessLines(advised),
    ...closedLines(advised),
    ...lookupLines(advised),
    ...wideningLines(advised),
    ...undefinedLines(advised),
    ...part('these cells are not as expected:', unmet.map(unmetText)),
    ...part(
      'nothing is known of these cells, and they are open like others that no label tells from them:',
      advised.exposed.map(doubtText),
    ),
    ...part(
      'nothing is known of these cells, so nothing allows them:',
      advised.unknown.filter(({ doubt }) => doubt !== 'undefined').map(doubtText),
    ),
  ];
  return [verdict, ...lines.map(printable)]
    .flatMap((line) => wrapped(line, width))
    .map((line) => `${line}\n`)
    .join('');
};

const needlessLines = ({ policies }: Advised): readonly string[] =>
  policies.length === 0
    ? [
        'no cell is denied, so no policy is needed: to allow less, write an expectation that denies some, or name a report of what was seen with --observed',
      ]
    : [];

const closedLines = ({ closed }: Advised): readonly string[] => {
  const open = [...closed].filter(([, directions]) => directions.includes('egress')).map(([name]) => name);
  return open.length === 0
    ? []
    : [
        `egress is closed in ${listText(open)}: what this matrix does not have (other namespaces, the internet, the API server) can't be reached from there`,
      ];
};

const lookupLines = ({ policies }: Advised): readonly string[] => {
  const apps = policies.flatMap(({ intent }) =>
    intent.kind === 'app' && intent.lookups === 'chosen' ? [nameOf(intent.app)] : [],
  );
  return apps.length === 0
    ? []
    : [`DNS is open, although no cell asks for it, to ${listed(apps, NAMES)}: without it no name would resolve there`];
};

/** Of one port together. */
const wideningLines = ({ widenings }: Advised): readonly string[] => {
  const alike = Map.groupBy(widenings, ({ direction, port }) => `${direction} ${portsText([port])}`);
  return [...alike.values()].map((own) => {
    const [{ direction, port }] = own as [(typeof own)[0] & object];
    const apps = listed(
      own.map(({ app }) => nameOf(app)),
      NAMES,
    );
    const text = direction === 'ingress' ? `everyone may reach ${apps}` : `${apps} may reach everything`;
    const also = direction === 'egress' ? '; --direction ingress closes no egress' : '';
    return `wider than expected: ${text} on ${portsText([port])}, because nothing narrower lets through what is to be allowed${also}`;
  });
};

const undefinedLines = ({ unknown }: Advised): readonly string[] => {
  const { length } = unknown.filter(({ doubt }) => doubt === 'undefined');
  return length === 0
    ? []
    : [`nothing is wanted of ${plural(length, 'cell')}, which the specification leaves undefined`];
};

const nameOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  `${namespace}/${name}`;

/** More are in the policies themselves. */
const NAMES = 5;

const part = (title: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : ['', title, ...items.map((item) => `  ${item}`)];
