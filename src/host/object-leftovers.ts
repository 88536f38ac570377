import { type FoundObject, foundObjects, removeObject } from './engine-objects.ts';
import type { Leftover } from './leftover.ts';
import { isOursAndDead } from './ownership.ts';

/** Containers and images that podreach created directly, of dead processes with this user and cache folder. */
export const objectLeftovers = async (
  which: (object: FoundObject) => boolean = () => true,
  kinds?: readonly FoundObject['kind'][],
): Promise<readonly Leftover[]> => {
  const objects = (await foundObjects(kinds)).filter(which);
  const dead = await Promise.all(objects.map(({ ownership }) => isOursAndDead(ownership)));
  return objects
    .filter((_, index) => dead[index])
    .map((object) => ({
      what: object.kind,
      name: object.name,
      why: `its process ${object.ownership.owner.pid} is gone`,
      owner: object.ownership.owner,
      since: object.created,
      remove: () => removeObject(object),
    }));
};
