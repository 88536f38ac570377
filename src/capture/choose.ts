import type { Role, StandIn } from './stand-ins.ts';

/** What goes first where there is room for some only: each class once before any twice. */
const ORDER: readonly Role[] = ['first', 'second', 'elsewhere', 'backend'];

/** So many of them at most: those that stand for the most pods. */
export const chooseStandIns = (all: readonly StandIn[], most: number): readonly StandIn[] => {
  if (all.length <= most) return all;
  const chosen = new Set(
    all
      .toSorted(
        (one, other) => ORDER.indexOf(one.role) - ORDER.indexOf(other.role) || other.pods.length - one.pods.length,
      )
      .slice(0, most),
  );
  return all.filter((one) => chosen.has(one));
};
