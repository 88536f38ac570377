import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { formatGrid } from '../../../src/scenario/grid-format.ts';
import { parseGrid } from '../../../src/scenario/grid-parse.ts';
import type { ExpectedProbe, Topology } from '../../../src/scenario/index.ts';
import { host, pod } from './grid-fixture.ts';

describe('a grid with hosts outside the cluster', () => {
  const withHosts: Topology = {
    nodes: [],
    services: [],
    namespaces: [
      { name: 'prod', labels: {}, pods: [pod('prod', 'web', { number: 80, protocol: 'TCP' }), pod('prod', 'client')] },
    ],
    hosts: [
      host('office', '172.17.5.10', { number: 80, protocol: 'TCP' }, { number: 53, protocol: 'UDP' }),
      host('lab', '172.17.6.10'),
    ],
  };
  const cells: readonly ExpectedProbe[] = [
    { from: 'prod/web', to: 'host:office', port: 80, protocol: 'TCP', expectation: 'deny' },
    { from: 'prod/web', to: 'host:office', port: 53, protocol: 'UDP', expectation: 'allow' },
    { from: 'prod/client', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'allow' },
    { from: 'prod/client', to: 'host:office', port: 80, protocol: 'TCP', expectation: 'allow' },
    { from: 'prod/client', to: 'host:office', port: 53, protocol: 'UDP', expectation: 'deny' },
    { from: 'host:office', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'allow' },
    { from: 'host:lab', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'deny' },
  ];
  const text = `             prod/web  host:office  host:office
             80/TCP    80/TCP       53/UDP
prod/web     #         X            .
prod/client  .         .            X
host:office  .         #            #
host:lab     X         -            -
`;

  it('is written with - from host to host', () => {
    expect(formatGrid(cells, withHosts)).to.equal(text);
  });

  it('is read, in whatever order', () => {
    expect(parseGrid(text, withHosts)).to.deep.equal({ expected: cells, problems: [] });
    const other = `host:office prod/web host:office
53/UDP 80 80/TCP
host:lab - X -
host:office # . #
prod/client X . .
prod/web . # X`;
    expect(parseGrid(other, withHosts)).to.deep.equal({ expected: cells, problems: [] });
  });

  const forHosts = '- is only for what is not probed';
  const wrong: Readonly<Record<string, readonly [row: string, changed: string, ...problems: readonly string[]]>> = {
    'a judged host to another': [
      'host:lab     X         -            -',
      'host:lab     X         .            X',
      `6:24 wrong mark ".": ${forHosts}`,
      `6:37 wrong mark "X": ${forHosts}`,
    ],
    'a host to another as if to itself': [
      'host:lab     X         -            -',
      'host:lab     X         #            -',
      `6:24 wrong mark "#": ${forHosts}`,
    ],
    'a host to itself as if to another': [
      'host:office  .         #            #',
      'host:office  .         #            -',
      '5:37 wrong mark "-": a pod to itself is #',
    ],
    '- from a host to a pod': [
      'host:lab     X         -            -',
      'host:lab     -         -            -',
      `6:14 wrong mark "-": ${forHosts}`,
    ],
    '- from a pod to a host': [
      'prod/client  .         .            X',
      'prod/client  .         -            X',
      `4:24 wrong mark "-": ${forHosts}`,
    ],
    '- from a pod to another': [
      'prod/client  .         .            X',
      'prod/client  -         .            X',
      `4:14 wrong mark "-": ${forHosts}`,
    ],
    '- from a pod to itself': [
      'prod/web     #         X            .',
      'prod/web     -         X            .',
      '3:14 wrong mark "-": a pod to itself is #',
    ],
    'a misspelt host': [
      'host:lab     X         -            -',
      'host:lap     X         -            -',
      '6:1 unknown source "host:lap"; the nearest valid endpoint is "host:lab"',
    ],
    'a missing host': ['host:lab     X         -            -\n', '', '5:1 missing row host:lab'],
  };
  for (const [what, [row, changed, ...problems]] of Object.entries(wrong))
    it(`refuses ${what}`, () => {
      expect(text).to.contain(row);
      const read = parseGrid(text.replace(row, changed), withHosts);
      expect(read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).to.deep.equal(problems);
      expect(read.expected).to.equal(null);
    });

  it('is not written with a cell of a host missing', () => {
    expect(() => formatGrid(cells.slice(0, -1), withHosts)).to.throw(PodreachError, 'host:lab > prod/web 80/TCP');
  });
});
