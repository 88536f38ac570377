/** An API server in this process that has some objects, and allows what a Role grants. */
import type { KubeObject } from '../../../../src/kube/index.ts';
import { type FakeServer, fakeServer, json } from '../../kube/fake-server.ts';

/** `list pods`, `list networkpolicies.networking.k8s.io` */
export type Granted = ReadonlySet<string>;

const rightOf = (verb: string, group: string, resource: string): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}`;

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export const grantedBy = (rules: readonly Rule[]): readonly string[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => rightOf(verb, group, resource)))),
  );

const PATH = /^\/(?:api\/v1|apis\/(?<group>[^/]+)\/[^/]+)(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<plural>[^/]+)$/;

/**
 * @param objects By collection: `pods`, `networkpolicies.networking.k8s.io`; a collection that is not there is not served.
 * @param granted In every namespace; `/apis` may always be read. For all namespaces at once: with `all `in front.
 */
export const grantingApi = (
  objects: Readonly<Record<string, readonly KubeObject[]>>,
  granted: Granted,
  groups: Readonly<Record<string, string>> = {},
): Promise<FakeServer> =>
  fakeServer((request, response) => {
    const { pathname } = request.url;
    const refuse = (status: number) => json(response, status, { kind: 'Status', message: `no ${pathname}` });
    if (pathname === '/apis') {
      const all = Object.entries(groups).map(([name, version]) => ({ name, versions: [{ version }] }));
      return json(response, 200, { kind: 'APIGroupList', groups: all });
    }
    if (pathname.endsWith('/selfsubjectaccessreviews')) {
      const { resourceAttributes: asked } = JSON.parse(request.body).spec;
      const right = rightOf(asked.verb, asked.group ?? '', asked.resource);
      return json(response, 201, { status: { allowed: granted.has(asked.namespace ? right : `all ${right}`) } });
    }
    const named = /^\/api\/v1\/namespaces\/([^/]+)$/.exec(pathname)?.[1];
    if (named !== undefined) {
      if (!granted.has('get namespaces')) return refuse(403);
      const found = objects.namespaces?.find(({ metadata }) => metadata.name === named);
      return found ? json(response, 200, found) : refuse(404);
    }
    const { group = '', namespace, plural = '' } = PATH.exec(pathname)?.groups ?? {};
    const right = rightOf('list', group, plural);
    if (!granted.has(namespace === undefined ? `all ${right}` : right)) return refuse(403);
    const items = objects[group === '' ? plural : `${plural}.${group}`];
    if (!items) return refuse(404);
    const own = items.filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
    return json(response, 200, { items: own, metadata: {} });
  });
