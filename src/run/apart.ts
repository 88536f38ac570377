/** A piece of work, and what it needs exclusively while it runs. */
export interface Claim<Item> {
  readonly item: Item;
  /** Work that shares one of these never runs at the same time. */
  readonly needs: ReadonlySet<string>;
}

/**
 * Works through the items with a number of workers, and never on two at once that need the same thing: the first in
 * order that can begin does. An item that can't begin waits for one that is running, so there is no deadlock. Resolves
 * when everything is done; rejects at once with the first failure, and begins nothing more.
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
