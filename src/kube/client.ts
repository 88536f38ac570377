import { groupsIn, objectIn, pageIn, reviewIn, textIn } from './answer.ts';
import { readCredentials } from './credentials.ts';
import { type ExecOptions, type ExecResult, type ExecTarget, execInPod, startExec } from './exec.ts';
import { listAll, queryOf } from './list.ts';
import type { KubeObject, Manifest } from './object.ts';
import { AWAY_MS, createOutage } from './outage.ts';
import { describeManifest, pathOf, pathOfManifest, pathOfReview } from './path.ts';
import { type Request, type Response, sendRequest } from './request.ts';
import { patiently } from './retry.ts';
import { createStandingShells, scriptOf } from './standing-shells.ts';
import { type Predicate, type WaitOptions, waitForObjects } from './watch.ts';

export type { ExecOptions, ExecResult, ExecTarget } from './exec.ts';
export type { KubeObject, Manifest } from './object.ts';
export { pathOf } from './path.ts';
export type { Predicate, WaitOptions } from './watch.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface LogOptions extends CallOptions {
  readonly sinceSeconds: number;
  readonly lines: number;
  /** If these lines have more, the newest are missing. */
  readonly bytes: number;
}

/**
 * Everything that podreach asks of a cluster. Paths come from `pathOf`. Every failure is a PodreachError with the
 * server's status and text, and without credentials.
 */
export interface Client {
  /** The context that is in use. */
  readonly context: string;
  get(path: string, options?: CallOptions): Promise<KubeObject>;
  list(path: string, options?: CallOptions & { readonly labelSelector?: string }): Promise<readonly KubeObject[]>;
  /** The API groups that the server knows, each with its versions. */
  apiGroups(options?: CallOptions): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Server-side apply of the unchanged body; returns what the server made of it. */
  apply(manifest: Manifest, options?: CallOptions): Promise<KubeObject>;
  /** Creates the object; fails if it already exists, even if an earlier attempt of the same call created it. */
  create(manifest: Manifest, options?: CallOptions): Promise<KubeObject>;
  /** Strategic merge patch of the object, or its subresource, at the path. May be sent twice. */
  patch(path: string, body: object, options?: CallOptions): Promise<KubeObject>;
  /**
   * Posts a question, such as a SelfSubjectAccessReview, and returns the answer. May be sent twice, since it creates
   * nothing.
   */
  ask(review: Manifest, options?: CallOptions): Promise<KubeObject>;
  /** Resolves once the deletion is accepted; an object that does not exist counts as deleted. */
  delete(path: string, options?: CallOptions): Promise<void>;
  /** Waits until the collection at `path` satisfies the predicate; see `waitForObjects`. */
  waitFor(path: string, predicate: Predicate, options: WaitOptions): Promise<readonly KubeObject[]>;
  exec(target: ExecTarget, argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** The last lines that a container wrote to its log. */
  log(target: ExecTarget, options: LogOptions): Promise<string>;
  /** Ends the shells that were left in containers, and closes the kept-alive connections. */
  close(): void;
}

/**
 * Connects to the cluster of a kubeconfig (a file, or several as in KUBECONFIG), in its current context unless another
 * one is named. Nothing is sent yet.
 *
 * Requests are ours, because the models of @kubernetes/client-node drop unknown fields before the server can refuse
 * them, and call a policy's `from` `_from`: a plain `ingress: [{from: …}]` would reach the server as `ingress: [{}]`,
 * which allows everything. For other bodies its KubernetesObjectApi fails client.test.ts ("keeps one connection"),
 * patch.test.ts (a subresource, a created body as it is, the answer to a question) and answer.test.ts ("finally
 * reported", "no deletion").
 */
export const connect = (kubeconfig: string, contextName?: string): Client => {
  const credentials = readCredentials(kubeconfig, contextName);
  const outage = createOutage();
  const shells = createStandingShells((...exec) => startExec(credentials, ...exec));
  const ask = <T>(request: Request, read: (response: Response) => T): Promise<T> =>
    patiently(async (answerMs) => read(await sendRequest(credentials, { ...request, answerMs })), {
      signal: request.signal,
      outage,
    });
  const askForObject = (attempt: string, request: Request): Promise<KubeObject> =>
    ask(request, (response) => objectIn(attempt, response));
  return {
    context: credentials.context,
    get: (path, { signal } = {}) => askForObject(`get ${path}`, { method: 'GET', path, signal }),
    list: async (path, { signal, labelSelector } = {}) => {
      const { objects } = await listAll((page) =>
        ask({ method: 'GET', path: path + queryOf({ labelSelector, ...page }), signal }, (response) =>
          pageIn(`list ${path}`, response),
        ),
      );
      return objects;
    },
    apiGroups: ({ signal } = {}) =>
      ask({ method: 'GET', path: '/apis', signal }, (response) => groupsIn('get /apis', response)),
    apply: async (manifest, { signal } = {}) => {
      const path = `${pathOfManifest(manifest)}?fieldManager=podreach&force=true&fieldValidation=Strict`;
      const body = JSON.stringify(manifest);
      const request = { method: 'PATCH', path, body, contentType: 'application/apply-patch+yaml', signal } as const;
      return askForObject(`apply ${describeManifest(manifest)}`, request);
    },
    create: async (manifest, { signal } = {}) => {
      const collection = pathOfManifest(manifest).replace(/\/[^/]*$/, '');
      const path = `${collection}?fieldManager=podreach&fieldValidation=Strict`;
      const request = { method: 'POST', path, body: JSON.stringify(manifest), signal } as const;
      return askForObject(`create ${describeManifest(manifest)}`, request);
    },
    patch: async (path, body, { signal } = {}) => {
      const contentType = 'application/strategic-merge-patch+json';
      const query = '?fieldManager=podreach&fieldValidation=Strict';
      const request = { method: 'PATCH', path: path + query, body: JSON.stringify(body), contentType, signal } as const;
      return askForObject(`patch ${path}`, request);
    },
    ask: async (review, { signal } = {}) => {
      const path = pathOfReview(review);
      return ask({ method: 'POST', path, body: JSON.stringify(review), signal }, (response) =>
        reviewIn(`answer ${path}`, response),
      );
    },
    delete: (path, { signal } = {}) =>
      ask({ method: 'DELETE', path, signal }, (response) => {
        if (!GONE.has(response.status)) reviewIn(`delete ${path}`, response);
      }),
    waitFor: (path, predicate, options) => waitForObjects(credentials, path, predicate, options),
    exec: (target, argv, options) => {
      const { signal, deadlineMs, bearsOutage = false, leavesShell = false } = options;
      const script = leavesShell ? scriptOf(argv) : undefined;
      const exec = () => (script ? shells.run(target, script, options) : execInPod(credentials, target, argv, options));
      return bearsOutage ? patiently(exec, { signal, outage, patienceMs: deadlineMs + AWAY_MS }) : exec();
    },
    log: ({ namespace, pod, container }, { sinceSeconds, lines, bytes, signal }) => {
      const query = { container, sinceSeconds: `${sinceSeconds}`, tailLines: `${lines}`, limitBytes: `${bytes}` };
      const path = `${pathOf('Pod', { namespace, name: pod })}/log`;
      return ask({ method: 'GET', path: path + queryOf(query), signal }, (response) => textIn(`get ${path}`, response));
    },
    close: () => {
      shells.close();
      credentials.close();
    },
  };
};

/**
 * It does not exist, or (409) is already being deleted: podreach deletes without preconditions, so nothing else
 * conflicts.
 */
const GONE = new Set([404, 409]);
