import type { Path, SourceDocument } from '../document.ts';
import { kindIn } from '../objects.ts';
import { type GivenService, serviceOf } from './given-service.ts';
import type { WorkloadKind } from './kinds.ts';
import type { Metadata, ShapeKind } from './shapes.ts';
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

const nameIn = ({ name, generateName }: Metadata): string => name || (generateName ?? '').replace(/[-.]+$/, '');

/**
 * Makes a function that reads objects of the kinds that are part of a topology, once `checkOf` found them sound. `fallback` is
 * the namespace of an object that names none.
 */
export const createReadObject = () => {
  const shared = sharePorts();
  return (document: SourceDocument, fallback: string): GivenObject => {
    const kind = kindIn(document.value).kind as ShapeKind;
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
