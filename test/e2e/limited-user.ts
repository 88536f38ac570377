import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Credentials } from '../../src/kube/credentials.ts';
import { pathOf } from '../../src/kube/index.ts';
import { sendRequest } from '../../src/kube/request.ts';
import { temporaryFolder } from './door.ts';
import { shop } from './probe-pods.ts';

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Flags for a user who may exec in one of the namespaces, and nothing in the other. */
export const limitedFlags = (credentials: Credentials): Promise<readonly string[]> =>
  userWith(
    credentials,
    [shop],
    [
      { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
      { apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] },
    ],
  );

/**
 * Flags for a user, the default account of the first namespace, who has a Role with these rules in each of them and, if
 * there are rules for the cluster, a ClusterRole `limited-NAMESPACE` of the first.
 */
export const userWith = async (
  credentials: Credentials,
  namespaces: readonly [string, ...string[]],
  rules: readonly Rule[],
  clusterRules: readonly Rule[] = [],
): Promise<readonly string[]> => {
  const post = async (path: string, body: object): Promise<Record<string, never>> => {
    const { status, text } = await sendRequest(credentials, { method: 'POST', path, body: JSON.stringify(body) });
    expect(status, text).to.equal(201);
    return JSON.parse(text);
  };
  const [home] = namespaces;
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'limited' };
  const subjects = [{ kind: 'ServiceAccount', name: 'default', namespace: home }];
  for (const namespace of namespaces) {
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
    await post(`${rbac}/roles`, { metadata: { name: 'limited' }, rules });
    await post(`${rbac}/rolebindings`, { metadata: { name: 'limited' }, roleRef, subjects });
  }
  if (clusterRules.length > 0) {
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const name = `limited-${home}`;
    const whole = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
    await post(`${rbac}/clusterroles`, { metadata: { name }, rules: clusterRules });
    await post(`${rbac}/clusterrolebindings`, { metadata: { name }, roleRef: whole, subjects });
  }
  const granted = await post(`${pathOf('ServiceAccount', { namespace: home, name: 'default' })}/token`, { spec: {} });
  const { token } = granted.status as unknown as { token: string };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'it', cluster: { server: credentials.server.href, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'it', user: { token } }],
    contexts: [{ name: 'limited', context: { cluster: 'it', user: 'it' } }],
  };
  const file = join(await temporaryFolder(), 'kubeconfig');
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return ['--kubeconfig', file, '--context', 'limited'];
};
