import { existsSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { PodreachError } from '../errors.ts';

/** What one connection needs. Holds secrets: must never be printed, nor stand in an error. */
export interface ConnectionOptions extends https.RequestOptions {
  headers: Record<string, string>;
  agent: http.Agent;
}

/** Where the API server is and how to prove who asks. `options` is asynchronous because tokens are renewed by it. */
export interface Credentials {
  readonly context: string;
  readonly server: URL;
  options(): Promise<ConnectionOptions>;
  close(): void;
}

/**
 * Reads a kubeconfig file. Errors name the file and the context, never what the file holds: a parser's message quotes
 * the line it stumbled on, and that may be the token.
 */
export const readCredentials = (kubeconfigPath: string, contextName?: string): Credentials => {
  const config = load(kubeconfigPath);
  if (contextName !== undefined) config.setCurrentContext(contextName);
  const context = config.getCurrentContext();
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    const known = config.getContexts().map(({ name }) => name);
    throw new PodreachError(
      `the kubeconfig ${kubeconfigPath} has no ${context ? `context named ${context}` : 'current context'}`,
      { hint: known.length > 0 ? `contexts in it: ${known.join(', ')}` : 'name another file with --kubeconfig' },
    );
  }
  const server = parseServer(cluster.server, kubeconfigPath);
  let agent: http.Agent | undefined;
  return {
    context,
    server,
    options: async () => {
      const options: https.RequestOptions = {};
      try {
        await config.applyToHTTPSOptions(options);
      } catch {
        throw new PodreachError(`no credentials for context ${context} could be had from ${kubeconfigPath}`, {
          hint: `try: kubectl --kubeconfig ${kubeconfigPath} --context ${context} version`,
        });
      }
      // The library's agents close each connection after one call; only where there is a proxy is its agent needed.
      agent ??= cluster.proxyUrl ? (options.agent as http.Agent) : keepAliveAgent(server);
      return { ...options, headers: options.headers as Record<string, string>, agent };
    },
    close: () => agent?.destroy(),
  };
};

const load = (kubeconfigPath: string): KubeConfig => {
  const config = new KubeConfig();
  if (!existsSync(kubeconfigPath)) throw new PodreachError(`there is no kubeconfig at ${kubeconfigPath}`);
  try {
    config.loadFromFile(kubeconfigPath);
  } catch {
    throw new PodreachError(`the kubeconfig ${kubeconfigPath} can't be read, or is not a kubeconfig`);
  }
  return config;
};

const parseServer = (server: string, kubeconfigPath: string): URL => {
  if (!URL.canParse(server)) throw new PodreachError(`the kubeconfig ${kubeconfigPath} names no valid server address`);
  return new URL(server);
};

const keepAliveAgent = (server: URL): http.Agent =>
  new (server.protocol === 'http:' ? http : https).Agent({ keepAlive: true });
