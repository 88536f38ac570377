import { asPodreachError, traceOf } from '../../errors.ts';
import { printable, printableLines } from '../../text.ts';

/** How the command line reports an error, each line printable. `debug`: also where it came from and what caused it. */
export const errorLines = (thrown: unknown, debug = false): readonly string[] => {
  const { message, hint } = asPodreachError(thrown);
  return [
    ...printableLines(`podreach: ${message}`),
    ...(hint ? printableLines(`hint: ${hint}`) : []),
    ...(debug ? ['', ...traceOf(thrown).map(printable)] : []),
  ];
};
