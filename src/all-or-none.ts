/**
 * Awaits all, so that none is still at work when one has failed; throws what failed first. `stop` asks the others to end
 * early.
 */
export const allOrNone = async <Value>(
  works: readonly Promise<Value>[],
  stop: () => void = () => {},
): Promise<readonly Value[]> => {
  try {
    return await Promise.all(works);
  } catch (error) {
    stop();
    await Promise.allSettled(works);
    throw error;
  }
};

/** Awaits all. If one fails, undoes what the others came to, and throws what failed first. */
export const allOrUndone = async <Value>(
  works: readonly Promise<Value>[],
  undo: (value: Value) => Promise<unknown>,
): Promise<readonly Value[]> => {
  try {
    return await Promise.all(works);
  } catch (error) {
    const ended = await Promise.allSettled(works);
    await Promise.all(ended.map((one) => one.status === 'fulfilled' && undo(one.value)));
    throw error;
  }
};
