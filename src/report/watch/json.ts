import type { WatchResult } from '../../watch/index.ts';
import { jsonParts } from '../json-text.ts';

/** Changes if a reader of the old form would break. */
const SCHEMA = 'podreach/watch/v1';

/** What came of it, for machines; all times are in ms since 1970. */
export const watchJson = ({ cells, ...result }: WatchResult): Iterable<string> =>
  jsonParts({ schema: SCHEMA, ...result, cells: cells.values() });
