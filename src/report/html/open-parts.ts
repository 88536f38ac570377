/** When something turned open or closed. */
interface Turn {
  readonly atMs: number;
  readonly isOpen: boolean;
}

/** The parts of a strip during which it was open. `placeOf` gives the place of a time in the strip, which ends at `endMs`. */
export const openParts = (
  turns: readonly Turn[],
  endMs: number,
  placeOf: (atMs: number) => number,
): readonly (readonly [from: number, to: number])[] =>
  turns.flatMap(({ atMs, isOpen }, at): readonly (readonly [number, number])[] => {
    const part = [placeOf(atMs), placeOf(turns[at + 1]?.atMs ?? endMs)] as const;
    return isOpen && part[0] < part[1] ? [part] : [];
  });

/** A part of a strip, to a thousandth, and never outside of it. */
export const partOf = (part: number): number => Math.round(Math.min(1, Math.max(0, part)) * 1000) / 1000;
