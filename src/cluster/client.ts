import { setTimeout as sleep } from 'node:timers/promises';
import { PodreachError } from '../errors.ts';
import { readCredentials } from './client-credentials.ts';
import type { KubeObject, Manifest } from './client-object.ts';
import { describeManifest, pathOfManifest, pathOfReview } from './client-path.ts';
import { describeResponse, type Request, type Response, sendRequest } from './client-request.ts';
import { type Predicate, type WaitOptions, waitForObjects } from './client-watch.ts';
import { type ExecOptions, type ExecResult, type ExecTarget, execInPod } from './exec.ts';

export type { KubeObject, Manifest } from './client-object.ts';
export { type Kind, pathOf } from './client-path.ts';
export type { Predicate, WaitOptions } from './client-watch.ts';
export type { ExecOptions, ExecResult, ExecTarget } from './exec.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * All that podreach asks of a cluster. Paths come from `pathOf`. Every failure is a PodreachError that holds the
 * server's status and text, and nothing of the credentials.
 */
export interface Client {
  /** The kubeconfig's context that is in use. */
  readonly context: string;
  get(path: string, options?: CallOptions): Promise<KubeObject>;
  list(path: string, options?: CallOptions & { readonly labelSelector?: string }): Promise<readonly KubeObject[]>;
  /** Server-side apply of the body as it is; returns what the server made of it. */
  apply(manifest: Manifest, options?: CallOptions): Promise<KubeObject>;
  /** Creates the object; fails where it is there already, also where an earlier try of this very call created it. */
  create(manifest: Manifest, options?: CallOptions): Promise<KubeObject>;
  /** Strategic merge patch of the object, or its subresource, at the path. May be sent twice. */
  patch(path: string, body: object, options?: CallOptions): Promise<KubeObject>;
  /** Posts a question, such as a SelfSubjectAccessReview, and returns it answered. May be sent twice: creates nothing. */
  ask(review: Manifest, options?: CallOptions): Promise<KubeObject>;
  /** Resolves once the deletion is accepted; an object that is not there counts as deleted. */
  delete(path: string, options?: CallOptions): Promise<void>;
  /** Waits until the collection at `path` satisfies the predicate; see `waitForObjects`. */
  waitFor(path: string, predicate: Predicate, options: WaitOptions): Promise<readonly KubeObject[]>;
  exec(target: ExecTarget, argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** Closes the kept-alive connections. */
  close(): void;
}

/**
 * Connects to the cluster of a kubeconfig file, in its current context unless another is named. Nothing is sent yet.
 *
 * Bodies never pass through @kubernetes/client-node's models: those call a policy's `from` `_from`, so that a plain
 * `ingress: [{from: …}]` reaches the server as `ingress: [{}]`, which allows everything.
 */
export const connect = (kubeconfigPath: string, contextName?: string): Client => {
  const credentials = readCredentials(kubeconfigPath, contextName);
  const send = (request: Request): Promise<Response> =>
    sendPatiently((again) => sendRequest(credentials, { ...again, signal: bounded(again.signal) }), request);
  return {
    context: credentials.context,
    get: async (path, { signal } = {}) => objectOf(`get ${path}`, await send({ method: 'GET', path, signal })),
    list: async (path, { signal, labelSelector } = {}) => {
      const query = labelSelector === undefined ? '' : `?${new URLSearchParams({ labelSelector })}`;
      const response = await send({ method: 'GET', path: path + query, signal });
      return parseOrThrow<{ items?: KubeObject[] }>(`list ${path}`, response).items ?? [];
    },
    apply: async (manifest, { signal } = {}) => {
      const path = `${pathOfManifest(manifest)}?fieldManager=podreach&force=true&fieldValidation=Strict`;
      const body = JSON.stringify(manifest);
      const response = await send({ method: 'PATCH', path, body, contentType: 'application/apply-patch+yaml', signal });
      return objectOf(`apply ${describeManifest(manifest)}`, response);
    },
    create: async (manifest, { signal } = {}) => {
      const collection = pathOfManifest(manifest).replace(/\/[^/]*$/, '');
      const path = `${collection}?fieldManager=podreach&fieldValidation=Strict`;
      const response = await send({ method: 'POST', path, body: JSON.stringify(manifest), signal });
      return objectOf(`create ${describeManifest(manifest)}`, response);
    },
    patch: async (path, body, { signal } = {}) => {
      const contentType = 'application/strategic-merge-patch+json';
      const query = '?fieldManager=podreach&fieldValidation=Strict';
      const request = { method: 'PATCH', path: path + query, body: JSON.stringify(body), contentType, signal } as const;
      return objectOf(`patch ${path}`, await send(request));
    },
    ask: async (review, { signal } = {}) => {
      const path = pathOfReview(review);
      return objectOf(`answer ${path}`, await send({ method: 'POST', path, body: JSON.stringify(review), signal }));
    },
    delete: async (path, { signal } = {}) => {
      const response = await send({ method: 'DELETE', path, signal });
      if (!GONE.has(response.status)) parseOrThrow(`delete ${path}`, response);
    },
    waitFor: (path, predicate, options) => waitForObjects(credentials, path, predicate, options),
    exec: (target, argv, options) => execInPod(credentials, target, argv, options),
    close: () => credentials.close(),
  };
};

/** An answer that takes longer than this never comes: the server is paused, or the connection dead. */
const ANSWER_MS = 30_000;

const bounded = (signal: AbortSignal | undefined): AbortSignal =>
  AbortSignal.any([AbortSignal.timeout(ANSWER_MS), ...(signal ? [signal] : [])]);

/** Pauses before the further attempts. Every request here may be sent twice without harm. */
const PAUSES_MS = [100, 400, 1000];
const PASSING = new Set([429, 500, 502, 503, 504]);
/** Not there, or (409) on its way out already: podreach deletes without preconditions, so nothing else conflicts. */
const GONE = new Set([404, 409]);

const sendPatiently = async (send: (request: Request) => Promise<Response>, request: Request): Promise<Response> => {
  for (const pauseMs of PAUSES_MS) {
    const response = await send(request).catch((error: unknown) => {
      if (request.signal?.aborted) throw error;
      return undefined;
    });
    if (response && !isPassing(response)) return response;
    await sleep(pauseMs, undefined, { signal: request.signal ?? undefined }).catch(() => {
      throw new PodreachError('the request to the API server was interrupted');
    });
  }
  return send(request);
};

/** Server-side apply tells a body that does not fit the schema as a 500, which no further attempt mends. */
const isPassing = ({ status, text }: Response): boolean =>
  PASSING.has(status) && !text.includes('failed to create typed patch object');

const parseOrThrow = <T>(attempt: string, response: Response): T => {
  if (response.status < 200 || response.status > 299)
    throw new PodreachError(`the API server refused to ${attempt}: ${describeResponse(response)}`);
  try {
    return JSON.parse(response.text) as T;
  } catch {
    throw new PodreachError(`the API server answered ${attempt} with something that is not JSON`);
  }
};

const objectOf = (attempt: string, response: Response): KubeObject => parseOrThrow<KubeObject>(attempt, response);
