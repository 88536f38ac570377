import { existsSync, readFileSync } from 'node:fs';
import type { Cluster, User } from '@kubernetes/client-node';
import { keepSecret } from '../secrets.ts';

/** Names of settings, variables and flags whose value counts as a secret. */
const TELLING = /secret|token|password|passphrase|credential|(access|api|private)[-_]?key/i;

/** Registers all secrets of a kubeconfig's user and cluster, so that no output repeats them. */
export const keepSecretsOf = (user: User | null, cluster: Cluster): void => {
  keepSecretsOfUrl(cluster.server);
  keepSecretsOfUrl(cluster.proxyUrl);
  if (!user) return;
  keepSecret(user.token?.trim());
  keepBasic(user.username, user.password);
  keepPem(user.keyFile, user.keyData);
  keepPem(user.certFile, user.certData);
  keepTelling(Object(user.authProvider).config);
  const { env, args } = Object(user.exec) as { env?: unknown; args?: unknown };
  for (const { name, value } of listOf(env)) keepTelling({ [String(name)]: value });
  keepFlags(Array.isArray(args) ? args.map(String) : []);
};

/** Registers the certificate and the key that a credential plugin gave. */
export const keepCredential = (...secrets: readonly (string | undefined)[]): void => secrets.forEach(keepSecret);

const keepBasic = (username = '', password: string | undefined): void => {
  if (!password) return;
  keepSecret(String(password));
  keepSecret(Buffer.from(`${username}:${password}`).toString('base64'));
};

const keepSecretsOfUrl = (text: string | undefined): void => {
  if (text === undefined || !URL.canParse(text)) return;
  const { username, password } = new URL(text);
  keepSecret(password);
  keepBasic(decodeURIComponent(username), decodeURIComponent(password));
};

const keepPem = (file: string | undefined, data: string | undefined): void => {
  keepSecret(data);
  if (data) keepSecret(Buffer.from(data, 'base64').toString());
  // A file that can't be read is reported when it is needed.
  if (file && existsSync(file)) keepSecret(readFileSync(file, 'utf8'));
};

const keepTelling = (settings: unknown): void => {
  for (const [name, value] of Object.entries(Object(settings)))
    if (TELLING.test(name) && typeof value === 'string') keepSecret(value);
};

/** `--client-secret=…` and `--client-secret …`. */
const keepFlags = (args: readonly string[]): void => {
  for (const [index, argument] of args.entries()) {
    const [, flag = '', value] = /^(--?[^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (TELLING.test(flag)) keepSecret(value ?? args[index + 1]);
  }
};

const listOf = (value: unknown): readonly { name?: unknown; value?: unknown }[] =>
  Array.isArray(value) ? value.map(Object) : [];
