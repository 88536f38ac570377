/** Manifests in the shapes in which applications ship them, each on lines of its own. */

import type { Note, Topology } from '../../../../src/scenario/index.ts';
import { load } from '../temporary-folder.ts';

interface Written {
  readonly namespace?: string;
  readonly labels?: string;
  readonly containers?: string;
  /** Further keys of the pod's spec. */
  readonly pod?: string;
  /** Further keys of the metadata. */
  readonly metadata?: string;
}

const named = (name: string, { namespace, metadata }: Written): string =>
  `{name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`}${metadata === undefined ? '' : `, ${metadata}`}}`;

const podIn = ({ labels = '{}', containers = '[{name: main, image: x}]', pod }: Written): string =>
  `metadata: {labels: ${labels}}, spec: {containers: ${containers}${pod === undefined ? '' : `, ${pod}`}}`;

const versions: Readonly<Record<string, string>> = { Job: 'batch/v1', CronJob: 'batch/v1' };

/** A workload with a template. */
export const workload = (kind: string, name: string, written: Written = {}): string => {
  const template = `{template: {${podIn(written)}}}`;
  const spec = kind === 'CronJob' ? `{schedule: "@daily", jobTemplate: {spec: ${template}}}` : template;
  return `---\napiVersion: ${versions[kind] ?? 'apps/v1'}\nkind: ${kind}\nmetadata: ${named(name, written)}\nspec: ${spec}\n`;
};

export const pod = (name: string, written: Written = {}, status = '{}'): string => {
  const { labels = '{}', containers = '[{name: main, image: x}]', ...rest } = written;
  const metadata = [`labels: ${labels}`, ...(rest.metadata === undefined ? [] : [rest.metadata])].join(', ');
  const spec = `{containers: ${containers}${rest.pod === undefined ? '' : `, ${rest.pod}`}}`;
  return `---\napiVersion: v1\nkind: Pod\nmetadata: ${named(name, { ...rest, metadata })}\nspec: ${spec}\nstatus: ${status}\n`;
};

export const service = (name: string, spec: string, namespace?: string): string =>
  `---\napiVersion: v1\nkind: Service\nmetadata: ${named(name, namespace === undefined ? {} : { namespace })}\nspec: ${spec}\n`;

export const namespace = (name: string, labels = '{}'): string =>
  `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: ${labels}}\n`;

/** A container with these ports. */
export const serving = (ports: string): string => `[{name: main, image: x, ports: ${ports}}]`;

type WithoutFile<One> = One extends Note ? Omit<One, 'file'> : never;

export interface Read {
  readonly topology: Topology;
  /** Without their files. */
  readonly notes: readonly WithoutFile<Note>[];
}

/** What podreach makes of a file of manifests, without a scenario. */
export const read = async (manifests: string): Promise<Read> => {
  const [scenario] = await load({ 'app.yaml': manifests }, 'app.yaml');
  if (!scenario) throw new Error('no scenario');
  const notes = (scenario.notes ?? []).map(({ file: _, ...note }) => note);
  return { topology: scenario.steps[0].topology, notes };
};

/** The pods, without what follows from the rest. */
export const podsIn = ({ namespaces }: Topology) =>
  namespaces.flatMap(({ pods }) => pods).map(({ namespace: _, name: __, ...rest }) => rest);

/** Where a part of a text begins, as `line:column`. */
export const placeOf = (text: string, part: string): string => {
  const lines = text.slice(0, text.indexOf(part)).split('\n');
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
};
