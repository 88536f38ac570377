import { type Probe, portText } from '../scenario/index.ts';
import { printable } from '../text.ts';

/** `dev/client -> prod/web 80/TCP`, printable. */
export const probeText = ({ from, to, port, protocol, family }: Probe): string =>
  `${printable(from)} -> ${printable(to)} ${portText({ number: port, protocol })}${family === undefined ? '' : ` over ${family}`}`;
