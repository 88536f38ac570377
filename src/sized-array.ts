/**
 * The items, `most` of them or fewer, in an array that is made in that size. An array that grows is copied each time,
 * and a matrix may be too large to be held twice.
 */
export const sizedArray = <Item>(most: number, items: Iterable<Item>): Item[] => {
  const all = new Array<Item>(most);
  let next = 0;
  for (const item of items) {
    all[next] = item;
    next += 1;
  }
  all.length = next;
  return all;
};
