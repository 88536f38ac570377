import { type Answer, failure, jsonAnswer } from './answers.ts';
import { placeOf } from './paths.ts';
import type { ApiRequest } from './rest.ts';
import type { Hooks, SimulatedCluster } from './simulated-cluster.ts';

/** A rule of a Role or ClusterRole. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** One verb on one resource: `create pods/exec`, `list daemonsets.apps`. */
export type Right = string;

const rightOf = (verb: string, group: string, resource: string): Right =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}`;

export const rightsIn = (rules: readonly Rule[]): readonly Right[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => rightOf(verb, group, resource)))),
  );

/** `apis/apps/v1` gives `apps`, and `api/v1` the empty group. */
const groupIn = (path: string): string => /^apis\/([^\/]+)/v.exec(path)?.[1] ?? '';

/**
 * The verbs that the API server checks (https://kubernetes.io/docs/reference/access-authn-authz/authorization/). An apply
 * that creates the object needs `create` besides `patch` (apiserver/pkg/endpoints/handlers/patch.go, createValidation).
 */
const verbsOf = ({ method, url, contentType }: ApiRequest, isNamed: boolean, exists: boolean): readonly string[] => {
  if (method === 'GET') return [isNamed ? 'get' : url.searchParams.get('watch') === 'true' ? 'watch' : 'list'];
  if (method === 'DELETE') return ['delete'];
  if (method === 'POST') return ['create'];
  return contentType.includes('apply-patch') && !exists ? ['patch', 'create'] : ['patch'];
};

const rightsFor = ({ store }: SimulatedCluster, request: ApiRequest): readonly Right[] => {
  const place = placeOf(request.url.pathname);
  if (!place) return [];
  const { collection, name, subresource } = place;
  const resource = subresource === undefined ? collection.plural : `${collection.plural}/${subresource}`;
  const exists = name !== undefined && store.get(collection, name) !== undefined;
  return verbsOf(request, name !== undefined, exists).map((verb) => rightOf(verb, groupIn(collection.group), resource));
};

/** An exec over a WebSocket; from Kubernetes 1.35 on it needs both. */
const EXEC: readonly Right[] = ['get pods/exec', 'create pods/exec'];

/** What a user asks about himself, which needs no right. */
interface Review {
  readonly spec: {
    readonly resourceAttributes: {
      readonly verb: string;
      readonly group?: string;
      readonly resource: string;
      readonly subresource?: string;
    };
  };
}

const isReview = ({ method, url }: ApiRequest): boolean =>
  method === 'POST' && url.pathname.endsWith('/selfsubjectaccessreviews');

const answerTo = (body: string, granted: ReadonlySet<Right>): Answer => {
  const review = JSON.parse(body) as Review;
  const { verb, group = '', resource, subresource } = review.spec.resourceAttributes;
  const right = rightOf(verb, group, subresource === undefined ? resource : `${resource}/${subresource}`);
  return jsonAnswer(201, { ...review, status: { allowed: granted.has(right) } });
};

/** What a user was allowed, and what not. */
export interface Usage {
  readonly used: Set<Right>;
  readonly refused: Set<Right>;
}

/** Makes a cluster refuse everything but these rights, with 403. */
export const allowOnly = (cluster: SimulatedCluster, rights: readonly Right[]): Usage & { readonly hooks: Hooks } => {
  const granted = new Set(rights);
  const used = new Set<Right>();
  const refused = new Set<Right>();
  const refusalOf = (needed: readonly Right[]): string | undefined => {
    const missing = needed.filter((right) => !granted.has(right));
    for (const right of needed) (granted.has(right) ? used : refused).add(right);
    return missing.length === 0 ? undefined : `User "podreach" cannot ${missing.join(', ')}`;
  };
  return {
    used,
    refused,
    hooks: {
      request: (request) => {
        if (isReview(request)) return answerTo(request.body, granted);
        const refusal = refusalOf(rightsFor(cluster, request));
        return refusal === undefined ? undefined : failure(403, refusal);
      },
      exec: () => {
        const message = refusalOf(EXEC);
        return message === undefined ? undefined : { refuse: { status: 403, message } };
      },
    },
  };
};
