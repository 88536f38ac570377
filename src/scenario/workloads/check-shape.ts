/** The whole check of an object that makes a topology, by a schema of its kind. */
import { misreadScalars } from '../as-kubectl.ts';
import type { Path, SourceDocument } from '../document.ts';
import { kindIn } from '../objects.ts';
import type { Problem } from '../problem.ts';
import { validate } from '../validate.ts';
import { servedVersion } from './kinds.ts';
import { SHAPES, type ShapeKind } from './shapes.ts';

/** Everything that podreach reads of an object, so that the rest of it may be whatever kubectl takes it for. */
const partsRead = (kind: ShapeKind): readonly Path[] => {
  if (kind === 'Namespace') return [['metadata', 'labels']];
  if (kind === 'Service')
    return [
      ['spec', 'selector'],
      ['spec', 'ports'],
      ['spec', 'sessionAffinityConfig'],
      ['spec', 'externalIPs'],
    ];
  const pod: Path = kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
  const base = kind === 'Pod' ? [] : pod;
  return [[...base, 'metadata', 'labels'], ...['containers', 'initContainers'].map((key) => [...base, 'spec', key])];
};

/** The scalars that kubectl reads otherwise than YAML 1.2; of containers, which hold any text, only their ports. */
const misread = (document: SourceDocument, kind: ShapeKind): readonly Problem[] => {
  if (document.isPlain) return [];
  const valueAt = (path: Path): unknown => path.reduce<unknown>((part, key) => Object(part)[key], document.value);
  const parts = [['metadata', 'name'], ['metadata', 'namespace'], ...partsRead(kind)].flatMap(
    (path): readonly Path[] => {
      const value = valueAt(path);
      return String(path.at(-1)).toLowerCase().endsWith('containers') && Array.isArray(value)
        ? value.map((_, at) => [...path, at, 'ports'])
        : [path];
    },
  );
  return parts.filter((path) => valueAt(path) !== undefined).flatMap((path) => misreadScalars(document.part(path)));
};

/** Whether an object has the shape of its kind; what is wrong goes to `problems`, one problem at each place. */
export const checkShape = (document: SourceDocument, problems: Problem[]): boolean => {
  const { apiVersion, kind: its } = kindIn(document.value);
  const kind = its as ShapeKind;
  const served = servedVersion(kind);
  const found: Problem[] = [];
  if (apiVersion !== served)
    found.push(
      document.problemAt(['apiVersion'], `the API server does not know a ${kind} of ${apiVersion}: write ${served}`),
    );
  const before = found.length;
  validate(document, SHAPES[kind], found);
  const isShaped = found.length === before;
  const told = new Set(found.map(({ line, column }) => `${line}:${column}`));
  for (const problem of misread(document, kind))
    if (!told.has(`${problem.line}:${problem.column}`)) found.push(problem);
  for (const problem of found) problems.push(problem);
  return isShaped;
};
