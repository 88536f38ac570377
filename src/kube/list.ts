import type { ListPage } from './answer.ts';
import type { KubeObject } from './object.ts';
import { PassingError } from './request.ts';

/** The page size of client-go (tools/pager). */
const PAGE_LIMIT = 500;
const MAX_PAGES = 1000;

export interface WholeList {
  readonly objects: readonly KubeObject[];
  /** Where a watch may start. */
  readonly resourceVersion: string | undefined;
}

type Fetch = (query: Readonly<Record<string, string>>) => Promise<ListPage | 'expired'>;

/**
 * Reads a collection page by page; `fetch` reads one page. If the token of the next page has expired (410 Gone), it
 * reads the list once more in one piece, as client-go does, because a slow reader would never get to the end. This is
 * ours, because the library reads one page only.
 */
export const listAll = async (fetch: Fetch): Promise<WholeList> => {
  const objects: KubeObject[] = [];
  let next: string | undefined;
  for (let count = 0; count < MAX_PAGES; count += 1) {
    const page = await fetch({ limit: `${PAGE_LIMIT}`, ...(next !== undefined && { continue: next }) });
    if (page === 'expired') return inOnePiece(fetch);
    for (const item of page.items) objects.push(item);
    if (page.continue === undefined) return { objects, resourceVersion: page.resourceVersion };
    if (page.continue === next) throw new PassingError('the API server keeps returning the same page of a list');
    next = page.continue;
  }
  throw new PassingError(`a list from the API server does not end: it has more than ${MAX_PAGES} pages`);
};

const inOnePiece = async (fetch: Fetch): Promise<WholeList> => {
  const page = await fetch({});
  if (page === 'expired' || page.continue !== undefined)
    throw new PassingError('the API server does not return a list in one piece, although its pages expire');
  return { objects: page.items, resourceVersion: page.resourceVersion };
};

/** `?a=b&c=d` of the defined values. */
export const queryOf = (parameters: Readonly<Record<string, string | undefined>>): string => {
  const query = new URLSearchParams(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();
  return query === '' ? '' : `?${query}`;
};
