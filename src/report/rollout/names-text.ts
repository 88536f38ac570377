import { type Probe, portText } from '../../scenario/index.ts';
import { listed } from '../../text.ts';

const CELLS_AT_MOST = 3;

/** `dev/client -> prod/web 80/TCP, …`; not printable yet. */
export const namesText = (cells: readonly Probe[]): string =>
  listed(
    cells.map(({ from, to, port, protocol }) => `${from} -> ${to} ${portText({ number: port, protocol })}`),
    CELLS_AT_MOST,
  );
