import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { PodreachError } from '../errors.ts';
import { clientNode } from './client-node.ts';
import { kubeconfigFiles } from './kubeconfig-files.ts';

type Kind = 'cluster' | 'user';

/** The merged files of a kubeconfig. Holds secrets, so it must never be printed. */
export interface Kubeconfig {
  readonly config: KubeConfig;
  /** The file that defines a cluster or user, and the entry as written there. */
  origin(kind: Kind, name: string): Origin;
}

export interface Origin {
  readonly file: string;
  readonly entry: Readonly<Record<string, unknown>>;
}

interface Part {
  readonly file: string;
  readonly config: KubeConfig;
  /** Fields that the library drops are read from here. */
  readonly document: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/**
 * Reads a kubeconfig file, or several, separated as in KUBECONFIG. They are merged as kubectl does (client-go,
 * ClientConfigLoadingRules): the first file that defines a cluster, user or context wins with its whole entry, the
 * first one that sets a current context wins, and files that don't exist are skipped. This is ours because the library
 * fails on a name that two files define and on a missing file, and takes the current context of the last one. Errors
 * never quote a file: a parser's message contains the line that it failed on, which may be the token.
 */
export const loadKubeconfig = (kubeconfig: string): Kubeconfig => {
  const parts = kubeconfigFiles(kubeconfig)
    .filter((file) => existsSync(file))
    .map(readPart);
  if (parts.length === 0)
    throw new PodreachError(`there is no kubeconfig at ${kubeconfig}: name another with --kubeconfig or KUBECONFIG`);
  const configs = parts.map(({ config }) => config);
  const config = newConfig();
  config.loadFromOptions({
    clusters: firstOfEachName(configs.flatMap(({ clusters }) => clusters)),
    users: firstOfEachName(configs.flatMap(({ users }) => users)),
    contexts: firstOfEachName(configs.flatMap(({ contexts }) => contexts)),
    currentContext: configs.map(({ currentContext }) => currentContext).find(Boolean),
  });
  return { config, origin: (kind, name) => originIn(parts, kind, name) };
};

/** The command with which a person queries the same cluster. */
export const kubectlFor = (kubeconfig: string, context: string): string =>
  kubeconfigFiles(kubeconfig).length > 1
    ? `KUBECONFIG=${kubeconfig} kubectl --context ${context}`
    : `kubectl --kubeconfig ${kubeconfig} --context ${context}`;

const newConfig = (): KubeConfig => new (clientNode().KubeConfig)();

const readPart = (file: string): Part => {
  const config = newConfig();
  try {
    const text = readFileSync(file, 'utf8');
    const document: unknown = parse(text) ?? {};
    if (typeof document !== 'object' || Array.isArray(document)) throw new Error('no kubeconfig');
    // The library fails on an empty file; kubectl treats it as one without entries.
    if (Object.keys(document as object).length > 0) config.loadFromString(text);
    config.makePathsAbsolute(dirname(file));
    return { file, config, document: document as Part['document'] };
  } catch {
    throw new PodreachError(`the kubeconfig ${file} can't be read, or is not a kubeconfig`);
  }
};

const firstOfEachName = <T extends { readonly name: string }>(entries: readonly T[]): readonly T[] =>
  entries.filter(({ name }, index) => entries.findIndex((entry) => entry.name === name) === index);

const originIn = (parts: readonly Part[], kind: Kind, name: string): Origin => {
  const part = parts.find(({ config }) => config[`${kind}s`].some((entry) => entry.name === name));
  if (!part) throw new PodreachError(`the kubeconfig has no ${kind} named ${name}`);
  const named = part.document[`${kind}s`]?.find((entry) => entry.name === name);
  return { file: part.file, entry: Object(named?.[kind]) };
};
