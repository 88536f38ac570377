/** The part of a list that is drawn. */

/**
 * @param {HTMLElement} target
 * @param {Readonly<Record<string, string>>} properties
 */
export const setStyle = (target, properties) => {
  for (const [name, value] of Object.entries(properties)) target.style.setProperty(name, value);
};

/**
 * @param {number} first
 * @param {number} end
 * @param {number} count
 * @param {number} extra
 */
export const range = (first, end, count, extra) => {
  const [low, high] = [Math.max(0, first), Math.min(count, end)];
  const all = Array.from({ length: Math.max(0, high - low) }, (_, index) => low + index);
  if (extra < low && extra >= 0 && extra < count) return [extra, ...all];
  return extra >= high && extra < count ? [...all, extra] : all;
};

/**
 * Makes what is missing, in the order of `wanted`, and removes what is not wanted any more.
 * @param {Map<number, HTMLElement>} existing
 * @param {readonly number[]} wanted
 * @param {HTMLElement} parent
 * @param {(at: number) => HTMLElement} make
 */
export const keep = (existing, wanted, parent, make) => {
  const [first = 0, last = 0] = [wanted[0], wanted.at(-1)];
  for (const [at, made] of existing)
    if (at < first || at > last || (wanted.length < last - first + 1 && !wanted.includes(at))) {
      made.remove();
      existing.delete(at);
    }
  /** @type {HTMLElement | undefined} */
  let next;
  for (const at of wanted.toReversed()) {
    const made = existing.get(at) ?? make(at);
    if (!existing.has(at)) {
      existing.set(at, made);
      parent.insertBefore(made, next ?? null);
    }
    next = made;
  }
};

/** @param {number} value @param {number} least @param {number} most */
export const within = (value, least, most) => Math.max(least, Math.min(value, Math.max(least, most)));
