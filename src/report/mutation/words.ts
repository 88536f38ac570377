import type { Labels, Place } from '../../model/index.ts';
import type { Edit, Mutant, Newcomer, WhySame, Witness } from '../../mutate/index.ts';
import { portText } from '../../scenario/index.ts';
import { listed } from '../../text.ts';

/** What was done to a policy, as a short phrase. */
export const editText = (edit: Edit): string => {
  switch (edit.kind) {
    case 'policy-removed':
      return 'without this policy';
    case 'rule-removed':
      return 'without this rule';
    case 'peer-removed':
      return 'without this peer';
    case 'port-removed':
      return 'without this port';
    case 'all-peers':
      return 'for every peer';
    case 'all-ports':
      return 'for every port';
    case 'isolates':
      return `also isolates ${edit.direction}`;
    case 'does-not-isolate':
      return `does not isolate ${edit.direction}`;
    case 'all-selected':
      return `selects all ${edit.of}`;
    case 'own-namespace':
      return 'without its namespaceSelector';
    case 'or-for-and':
      return 'its two selectors as two peers';
    case 'except-removed':
      return `without the exception ${edit.text}`;
    case 'text':
    case 'protocol':
      return `${edit.to} instead of ${edit.from}`;
  }
};

/** Where the edited part is written; the policy's own place if it is not known. */
export const placeOfMutant = ({ policy, path }: Pick<Mutant, 'policy' | 'path'>): Place =>
  policy.spec.placeOf?.(path) ?? { file: policy.file, line: policy.line, column: 1 };

export const mutantText = (mutant: Mutant): string => {
  const { file, line, column } = placeOfMutant(mutant);
  const { namespace, name } = mutant.policy;
  return `${file}:${line}:${column}: ${namespace}/${name} ${editText(mutant.edit)}`;
};

/** Why a mutant changes nothing. */
export const whyText = (why: WhySame): string => {
  if (why.kind === 'alone') return 'the policy means the same';
  const { policies } = why;
  const who = policies.length > 0 ? listed(policies) : 'several other policies';
  const isMany = policies.length !== 1;
  if (why.kind === 'others') return `${who} ${isMany ? 'do' : 'does'} the same`;
  const where = why.blocked === 'egress' ? 'source' : 'destination';
  return `${who} ${isMany ? 'block' : 'blocks'} it at the ${where}`;
};

/** `a pod with app=db in prod -> prod/web 80/TCP: allow` */
export const witnessText = ({ from, to, port, protocol, family, expectation, newcomers }: Witness): string => {
  const end = (name: string, newcomer: Newcomer | undefined): string => (newcomer ? newcomerText(newcomer) : name);
  const over = family === undefined ? '' : ` over ${family}`;
  const where = portText({ number: port, protocol });
  return `${end(from, newcomers.from)} -> ${end(to, newcomers.to)} ${where}${over}: ${expectation}`;
};

const newcomerText = (newcomer: Newcomer): string => {
  if (newcomer.kind === 'host') return `a host at ${newcomer.address}`;
  const { labels, namespace } = newcomer;
  const home = namespace.name ?? `a namespace ${labelsText(namespace.labels)}`;
  return `a pod ${labelsText(labels)} in ${home}`;
};

const labelsText = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length > 0 ? `with ${pairs.join(', ')}` : 'without labels';
};
