import type { Path } from '../model/index.ts';
import type { Draft } from './mutant.ts';
import { listIn, mappingIn } from './tree.ts';

/** A block twice and half as large, the same for what it leaves out, and each of these left in. */
export function* draftsOfBlock(block: unknown, path: Path): Generator<Draft> {
  const { cidr, except } = mappingIn(block);
  yield* resized(String(cidr), [...path, 'cidr']);
  for (const [at, text] of listIn(except).entries()) {
    const own = [...path, 'except', at];
    yield { edit: { kind: 'except-removed', text: String(text) }, path: own, value: undefined };
    yield* resized(String(text), own);
  }
}

/** The API server ignores the bits after the prefix. */
function* resized(cidr: string, path: Path): Generator<Draft> {
  const [base = '', digits = ''] = cidr.split('/');
  for (const prefix of [Number(digits) - 1, Number(digits) + 1]) {
    const to = `${base}/${prefix}`;
    yield { edit: { kind: 'text', from: cidr, to }, path, value: to };
  }
}
