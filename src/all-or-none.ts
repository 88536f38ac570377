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
