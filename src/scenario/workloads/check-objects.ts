import type { SourceDocument } from '../document.ts';
import { kindIn } from '../objects.ts';
import type { Problem } from '../problem.ts';
import { servedVersion } from './kinds.ts';
import { hasPlainShape } from './quick-shape.ts';
import type { ShapeKind } from './shapes.ts';

/** Whether an object is of use; what the API server would refuse of it goes to `problems`. */
export type CheckObject = (document: SourceDocument, problems: Problem[]) => boolean;

/** How to check these objects of the kinds that are part of a topology. The schemas are loaded for the first unusual one. */
export const checkOf = async (documents: readonly SourceDocument[]): Promise<CheckObject> => {
  const unusual = new Set(documents.filter((document) => !isPlainObject(document)));
  if (unusual.size === 0) return () => true;
  const { checkShape } = await import('./check-shape.ts');
  return (document, problems) => !unusual.has(document) || checkShape(document, problems);
};

const isPlainObject = ({ isPlain, value }: SourceDocument): boolean => {
  const { apiVersion, kind } = kindIn(value);
  return isPlain === true && apiVersion === servedVersion(kind) && hasPlainShape(kind as ShapeKind, value);
};
