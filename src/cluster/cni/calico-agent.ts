/** Felix with its iptables dataplane. */
import { createHash } from 'node:crypto';
import { type CniAgent, RULES_END, type RuledPod } from './agent.ts';

/** Both kinds of iptables may be there; Felix uses one of them. `-c` prints how many packets met each rule. */
const PRINT_RULES = `for save in iptables-nft-save iptables-legacy-save ip6tables-nft-save ip6tables-legacy-save; do
  command -v "$save" >/dev/null && echo "# $save" && "$save" -c -t filter 2>/dev/null
done
echo '# ipset'
ipset list 2>/dev/null
echo '${RULES_END}'`;

const MEMBERS_AT_MOST = 100;

/** The names that Felix gives to a pod's chains: what leaves it, and what comes to it. */
const chainsOf = (pod: RuledPod): readonly string[] => [`cali-fw-${interfaceOf(pod)}`, `cali-tw-${interfaceOf(pod)}`];

/** As libcalico-go names the node's end of a pod's network (VethNameForWorkload). */
const interfaceOf = ({ namespace, pod }: RuledPod): string =>
  `cali${createHash('sha1').update(`${namespace}.${pod}`).digest('hex').slice(0, 11)}`;

interface Section {
  readonly title: string;
  readonly lines: string[];
}

const sectionsIn = (printed: string): readonly Section[] => {
  const sections: Section[] = [];
  for (const line of printed.split('\n')) {
    const [, title] = /^# (\S+)$/.exec(line) ?? [];
    if (title !== undefined) sections.push({ title, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections;
};

const APPENDED = /^(?:\[\d+:\d+\] )?-A (\S+) /;

/** The rules of these chains and of all that they lead to, a chain at a time. */
const rulesFrom = (chains: readonly string[], lines: readonly string[]): readonly string[] => {
  const byChain = Map.groupBy(lines, (line) => APPENDED.exec(line)?.[1] ?? '');
  const reached = new Set(chains);
  // A set gives what is added to it during the loop, too.
  for (const chain of reached)
    for (const line of byChain.get(chain) ?? []) {
      const [, next] = / (?:-j|-g) (cali-\S+)/.exec(line) ?? [];
      if (next !== undefined) reached.add(next);
    }
  return [...reached].flatMap((chain) => byChain.get(chain) ?? []);
};

/** An ipset is printed as `Name: …`, other lines, `Members:`, and its members, then a blank line. */
const setLines = (names: ReadonlySet<string>, lines: readonly string[]): readonly string[] => {
  const sets = lines.join('\n').split(/\n(?=Name: )/);
  return sets.flatMap((set) => {
    const own = set.split('\n').filter((line) => line !== '' && line !== RULES_END);
    if (!names.has(own[0]?.replace('Name: ', '') ?? '')) return [];
    const members = own.slice(own.indexOf('Members:') + 1);
    const shown = own.slice(0, own.length - Math.max(0, members.length - MEMBERS_AT_MOST));
    return [
      '',
      ...shown,
      ...(members.length > MEMBERS_AT_MOST ? [`and ${members.length - MEMBERS_AT_MOST} more`] : []),
    ];
  });
};

export const calicoAgent: CniAgent = {
  name: 'Calico',
  labelSelector: 'k8s-app=calico-node',
  container: 'calico-node',
  rulesArgv: ['sh', '-c', PRINT_RULES],
  rulesFor: (printed, pods) => {
    const sections = sectionsIn(printed);
    const chains = pods.flatMap(chainsOf);
    const tables = sections
      .filter(({ title }) => title !== 'ipset')
      .map(({ title, lines }) => ({ title, rules: rulesFrom(chains, lines) }))
      .filter(({ rules }) => rules.length > 0);
    const sets = new Set(
      tables.flatMap(({ rules }) =>
        rules.flatMap((rule) => [...rule.matchAll(/--match-set (\S+)/g)].map(([, name = '']) => name)),
      ),
    );
    const setTexts = sections.filter(({ title }) => title === 'ipset').flatMap(({ lines }) => setLines(sets, lines));
    return [...tables.flatMap(({ title, rules }) => [`# ${title}`, ...rules]), ...setTexts];
  },
};
