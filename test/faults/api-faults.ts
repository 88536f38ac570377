import { gzipSync } from 'node:zlib';
import { type Answer, failure, type RequestFault } from './cluster/answers.ts';
import type { ApiRequest } from './cluster/rest.ts';
import { type SimulatedCluster, TOKEN } from './cluster/simulated-cluster.ts';
import { isWatch } from './cluster/watch.ts';
import { type Fault, whileProbing } from './fault.ts';

const always = (fault: RequestFault) => () => ({ request: () => fault });

const sinceProbing = (fault: RequestFault, forMs?: number) => (cluster: SimulatedCluster) =>
  whileProbing(cluster, { hooks: { request: () => fault }, ...(forMs !== undefined && { forMs }) });

/** Only requests that a test is about. */
const on = (isMeant: (request: ApiRequest) => boolean, fault: RequestFault) => () => ({
  request: (request: ApiRequest) => (isMeant(request) ? fault : undefined),
});

const isOfDevPods = ({ url }: ApiRequest): boolean => /\/namespaces\/dev-\w+\/pods$/v.test(url.pathname);
const isOfPolicy = ({ method, url }: ApiRequest): boolean =>
  method !== 'GET' && url.pathname.endsWith('/networkpolicies/web-from-dev');
const isWatchOfDevPods = (request: ApiRequest): boolean => isOfDevPods(request) && isWatch(request.url);
const isDeletionOfNamespace = ({ method, url }: ApiRequest): boolean =>
  method === 'DELETE' && /\/namespaces\/[^\/]+$/v.test(url.pathname);
const isPodList = ({ method, url }: ApiRequest): boolean =>
  method === 'GET' && /\/(prod|dev)-\w+\/pods$/v.test(url.pathname);

const answer = (body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status: 200,
  body,
  headers: { 'Content-Type': 'application/json', ...headers },
});

const PAGE = '<!DOCTYPE html><html><head><title>Log in</title></head><body>Please log in.</body></html>';

/** Answers with 200 that are no answers of an API server. */
const malformed: Readonly<Record<string, Answer>> = {
  'an HTML page': answer(PAGE, { 'Content-Type': 'text/html' }),
  nothing: answer(''),
  null: answer('null'),
  'compressed bytes': answer(gzipSync('{"items":[]}')),
  'half of the JSON': answer('{"kind":"PodList","items":[{"metadata":{"na'),
};

/** Each request comes to nothing the first time that it is made: before the server has done what it asks, or after. */
const flaky = (drop: 'request' | 'answer') => () => {
  const seen = new Set<string>();
  return {
    request: ({ method, url }: ApiRequest): RequestFault | undefined => {
      const key = `${method} ${url.pathname}`;
      if (seen.has(key)) return undefined;
      seen.add(key);
      return { drop };
    },
  };
};

export const refusals: readonly Fault[] = [
  {
    name: 'API server answers 403 to everything',
    arrange: always(failure(403, 'namespaces is forbidden: User "nobody" cannot list resource "namespaces"')),
    exitCode: 2,
    says: [/403 Forbidden: namespaces is forbidden/v],
    neverSays: /stopped answering|are left/v,
  },
  {
    name: 'API server answers 403 to the list of pods while probing',
    arrange: (cluster) =>
      whileProbing(cluster, {
        hooks: { request: (request) => (isPodList(request) ? failure(403, 'pods is forbidden') : undefined) },
      }),
    exitCode: 2,
    says: [/pods.*403 Forbidden: pods is forbidden/v],
  },
  {
    name: 'API server answers 409 to a policy',
    arrange: on(isOfPolicy, failure(409, 'the object has been modified')),
    exitCode: 2,
    says: [/policies\/web\.yaml:1.*web-from-dev.*409 Conflict: the object has been modified/v],
  },
  {
    name: 'API server answers 429 with Retry-After for 3 seconds',
    arrange: sinceProbing(failure(429, 'too many requests', { 'Retry-After': '1' }), 3000),
    exitCode: 0,
    says: [/1 passed/v],
  },
  {
    name: 'API server answers 429 without end',
    arrange: sinceProbing(failure(429, 'too many requests', { 'Retry-After': '1' })),
    exitCode: 2,
    says: [/429 Too Many Requests/v],
    leaves: 'namespaces',
  },
  {
    name: 'API server answers 500 for a second',
    arrange: sinceProbing(failure(500, 'etcdserver: leader changed'), 1000),
    exitCode: 0,
    says: [/1 passed/v],
  },
  {
    name: 'API server answers 500 to everything',
    arrange: always(failure(500, 'etcdserver: request timed out')),
    exitCode: 2,
    says: [/500 Internal Server Error: etcdserver: request timed out/v],
  },
  {
    name: 'API server answers 503 without end while probing',
    arrange: sinceProbing(failure(503, 'apiserver not ready')),
    exitCode: 2,
    says: [/503 Service Unavailable: apiserver not ready/v],
    leaves: 'namespaces',
  },
  {
    name: 'admission webhook that refuses to delete namespaces',
    arrange: on(isDeletionOfNamespace, failure(403, 'admission webhook "keep" denied the request')),
    exitCode: 2,
    says: [
      /1 passed/v,
      /could not remove everything that it created: .*prod-\w{5}.* (?:is|are) still there: .*admission webhook "keep" denied/v,
      /podreach cluster gc --context/v,
    ],
    passes: ['one'],
    leaves: 'namespaces',
  },
  {
    name: 'API server repeats the token in a refusal',
    arrange: always(failure(403, `token ${TOKEN} may not do this`)),
    exitCode: 2,
    says: [/403 Forbidden/v],
  },
  {
    name: 'API server refuses with 2 MB of text',
    arrange: always(failure(403, 'no '.repeat(700_000))),
    exitCode: 2,
    says: [/403 Forbidden/v],
  },
];

