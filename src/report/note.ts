import type { Note } from '../scenario/index.ts';
import { quoted } from '../text.ts';

const mostKinds = 10;
const longestKind = 60;
/** For a name with its namespace. */
const longestName = 320;

const counted = (objects: Extract<Note, { kind: 'not-read' }>['objects']): string => {
  const shown = objects.slice(0, mostKinds).map(({ kind, count }) => `${count} ${kind.slice(0, longestKind)}`);
  const more = objects.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more kinds`] : [])].join(', ');
};

/** What a kustomization changes (labels, names, namespaces) may decide who reaches whom. */
const notRead = (objects: Extract<Note, { kind: 'not-read' }>['objects']): string => {
  const isKustomized = objects.some(({ kind }) => kind === 'Kustomization');
  return `not read: ${counted(objects)}${isKustomized ? '; only the output of `kustomize build` shows what it changes' : ''}`;
};

/** What the cluster would do with a field that was left out. */
const effects: Readonly<Record<string, string>> = {
  'metadata.ownerReferences': 'a policy whose owner is missing is deleted',
  'metadata.finalizers': 'a finalizer keeps a deleted policy in force',
};

const shortened = (field: string): string =>
  field.replace(/^metadata\.annotations\./, 'annotation ').replace(/^metadata\./, '');

const leftOut = (fields: readonly string[]): string => {
  const told = fields.flatMap((field) => effects[field] ?? []);
  const because = told.length > 0 ? ` (${told.join('; ')})` : '';
  return `not sent, because the cluster sets it: ${fields.map(shortened).join(', ')}${because}`;
};

type Untested = Extract<Note, { kind: 'not-tested' }>;

/** What is left out of the matrix and why, or how a part of it differs from what the cluster has. */
const untested: Readonly<Record<Untested['reason'], (port: string) => string>> = {
  'external-name': () => 'left out: its name leads out of the cluster, where podreach probes nothing but its own hosts',
  'no-such-service': () => 'left out: its name leads to no Service with pods of this scenario',
  'no-selector': () => 'left out: it has no selector, so its manifest does not say where it leads',
  'no-pod': () => 'left out: its selector selects no pod',
  'no-port': () => 'left out: it has no ports',
  'no-such-target': (port) => `port ${port} left out: no pod, or not every pod, has its target port`,
  privileged: (port) =>
    `port ${port} left out: a port below 1024 in its node's network needs root, which probe pods are not`,
  headless: (port) => `port ${port} is probed at its target port: a headless Service does not translate ports`,
  'unnamed-port': (port) =>
    `port ${port} has no name, so the API server refuses the Service: each of several ports needs one`,
  'external-address': () =>
    'its address outside the cluster is replaced by one that nobody has, and probed from pods only (external:…)',
  'source-ranges': () => 'its loadBalancerSourceRanges are left out',
  'stays-on-node': () => 'probed as if internalTrafficPolicy were Cluster: which pods share a node is not known',
};

/** A note in words, without its place. */
export const noteText = (note: Note): string => {
  switch (note.kind) {
    case 'not-read':
      return note.objects.length === 0 ? 'no object in this file' : notRead(note.objects);
    case 'left-out':
      return leftOut(note.fields);
    case 'repeated':
      return `policy ${note.name.slice(0, longestName)} is also at ${note.first}, with the same spec`;
    case 'repeated-key':
      return `duplicate key ${quoted(note.key)}: only the last one counts, as for kubectl, which says nothing about it`;
    case 'repeated-objects':
      return `the same as earlier ones, and read once: ${counted(note.objects)}`;
    case 'replaced':
      return `${named(note)} replaces the one at ${note.first}: kubectl applies both, and the later one wins`;
    case 'renamed':
      return `${named(note)} is called ${note.endpoint.slice(0, longestName)} here`;
    case 'not-tested':
      return `${named(note)}: ${untested[note.reason](note.port ?? '')}`;
    case 'not-judged': {
      const { apiVersion, objectKind, name, vendor } = note;
      const version = apiVersion.slice(0, longestName);
      const whose = vendor === null ? version : `${vendor}, ${version}`;
      const what = [objectKind, ...(name === '' ? [] : [name])].map((part) => part.slice(0, longestName)).join(' ');
      return `not judged: ${what} (${whose}); podreach neither applies nor predicts it, but it changes who may reach whom`;
    }
  }
};

const named = ({ objectKind, name }: { readonly objectKind: string; readonly name: string }): string =>
  `${objectKind} ${name.slice(0, longestName)}`;

const WARNINGS: ReadonlySet<Note['kind']> = new Set(['not-judged', 'repeated-key']);

/** A line for people. A note about something that changes reachability is a warning, with its line and column. */
export const noteLine = (note: Note): string =>
  WARNINGS.has(note.kind)
    ? `warning: ${note.file}:${note.line}:${note.column}: ${noteText(note)}`
    : `note: ${note.file}: ${noteText(note)}`;
