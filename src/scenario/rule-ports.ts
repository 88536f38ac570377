import { parsePort } from '../port.ts';
import { type createNearest, quoted } from '../text.ts';
import type { WrittenRule } from './expect-schema.ts';
import type { Port } from './scenario.ts';
import { portText } from './topology.ts';

/** Reports a problem of a rule; the path begins at `expect`. */
export type TellRule = (path: readonly PropertyKey[], message: string) => void;

type WrittenPort = NonNullable<WrittenRule['allow']>['port'];

const listed = <Item extends number | string>(items: Item | readonly Item[]): readonly Item[] =>
  Array.isArray(items) ? items : [items as Item];

/** The columns whose port a rule names, by number or by name; all if it names none. Reports a port that none has. */
export const columnsNamed = <Column extends { readonly port: Port }>(
  written: WrittenPort,
  all: readonly Column[],
  nearest: ReturnType<typeof createNearest>,
  tell: TellRule,
): readonly Column[] => {
  if (written === undefined) return all;
  const byNumber = Map.groupBy(all, ({ port }) => portText(port));
  const byName = Map.groupBy(all, ({ port }) => port.name);
  const placed = new Map(listed<number | string>(written).map((item, at) => [item, at]));
  return [...placed].flatMap(([item, at]) => {
    // A string of digits is neither port notation nor a port name.
    const parsed = parsePort(item);
    const wanted = typeof item === 'string' && !item.includes('/') ? null : parsed;
    const found = (wanted ? byNumber.get(portText(wanted)) : byName.get(`${item}`)) ?? [];
    if (found.length === 0) {
      const shown = wanted ? portText(wanted) : `${item}`;
      const path = Array.isArray(written) ? ['port', at] : ['port'];
      const names = [...byNumber.keys(), ...[...byName.keys()].filter((name) => name !== undefined)];
      const near = nearest('port', parsed ? portText(parsed) : shown, names);
      tell(path, `port ${quoted(shown)} matches no port of these destinations${near}`);
    }
    return found;
  });
};
