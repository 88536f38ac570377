import type { Expectation } from '../scenario/index.ts';
import type { Piece } from './merge.ts';
import type { Part, PartOf } from './parts.ts';
import type { CellPort, Change } from './result.ts';

/** Which cells may open and which may close. Ends with equal keys are treated alike. */
export interface WantedCells {
  readonly sourceKey: (from: string) => string;
  readonly targetKey: (to: string, port: CellPort) => string;
  /** What is wanted of a cell after the change; null if the list does not mention it. */
  readonly expected: (from: string, to: string, port: CellPort) => Expectation | null;
}

const MEETS: Readonly<Partial<Record<Change, 'allow' | 'deny'>>> = {
  opened: 'allow',
  'may-open': 'allow',
  closed: 'deny',
  'may-close': 'deny',
};

/** The parts of a piece that are wanted, and those that are not. It has one port. */
export const splitWanted = (
  piece: Piece,
  { sourceKey, targetKey, expected }: WantedCells,
  partOf: PartOf,
): readonly Piece[] => {
  const split = ({ names, crowd }: Part, keyOf: (name: string) => string): readonly Part[] =>
    [...Map.groupBy(names, keyOf).values()].map((own) => partOf(own, crowd));

  const wish = MEETS[piece.fate.change];
  const [port] = piece.ports;
  if (wish === undefined || !port) return [piece];
  return piece.from
    .flatMap((part) => split(part, sourceKey))
    .flatMap((sources) =>
      piece.to
        .flatMap((part) => split(part, (name) => targetKey(name, port)))
        .map((targets): Piece => {
          const said = expected(sources.names[0] as string, targets.names[0] as string, port);
          const isWanted = said !== null && (said === 'allow') === (wish === 'allow');
          const fate = isWanted ? { ...piece.fate, wanted: true as const } : piece.fate;
          return { ...piece, fate, from: [sources], to: [targets] };
        }),
    );
};
