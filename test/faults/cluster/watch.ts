import type { ServerResponse } from 'node:http';
import { selectedBy } from './objects.ts';
import { placeOf } from './paths.ts';
import type { Store } from './store.ts';

/** Whether a request is one to watch a collection. */
export const isWatch = (url: URL): boolean => url.searchParams.has('watch');

/** Streams what changes after the version that was listed, as JSON lines, until either side hangs up. */
export const streamChanges = (store: Store, url: URL, response: ServerResponse): void => {
  const wanted = placeOf(url.pathname)?.collection;
  const selector = url.searchParams.get('labelSelector');
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.flushHeaders();
  const stop = store.follow(
    ({ type, collection: { group, plural, namespace }, object }) => {
      if (group !== wanted?.group || plural !== wanted.plural) return;
      if (wanted.namespace !== undefined && wanted.namespace !== namespace) return;
      if (selectedBy(selector, object)) response.write(`${JSON.stringify({ type, object })}\n`);
    },
    Number(url.searchParams.get('resourceVersion') ?? store.version()),
  );
  response.on('close', stop);
};
