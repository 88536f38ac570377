import type { Note } from '../scenario/index.ts';

const mostKinds = 10;
const longestKind = 60;
/** For a name with its namespace. */
const longestName = 320;

const counted = (objects: Extract<Note, { kind: 'not-read' }>['objects']): string => {
  const shown = objects.slice(0, mostKinds).map(({ kind, count }) => `${count} ${kind.slice(0, longestKind)}`);
  const more = objects.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more kinds`] : [])].join(', ');
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

/** A note in words, without its place. */
export const noteText = (note: Note): string => {
  switch (note.kind) {
    case 'not-read':
      return note.objects.length === 0 ? 'no object in this file' : `not read: ${counted(note.objects)}`;
    case 'left-out':
      return leftOut(note.fields);
    case 'repeated':
      return `policy ${note.name.slice(0, longestName)} is also at ${note.first}, with the same spec`;
    case 'not-judged': {
      const { apiVersion, objectKind, name, vendor } = note;
      const version = apiVersion.slice(0, longestName);
      const whose = vendor === null ? version : `${vendor}, ${version}`;
      const what = [objectKind, ...(name === '' ? [] : [name])].map((part) => part.slice(0, longestName)).join(' ');
      return `not judged: ${what} (${whose}); podreach neither applies nor predicts it, but it changes who may reach whom`;
    }
  }
};

/**
 * A line for people. A note about something that changes reachability is a warning, with the object's line and column.
 */
export const noteLine = (note: Note): string =>
  note.kind === 'not-judged'
    ? `warning: ${note.file}:${note.line}:${note.column}: ${noteText(note)}`
    : `note: ${note.file}: ${noteText(note)}`;
