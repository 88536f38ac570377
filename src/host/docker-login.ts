import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { PodreachError } from '../errors.ts';
import { keepSecret } from '../secrets.ts';

/** What `docker login` keeps of a registry. Secret. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** https://docs.docker.com/reference/cli/docker/login/: logins in the file, or in a program that keeps them. */
const dockerConfig = z.looseObject({
  auths: z.record(z.string(), z.looseObject({ auth: z.string().optional() })).default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});

const helperAnswer = z.looseObject({ Username: z.string(), Secret: z.string() });

/** A helper may ask somebody for a password; podreach can't wait for that. */
const HELPER_MS = 20_000;
/** The name under which a helper gives a token that only the Docker Engine can use. */
const TOKEN = '<token>';

const configFile = (): string => join(process.env.DOCKER_CONFIG || join(homedir(), '.docker'), 'config.json');

/**
 * The login of a registry (host and port) in Docker's configuration or in its credential helper; undefined if there is
 * none. Throws a PodreachError if what is there can't be read, or is of no use to others than the Docker Engine.
 */
export const registryLogin = async (registry: string): Promise<RegistryLogin | undefined> => {
  const file = configFile();
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw new PodreachError(`Docker's configuration ${file} can't be read (${error.code})`);
  });
  const { auths, credHelpers, credsStore } = readConfig(text, file);
  const helper = credHelpers[registry] ?? credsStore;
  const login = helper === undefined ? undefined : await askHelper(helper, registry);
  const found = login ?? inFile(auths, registry);
  if (!found) return undefined;
  keepSecret(found.password);
  keepSecret(Buffer.from(`${found.username}:${found.password}`).toString('base64'));
  if (found.username !== TOKEN) return found;
  throw new PodreachError(`the login of ${registry} is a token, which the nodes of a cluster can't use`, {
    hint: `log in with a user name and a password or an access token: docker login --username NAME ${registry}`,
  });
};

const readConfig = (text: string, file: string): z.infer<typeof dockerConfig> => {
  try {
    return dockerConfig.parse(JSON.parse(text));
  } catch {
    // No cause: it would quote the file, and the file has secrets.
    throw new PodreachError(`Docker's configuration ${file} does not look like one that Docker wrote`, {
      hint: 'try: docker login',
    });
  }
};

const inFile = (auths: z.infer<typeof dockerConfig>['auths'], registry: string): RegistryLogin | undefined => {
  const auth = [registry, `https://${registry}`, `https://${registry}/v2/`]
    .map((key) => auths[key]?.auth)
    .find(Boolean);
  const [, username, password] = /^([^:]+):(.+)$/s.exec(Buffer.from(auth ?? '', 'base64').toString()) ?? [];
  return username === undefined || password === undefined ? undefined : { username, password };
};

/** The helper's protocol: https://github.com/docker/docker-credential-helpers. */
const askHelper = async (name: string, registry: string): Promise<RegistryLogin | undefined> => {
  const program = `docker-credential-${name}`;
  const result = await execa(program, ['get'], { input: registry, reject: false, timeout: HELPER_MS });
  if (result.failed) {
    const said = `${result.stdout ?? ''}${result.stderr ?? ''}`;
    if (/credentials not found/.test(said)) return undefined;
    const how = result.timedOut ? `did not answer within ${HELPER_MS / 1000} s` : 'failed';
    throw new PodreachError(`the login of ${registry}: ${program} ${how}`, {
      hint: `try: echo ${registry} | ${program} get, or log in again: docker login ${registry}`,
    });
  }
  const answer = helperAnswer.safeParse(parsedOrNull(String(result.stdout)));
  return answer.success ? { username: answer.data.Username, password: answer.data.Secret } : undefined;
};

const parsedOrNull = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
};
