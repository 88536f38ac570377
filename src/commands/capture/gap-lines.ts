/** Words for what a captured scenario does not show. */
import type { Gap } from '../../capture/index.ts';
import { bounded, listed, plural } from '../../text.ts';

const NAMED = 10;

const CROWDED = 20;

/** One line for each gap, and few for many of one kind. */
export const gapLines = (gaps: readonly Gap[]): readonly string[] => {
  const crowded = gaps.filter(({ kind }) => kind === 'no-room');
  return [
    ...gaps.filter((gap) => !crowded.includes(gap)).map(lineOf),
    ...bounded(crowded, CROWDED, (gap) => [lineOf(gap)]),
  ];
};

/** What no scenario shows. */
export const NEVER_SHOWN =
  'on which nodes the pods are, and so the paths between them; load; what real servers answer; machines outside the cluster';

const lineOf = (gap: Gap): string => {
  switch (gap.kind) {
    case 'no-room':
      return noRoomLine(gap);
    case 'unpinned':
      return `connections of ${names(gap.pods)}: an ipBlock tells their addresses apart, and they can't have such an address here`;
    case 'services':
      return `Services ${SERVICE_REASONS[gap.reason]}: ${listed(gap.names, NAMED)}`;
    case 'not-running':
      return `${plural(gap.count, 'pod')} that ${gap.count === 1 ? 'is' : 'are'} not running`;
    case 'empty-namespaces':
      return `${plural(gap.names.length, 'namespace')} without a running pod: ${listed(gap.names, NAMED)}`;
    case 'outside':
      return gap.names === null
        ? 'whether policies mean other namespaces: not checked, because you may not list namespaces'
        : `other namespaces that policies mean: ${listed(gap.names, NAMED)} (add them with -n)`;
    case 'other-policies':
      return `policies of other kinds, which decide as well: ${listed(gap.names, NAMED)}`;
    case 'other-policies-unchecked':
      return `whether there are policies of other kinds: not checked, because you may not ${
        gap.resources === null ? 'read the API groups' : `list ${listed(gap.resources)}`
      }`;
    case 'second-family':
      return `the second address family of ${plural(gap.count, 'pod')}`;
  }
};

const SERVICE_REASONS = {
  'no-selector': 'whose backends are not chosen by labels',
  'no-backend': 'that select no running pod',
  'no-room': 'to whose backends no pods here are alike',
} as const;

const noRoomLine = ({ role, pods }: Extract<Gap, { kind: 'no-room' }>): string => {
  const [sample] = pods;
  const which = `${plural(pods.length, 'pod')} like ${sample?.endpoint}`;
  switch (role) {
    case 'first':
      return `${which}: no room for one more pod (--max-pods)`;
    case 'second':
      return `what ${which} may do to each other: no room for a second one (--max-pods)`;
    case 'elsewhere':
      return `${which}, as seen from another namespace of the same kind: no room (--max-pods)`;
    case 'backend':
      return `${which}, as a backend of another Service: no room (--max-pods)`;
  }
};

const names = (pods: readonly { readonly endpoint: string }[]): string =>
  listed(
    pods.map(({ endpoint }) => endpoint),
    NAMED,
  );
