const NOTATION = /^([1-9][0-9]{0,4})(?:\/(TCP|UDP|SCTP))?$/;

interface WrittenPort {
  readonly number: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
}

/** Reads `80` (short for 80/TCP) or `53/UDP`; null for anything else. */
export const parsePort = (written: number | string): WrittenPort | null => {
  const [, digits, protocol = 'TCP'] = NOTATION.exec(`${written}`) ?? [];
  return digits === undefined ? null : { number: Number(digits), protocol: protocol as WrittenPort['protocol'] };
};
