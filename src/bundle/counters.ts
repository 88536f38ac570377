/** Which rules of a node a packet met, by their counters. */

const COUNTED = /^\[(\d+):\d+\] (-A .+)$/;

interface Rule {
  readonly table: string;
  readonly rule: string;
  readonly packets: number;
}

/** As `iptables-save -c` prints them, below a line `# PROGRAM`. */
const rulesIn = (printed: string): readonly Rule[] => {
  let table = '';
  return printed.split('\n').flatMap((line): readonly Rule[] => {
    const [, title] = /^# (\S+)$/.exec(line) ?? [];
    if (title !== undefined) table = title;
    const [, packets, rule = ''] = COUNTED.exec(line) ?? [];
    return packets === undefined ? [] : [{ table, rule, packets: Number(packets) }];
  });
};

const DROPS = / -j (?:DROP|REJECT)\b/;

/** A rule that counted packets meanwhile. */
export interface Counted {
  readonly rule: string;
  readonly before: number;
  readonly after: number;
}

/**
 * Of the rules that counted more: those that name one of these addresses, those that drop, and those of these chains.
 * Others count what else goes on in the node.
 */
export const countedBetween = (
  before: string,
  after: string,
  { addresses, relevant }: { readonly addresses: readonly string[]; readonly relevant: readonly string[] },
): readonly Counted[] => {
  const keyOf = ({ table, rule }: Rule) => `${table} ${rule}`;
  const earlier = new Map(rulesIn(before).map((one) => [keyOf(one), one.packets]));
  const own = new Set(relevant.map((line) => COUNTED.exec(line)?.[2] ?? line));
  const names = (rule: string): boolean =>
    addresses.some((address) => rule.includes(` ${address}/`) || rule.includes(` ${address} `));
  return rulesIn(after).flatMap((one): readonly Counted[] => {
    const packets = earlier.get(keyOf(one)) ?? 0;
    const isTelling = own.has(one.rule) || DROPS.test(one.rule) || names(one.rule);
    return one.packets > packets && isTelling ? [{ rule: one.rule, before: packets, after: one.packets }] : [];
  });
};
