import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { dirname, resolve } from 'node:path';
import type { User } from '@kubernetes/client-node';
import { PodreachError } from '../errors.ts';
import { keepSecret } from '../secrets.ts';
import { durationText } from '../stopwatch.ts';
import { type Context, chooseContext } from './context.ts';
import { untilAborted, within } from './deadline.ts';
import type { Origin } from './kubeconfig.ts';
import { type Credential, createPlugin, type Plugin } from './plugin.ts';

/** What one connection needs. Holds secrets, so it must never be printed or put into an error. */
export interface ConnectionOptions extends https.RequestOptions {
  headers: Record<string, string>;
  agent: http.Agent;
}

/** The API server's address and the credentials for it. */
export interface Credentials {
  readonly context: string;
  readonly server: URL;
  /**
   * What a connection made now needs, with a token that is renewed if necessary. Rejects with a PodreachError at the
   * deadline of credentials, and at once when the signal aborts.
   */
  options(signal?: AbortSignal): Promise<ConnectionOptions>;
  close(): void;
}

/** How long a credential plugin or an identity provider may take. */
const DEADLINE_MS = 30_000;

/**
 * The credentials of a kubeconfig's context, or of its current one; see `loadKubeconfig`. Errors name
 * files and the context, never what the files hold.
 */
export const readCredentials = (
  kubeconfig: string,
  contextName?: string,
  { deadlineMs = DEADLINE_MS } = {},
): Credentials => {
  const chosen = chooseContext(kubeconfig, contextName);
  const { name: context, server, cluster, user, config, userOrigin, kubectl } = chosen;
  const kubeconfigPath = userOrigin.file;
  const plugin: Plugin | undefined =
    user?.exec &&
    createPlugin(user.exec, { kubeconfigPath, context, kubectl, deadlineMs, cluster: () => clusterInfoOf(chosen) });
  config.users = config.users.map(forLibrary);
  const failed = (why: string): PodreachError =>
    new PodreachError(`could not get credentials for context ${context} from ${kubeconfig}${why}`, {
      hint: `try: ${kubectl} version`,
    });
  let agent: http.Agent | undefined;
  return {
    context,
    server,
    options: async (signal) => {
      const options: https.RequestOptions = {};
      const applied = config.applyToHTTPSOptions(options).catch(() => Promise.reject(failed('')));
      await untilAborted(
        within(applied, deadlineMs, () => failed(` within ${durationText(deadlineMs)}`)),
        signal,
        `asking for the credentials of context ${context} was interrupted`,
      );
      const given: Partial<Credential> = plugin
        ? await plugin.credential(signal)
        : { token: tokenIn(userOrigin, failed) };
      keepRenewed(config.getCurrentUser());
      const { token, certificate: cert, key } = given;
      // The library's agents close each connection after one call, so its agent is used only for a proxy.
      agent ??= cluster.proxyUrl ? (options.agent as http.Agent) : keepAliveAgent(server);
      const headers = {
        ...(options.headers as Record<string, string>),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      };
      return { ...options, headers, agent, ...(cert !== undefined && { cert, key }) };
    },
    close: () => {
      plugin?.close();
      agent?.destroy();
    },
  };
};

/**
 * A user in a form that works with @kubernetes/client-node. The library would run the plugin too, and wait for it
 * without a limit. It also passes on the issuer's address as a string, which openid-client refuses, so it would never
 * renew a token.
 */
const forLibrary = (user: User): User => {
  const { authProvider } = user;
  const issuer: unknown = authProvider?.config?.['idp-issuer-url'];
  const url = typeof issuer === 'string' && URL.canParse(issuer) ? new URL(issuer) : issuer;
  return {
    ...user,
    exec: undefined,
    ...(url !== undefined && {
      authProvider: { ...authProvider, config: { ...authProvider.config, 'idp-issuer-url': url } },
    }),
  };
};

/** The current content of a `tokenFile`, whose writer renews it; the library does not support that key. */
const tokenIn = ({ file, entry }: Origin, failed: (why: string) => PodreachError): string | undefined => {
  if (typeof entry.tokenFile !== 'string') return undefined;
  const tokenFile = resolve(dirname(file), entry.tokenFile);
  try {
    const token = readFileSync(tokenFile, 'utf8').trim();
    keepSecret(token);
    return token;
  } catch {
    throw failed(`: its tokenFile ${tokenFile} can't be read`);
  }
};

/** An identity provider issues new tokens from time to time, and the library stores them in place of the old ones. */
const keepRenewed = (user: User | null): void => {
  const config = Object(user?.authProvider).config ?? {};
  for (const name of ['id-token', 'refresh-token']) keepSecret(config[name]);
};

/** The information on the cluster that a plugin gets (client-go, ExecConfig.ProvideClusterInfo). */
const clusterInfoOf = ({ cluster, clusterOrigin }: Context): object => {
  const { entry } = clusterOrigin();
  const { server, tlsServerName, skipTLSVerify, caData, caFile, proxyUrl } = cluster;
  const extensions = (entry.extensions ?? []) as readonly { name: string; extension: unknown }[];
  const extension = extensions.find(({ name }) => name === 'client.authentication.k8s.io/exec');
  return {
    server,
    ...(tlsServerName && { 'tls-server-name': tlsServerName }),
    ...(skipTLSVerify && { 'insecure-skip-tls-verify': true }),
    ...((caFile || caData) && { 'certificate-authority-data': caFile ? readFileSync(caFile, 'base64') : caData }),
    ...(proxyUrl && { 'proxy-url': proxyUrl }),
    ...(extension && { config: extension.extension }),
  };
};

const keepAliveAgent = (server: URL): http.Agent =>
  new (server.protocol === 'http:' ? http : https).Agent({ keepAlive: true });
