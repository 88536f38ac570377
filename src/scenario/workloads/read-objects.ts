import { misreadScalars } from '../as-kubectl.ts';
import type { Path, SourceDocument } from '../document.ts';
import { kindIn } from '../objects.ts';
import type { Problem } from '../problem.ts';
import { validate } from '../validate.ts';
import { type GivenService, serviceOf } from './given-service.ts';
import { servedVersion, type WorkloadKind } from './kinds.ts';
import { hasPlainShape } from './quick-shape.ts';
import { type Metadata, SHAPES, type ShapeKind } from './shapes.ts';
import { labelsIn, sharePorts, type Workload, workloadOf } from './workload.ts';

export interface GivenNamespace {
  readonly kind: 'Namespace';
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly document: SourceDocument;
}

export type GivenObject = GivenNamespace | GivenService | Workload;

export const nameOf = (object: GivenObject): string =>
  object.kind === 'Namespace' ? object.name : `${object.namespace}/${object.name}`;

/** Where an object begins, or a part of it. */
export const placeOf = ({ document }: Pick<GivenObject, 'document'>, path: Path = []) => {
  const { file, line, column } = document.problemAt(path, '');
  return { file, line, column };
};

/** Kubernetes sets it, whatever the manifest says. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

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

/** Whether the object has the shape of its kind; what is wrong goes to `problems`, one problem at each place. */
const isSound = (document: SourceDocument, kind: ShapeKind, problems: Problem[]): boolean => {
  const { apiVersion } = kindIn(document.value);
  const served = servedVersion(kind);
  if (document.isPlain && apiVersion === served && hasPlainShape(kind, document.value)) return true;
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

const nameIn = ({ name, generateName }: Metadata): string => name || (generateName ?? '').replace(/[-.]+$/, '');

/**
 * Makes a function that reads objects of the kinds that are part of a topology. `fallback` is the namespace of an object that
 * names none. What the API server would refuse goes to `problems`; null if the object is then of no use.
 */
export const createReadObject = () => {
  const shared = sharePorts();
  return (document: SourceDocument, fallback: string, problems: Problem[]): GivenObject | null => {
    const kind = kindIn(document.value).kind as ShapeKind;
    if (!isSound(document, kind, problems)) return null;
    const { metadata } = document.value as { readonly metadata: Metadata };
    const name = nameIn(metadata);
    if (kind === 'Namespace') {
      const { [NAME_LABEL]: _own, ...labels } = labelsIn(metadata.labels);
      return { kind, name, labels, document };
    }
    const names = { namespace: metadata.namespace || fallback, name };
    return kind === 'Service'
      ? serviceOf(names, document)
      : workloadOf(kind satisfies WorkloadKind, names, document, shared);
  };
};
