/** How much the page may still hold of something; the most important comes first. In characters. */
export interface Allowance {
  /** Whether it fits; if so, it is taken. */
  take(characters: number): boolean;
}

const createAllowance = (characters: number): Allowance => {
  let left = characters;
  return {
    take: (wanted) => {
      if (wanted > left) return false;
      left -= wanted;
      return true;
    },
  };
};

/** Together with the cells of a thousand endpoints, which take a megabyte at most, a page stays below 5 MB. */
export const createAllowances = () => ({
  evidence: createAllowance(1_200_000),
  explanations: createAllowance(800_000),
  policies: createAllowance(800_000),
  deciders: createAllowance(600_000),
});

export type Allowances = ReturnType<typeof createAllowances>;
