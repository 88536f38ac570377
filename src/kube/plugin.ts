import { dirname, isAbsolute, join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { PodreachError } from '../errors.ts';
import { durationText } from '../stopwatch.ts';
import { untilAborted, within } from './deadline.ts';
import { keepCredential } from './kubeconfig-secrets.ts';

/** The output of a credential plugin: a token, or a client certificate with its key, or both. Never printed. */
export interface Credential {
  readonly token?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** When it expires; never if undefined, as long as podreach runs. */
  readonly untilMs: number;
}

export interface Plugin {
  /** The credential; runs the plugin if there is none that is still valid. Rejects with a PodreachError. */
  credential(signal?: AbortSignal): Promise<Credential>;
  /** Ends the plugin's processes if they are still running. */
  close(): void;
}

export interface PluginOptions {
  /** The file that names the plugin, for messages and for a command relative to it. */
  readonly kubeconfigPath: string;
  readonly context: string;
  /** The command with which a person queries the same cluster. */
  readonly kubectl: string;
  /** The cluster, for a plugin that asks for it: `spec.cluster` of an ExecCredential. */
  readonly cluster: () => object;
  readonly deadlineMs: number;
}

/** For this long a failed plugin is not asked again, because every step of a cleanup would wait for it. */
const FAILED_MS = 30_000;
/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 500;

/** `user.exec` of a kubeconfig (client-go, tools/clientcmd/api/v1, ExecConfig). */
const configSchema = z.object({
  apiVersion: z.enum(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']),
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: z.string().nullish(),
  interactiveMode: z.enum(['Never', 'IfAvailable', 'Always']).nullish(),
  provideClusterInfo: z.boolean().nullish(),
});

type PluginConfig = z.infer<typeof configSchema>;

/** What a plugin prints (k8s.io/client-go/pkg/apis/clientauthentication, ExecCredential). */
const answerSchema = z.object({
  kind: z.literal('ExecCredential'),
  apiVersion: z.string(),
  status: z
    .object({
      token: z.string().min(1).optional(),
      clientCertificateData: z.string().min(1).optional(),
      clientKeyData: z.string().min(1).optional(),
      expirationTimestamp: z.iso.datetime({ offset: true }).nullish(),
    })
    .refine(({ token, clientCertificateData: cert }) => token ?? cert)
    .refine(({ clientCertificateData: cert, clientKeyData: key }) => (cert === undefined) === (key === undefined)),
});

/**
 * The credential plugin of a kubeconfig's user (`exec:`), by the contract of client.authentication.k8s.io, v1 and
 * v1beta1. It is run here, and not by @kubernetes/client-node, which waits for it without a limit and never ends it. It
 * gets no terminal. Its standard output is secret; if it fails, the error quotes the last lines of its standard error.
 * Throws a PodreachError if the kubeconfig is wrong.
 */
export const createPlugin = (exec: unknown, options: PluginOptions): Plugin => {
  const config = readConfig(exec, options);
  const closing = new AbortController();
  let held: Credential | undefined;
  let failure: { readonly error: unknown; readonly untilMs: number } | undefined;
  let running: Promise<Credential> | undefined;
  const runOnce = async (): Promise<Credential> => {
    try {
      held = await runPlugin(config, options, closing.signal);
      return held;
    } catch (error) {
      failure = { error, untilMs: performance.now() + FAILED_MS };
      throw error;
    } finally {
      running = undefined;
    }
  };
  return {
    credential: (signal) => {
      if (held && Date.now() < held.untilMs) return Promise.resolve(held);
      if (failure && performance.now() < failure.untilMs) return Promise.reject(failure.error);
      // One run serves all concurrent callers, and goes on when they are interrupted, because the cleanup needs it.
      running ??= runOnce();
      return untilAborted(running, signal, `the credential plugin ${config.command} was interrupted`);
    },
    close: () => closing.abort(),
  };
};

const readConfig = (exec: unknown, { kubeconfigPath }: PluginOptions): PluginConfig => {
  const { data, error } = configSchema.safeParse(exec);
  if (!data) {
    const keys = [...new Set(error.issues.map(({ path }) => ['exec', ...path].join('.')))];
    throw new PodreachError(
      `the kubeconfig ${kubeconfigPath} has a credential plugin with an invalid ${keys.join(', ')}`,
      {
        hint: 'podreach supports client.authentication.k8s.io/v1 and v1beta1, with the keys that kubectl accepts',
      },
    );
  }
  if (data.interactiveMode === 'Always')
    throw new PodreachError(`the credential plugin ${data.command} needs a terminal, which podreach can't provide`, {
      hint: 'use a context whose credentials need no terminal, such as a service account token',
    });
  return data;
};

const runPlugin = async (config: PluginConfig, options: PluginOptions, closing: AbortSignal): Promise<Credential> => {
  const { apiVersion, command, args, env, provideClusterInfo } = config;
  const { kubeconfigPath, deadlineMs, cluster } = options;
  const info = {
    kind: 'ExecCredential',
    apiVersion,
    spec: { interactive: false, ...(provideClusterInfo && { cluster: cluster() }) },
  };
  // client-go resolves a command that contains a slash relative to the kubeconfig.
  const file = command.includes('/') && !isAbsolute(command) ? join(dirname(kubeconfigPath), command) : command;
  const subprocess = execa(file, args ?? [], {
    env: {
      ...Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
      KUBERNETES_EXEC_INFO: JSON.stringify(info),
    },
    stdin: 'ignore',
    reject: false,
    timeout: deadlineMs,
    cancelSignal: closing,
    killDescendants: true,
    forceKillAfterDelay: GRACE_MS,
    maxBuffer: 1_000_000,
  });
  // A process that left the plugin's group outlives it and would keep its output open.
  const timedOut = { timedOut: true, isCanceled: false, isMaxBuffer: false, durationMs: deadlineMs, stderr: '' };
  const late = (): PodreachError => failureOf(timedOut, config, options);
  const result = await within(subprocess, deadlineMs + 4 * GRACE_MS, late);
  if (result.failed) throw failureOf(result, config, options);
  return readAnswer(result.stdout, config, options);
};

interface Failure {
  readonly code?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  readonly isMaxBuffer: boolean;
  readonly durationMs: number;
  readonly stderr: string;
}

const failureOf = (failure: Failure, { command, installHint }: PluginConfig, options: PluginOptions): PodreachError => {
  const { kubeconfigPath, context, kubectl, deadlineMs } = options;
  const plugin = `the credential plugin ${command} of context ${context}`;
  if (failure.code === 'ENOENT' || failure.code === 'EACCES')
    return new PodreachError(`${plugin} can't be started: ${failure.code}`, {
      hint: installHint?.slice(0, 500) ?? `install it, or correct exec.command in ${kubeconfigPath}`,
    });
  if (failure.isCanceled) return new PodreachError(`${plugin} was interrupted`);
  const after = durationText(failure.durationMs);
  const how = failure.timedOut
    ? `gave no credentials within ${durationText(deadlineMs)}, so podreach ended its processes`
    : failure.isMaxBuffer
      ? 'printed more than a credential'
      : failure.signal !== undefined
        ? `was ended by ${failure.signal} after ${after}`
        : `exited with ${failure.exitCode ?? failure.code ?? 'no code'} after ${after}`;
  const said = failure.stderr
    .trimEnd()
    .split('\n')
    .slice(-5)
    .map((line) => line.slice(0, 300))
    .join('\n');
  return new PodreachError(`${plugin} ${how}${said === '' ? '' : `\n${said}`}`, {
    hint: `does it ask for a login? This runs it in your terminal: ${kubectl} version`,
  });
};

const readAnswer = (stdout: string, { command, apiVersion }: PluginConfig, { context }: PluginOptions): Credential => {
  const plugin = `the credential plugin ${command} of context ${context}`;
  const { data } = answerSchema.safeParse(jsonIn(stdout));
  // Its output is secret, so it is not quoted.
  if (!data) throw new PodreachError(`${plugin} printed no ExecCredential with a token or a certificate and its key`);
  if (data.apiVersion !== apiVersion)
    throw new PodreachError(
      `${plugin} answers with another version of client.authentication.k8s.io than ${apiVersion}`,
    );
  const { token, clientCertificateData: certificate, clientKeyData: key, expirationTimestamp } = data.status;
  keepCredential(token, certificate, key);
  const untilMs = expirationTimestamp ? Date.parse(expirationTimestamp) : Number.POSITIVE_INFINITY;
  return { token, certificate, key, untilMs };
};

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
