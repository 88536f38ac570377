/** A piece of work, and what it must have for itself while it is at work. */
export interface Claim<Item> {
  readonly item: Item;
  /** Work that shares one of these is not at work at the same time. */
  readonly needs: ReadonlySet<string>;
}

/**
 * Works through the items, as many at the same time as there are workers, and never two that need the same thing: the first
 * in order that can begin does. Whatever can't begin needs something of what is at work, so there is no deadlock. Resolves
 * when all is done; rejects with the first failure at once, and begins nothing more.
 */
export const runApart = <Item>(
  claims: readonly Claim<Item>[],
  workers: number,
  work: (item: Item) => Promise<void>,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const waiting = [...claims];
    const atWork = new Set<Claim<Item>>();
    let failed = false;
    const begin = (): void => {
      while (!failed && atWork.size < workers) {
        const next = waiting.findIndex(({ needs }) => [...atWork].every((other) => other.needs.isDisjointFrom(needs)));
        const [claim] = next < 0 ? [] : waiting.splice(next, 1);
        if (!claim) break;
        atWork.add(claim);
        work(claim.item).then(
          () => end(claim),
          (error: unknown) => {
            failed = true;
            atWork.delete(claim);
            reject(error);
          },
        );
      }
      if (waiting.length === 0 && atWork.size === 0) resolve();
    };
    const end = (claim: Claim<Item>): void => {
      atWork.delete(claim);
      begin();
    };
    begin();
  });
