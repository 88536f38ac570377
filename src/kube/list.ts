import type { ListPage } from './answer.ts';
import type { KubeObject } from './object.ts';
import { PassingError } from './request.ts';

/** As many objects as client-go asks for in one page (tools/pager). */
const PAGE_LIMIT = 500;
const MAX_PAGES = 1000;

export interface WholeList {
  readonly objects: readonly KubeObject[];
  /** From where a watch may go on. */
  readonly resourceVersion: string | undefined;
}

type Fetch = (query: Readonly<Record<string, string>>) => Promise<ListPage | 'expired'>;

/**
 * Asks for a collection page by page; ours, because the library asks for one page only. Where the token of the next page
 * has expired (410 Gone), the list is asked for once more and in one piece, as client-go does, because a slow reader would
 * never get to the end. `fetch` asks for one page.
 */
export const listAll = async (fetch: Fetch): Promise<WholeList> => {
  const objects: KubeObject[] = [];
  let next: string | undefined;
  for (let count = 0; count < MAX_PAGES; count += 1) {
    const page = await fetch({ limit: `${PAGE_LIMIT}`, ...(next !== undefined && { continue: next }) });
    if (page === 'expired') return inOnePiece(fetch);
    for (const item of page.items) objects.push(item);
    if (page.continue === undefined) return { objects, resourceVersion: page.resourceVersion };
    if (page.continue === next) throw new PassingError('the API server gives the same page of a list again and again');
    next = page.continue;
  }
  throw new PassingError(`the API server does not come to the end of a list: ${MAX_PAGES} pages came`);
};

const inOnePiece = async (fetch: Fetch): Promise<WholeList> => {
  const page = await fetch({});
  if (page === 'expired' || page.continue !== undefined)
    throw new PassingError('the API server does not give a list in one piece, though its pages expire');
  return { objects: page.items, resourceVersion: page.resourceVersion };
};

/** `?a=b&c=d` of what is defined. */
export const queryOf = (parameters: Readonly<Record<string, string | undefined>>): string => {
  const query = new URLSearchParams(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();
  return query === '' ? '' : `?${query}`;
};