export const answers: readonly Fault[] = [
  ...Object.entries(malformed).map(
    ([what, body]): Fault => ({
      name: `answer with 200 that is ${what} while pods come up`,
      arrange: on(isOfDevPods, body),
      exitCode: 2,
      says: [/pods/v],
    }),
  ),
  {
    name: 'answer with 200 that is an HTML page while a second scenario is probed',
    scenarios: ['one', 'two'],
    arrange: (cluster) =>
      whileProbing(cluster, { policy: 'web-closed', hooks: { request: () => malformed['an HTML page'] } }),
    exitCode: 2,
    says: [/1 passed|one: pass/v, /not? JSON/v],
    passes: ['one'],
    leaves: 'namespaces',
  },
];

export const connections: readonly Fault[] = [
  {
    name: 'API server answers 300 ms late',
    arrange: always({ delayMs: 300 }),
    exitCode: 0,
    says: [/1 passed/v],
  },
  {
    name: 'every request cut off once',
    arrange: flaky('request'),
    exitCode: 0,
    says: [/1 passed/v],
  },
  {
    name: 'every answer lost once',
    arrange: flaky('answer'),
    exitCode: 0,
    says: [/1 passed/v],
  },
  {
    name: 'API server restarted while pods come up (away for 5 s)',
    arrange: (cluster) => {
      let restarted = false;
      return {
        request: (request) => {
          if (restarted || !isWatchOfDevPods(request)) return undefined;
          restarted = true;
          void cluster.restart(5000);
          return { drop: 'request' };
        },
      };
    },
    exitCode: 0,
    says: [/1 passed/v],
  },
  {
    name: 'API server restarted while probing (away for 5 s)',
    arrange: (cluster) => whileProbing(cluster, { act: () => void cluster.restart(5000) }),
    exitCode: 2,
    says: [/exec in /v],
    breaks: / -> /v,
  },
  {
    name: 'API server gone for good while probing',
    arrange: (cluster) => whileProbing(cluster, { hooks: { request: () => ({ drop: 'request' }) } }),
    exitCode: 2,
    says: [/the cluster stopped answering/v],
    leaves: 'namespaces',
  },
  {
    name: 'watch that ends at once',
    arrange: on(({ url }) => isWatch(url), answer('')),
    exitCode: 0,
    says: [/1 passed/v],
  },
  {
    name: 'watch that is too old (410)',
    arrange: on(
      ({ url }) => isWatch(url),
      answer(`${JSON.stringify({ type: 'ERROR', object: JSON.parse(String(failure(410, 'too old').body)) })}\n`),
    ),
    exitCode: 0,
    says: [/1 passed/v],
  },
  {
    name: 'watch that sends an HTML page',
    arrange: on(({ url }) => isWatch(url), malformed['an HTML page'] as Answer),
    exitCode: 0,
    says: [/1 passed/v],
  },
];
