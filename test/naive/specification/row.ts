import type { World } from '../../../src/model/world.ts';
import type { RawPolicy } from '../manifest.ts';

/** A sentence of the specification, and what it means for some connections. */
export interface Row {
  /** In quotes where it is the specification's own; else why it follows. */
  readonly says: string;
  /** Where several rows stand beside one sentence: what this one shows. */
  readonly shows?: string;
  readonly policies: readonly RawPolicy[];
  /** `dev/client > prod/web 80/TCP: deny` */
  readonly cells: readonly string[];
  /** The one of `world.ts` where not given. */
  readonly world?: World;
}
