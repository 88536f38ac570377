import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { formatGrid } from '../../../src/scenario/grid-format.ts';
import { parseGrid } from '../../../src/scenario/grid-parse.ts';
import type { ExpectedProbe, Topology } from '../../../src/scenario/index.ts';
import { pod } from './grid-fixture.ts';

const topology: Topology = {
  hosts: [],
  nodes: [],
  services: [],
  namespaces: [
    {
      name: 'prod',
      labels: {},
      pods: [pod('prod', 'web', { number: 80, protocol: 'TCP' }, { number: 53, protocol: 'UDP', name: 'dns' })],
    },
    { name: 'dev', labels: {}, pods: [pod('dev', 'a', { number: 9, protocol: 'SCTP' }), pod('dev', 'client')] },
  ],
};

const matrix: readonly ExpectedProbe[] = [
  { from: 'prod/web', to: 'dev/a', port: 9, protocol: 'SCTP', expectation: 'deny' },
  { from: 'dev/a', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'allow' },
  { from: 'dev/a', to: 'prod/web', port: 53, protocol: 'UDP', expectation: 'deny' },
  { from: 'dev/client', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'deny' },
  { from: 'dev/client', to: 'prod/web', port: 53, protocol: 'UDP', expectation: 'allow' },
  { from: 'dev/client', to: 'dev/a', port: 9, protocol: 'SCTP', expectation: 'allow' },
];

const grid = `            prod/web  prod/web  dev/a
            80/TCP    53/UDP    9/SCTP
prod/web    #         #         X
dev/a       .         X         #
dev/client  X         .         .
`;

describe('a grid', () => {
  it('is written with its columns aligned', () => {
    expect(formatGrid(matrix, topology)).to.equal(grid);
  });

  it('is read', () => {
    expect(parseGrid(grid, topology)).to.deep.equal({ expected: matrix, problems: [] });
  });

  it('is read whatever the order and the spaces', () => {
    const other = `
  dev/a prod/web\tprod/web
9/SCTP 53/UDP 80

dev/client . . X
 prod/web X # #
dev/a # X .`;
    expect(parseGrid(other, topology)).to.deep.equal({ expected: matrix, problems: [] });
  });

  it('distinguishes no answer from a refusal, if that is expected', () => {
    const told = matrix.map(
      (cell, at): ExpectedProbe => ({ ...cell, expectation: at === 0 ? 'drop' : cell.expectation }),
    );
    const both = told.map(
      (cell, at): ExpectedProbe => ({ ...cell, expectation: at === 2 ? 'reject' : cell.expectation }),
    );
    const written = grid
      .replace('#         #         X', '#         #         D')
      .replace('.         X         #', '.         R         #');
    expect(formatGrid(both, topology)).to.equal(written);
    expect(parseGrid(written, topology)).to.deep.equal({ expected: both, problems: [] });
  });

  it('has * where nothing is expected', () => {
    const some = matrix.map(
      (cell, at): ExpectedProbe => ({ ...cell, expectation: at === 1 ? null : cell.expectation }),
    );
    const written = grid.replace('dev/a       .', 'dev/a       *');
    expect(formatGrid(some, topology)).to.equal(written);
    expect(parseGrid(written, topology)).to.deep.equal({ expected: some, problems: [] });
  });

  it('is not written with a cell missing', () => {
    expect(() => formatGrid(matrix.slice(1), topology)).to.throw(PodreachError, 'prod/web > dev/a 9/SCTP');
  });

  const wrong: Readonly<Record<string, readonly [grid: string, ...problems: readonly string[]]>> = {
    'wrong marks': [
      grid
        .replace('.         X         #', '?         x         #')
        .replace('X         .         .', 'X         ..        #'),
      '4:13 wrong mark "?": . (allow), X (deny; D drop, R reject), * (nothing expected), # (a pod to itself) or - (not probed)',
      '4:23 wrong mark "x": . (allow), X (deny; D drop, R reject), * (nothing expected), # (a pod to itself) or - (not probed)',
      '5:23 wrong mark "..": . (allow), X (deny; D drop, R reject), * (nothing expected), # (a pod to itself) or - (not probed)',
      '5:33 wrong mark "#": # is for a pod to itself',
    ],
    'a pod to itself of which nothing is expected': [
      grid.replace('#         #         X', '#         *         X'),
      '3:23 wrong mark "*": a pod to itself is #',
    ],
    'a judged pod to itself': [
      grid.replace('#         #         X', '#         .         X'),
      '3:23 wrong mark ".": a pod to itself is #',
    ],
    'an unknown row': [
      grid.replace('dev/a       .', 'dev/b       .'),
      '4:1 unknown source "dev/b"; the nearest valid endpoint is "dev/a"',
    ],
    'a missing row': [grid.replace(/dev\/a {2}.*\n/, ''), '4:1 missing row dev/a'],
    'a duplicate row': [`${grid}prod/web # # X\n`, '6:1 duplicate row prod/web'],
    'an unknown column': [
      grid.replace('prod/web  dev/a', 'prod/wbe  dev/a'),
      '1:23 unknown destination "prod/wbe"; the nearest valid endpoint is "prod/web"',
    ],
    'an unknown port': [
      grid.replace('53/UDP', '53/TCP'),
      '2:23 prod/web has no port "53/TCP"; the nearest valid port is "80/TCP"',
    ],
    'a duplicate column': [
      grid.replace('53/UDP', '80/TCP'),
      '1:23 duplicate column prod/web 80/TCP',
      '1:38 missing column prod/web 53/UDP',
    ],
    'a missing column': [
      'dev/a\n9/SCTP\nprod/web X\ndev/a #\ndev/client .\n',
      '1:6 missing column prod/web 80/TCP',
      '1:6 missing column prod/web 53/UDP',
    ],
    'a missing port': [grid.replace('    9/SCTP', ''), '2:29 3 destinations, but 2 ports'],
    'a port too many': [grid.replace('9/SCTP', '9/SCTP 1/TCP'), '2:40 no destination above "1/TCP"'],
    'a mark too few': [grid.replace('         X\ndev', '\ndev'), '3:24 3 columns, but 2 marks'],
    'a mark too many': [grid.replace('X         #', 'X         #  .'), '4:36 no column above "."'],
    nothing: [
      '\n',
      '1:1 missing column prod/web 80/TCP',
      '1:1 missing column prod/web 53/UDP',
      '1:1 missing column dev/a 9/SCTP',
      '1:1 missing row prod/web',
      '1:1 missing row dev/a',
      '1:1 missing row dev/client',
    ],
  };
  for (const [what, [text, ...problems]] of Object.entries(wrong))
    it(`refuses ${what}`, () => {
      const read = parseGrid(text, topology);
      expect(read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).to.deep.equal(problems);
      expect(read.expected).to.equal(null);
    });
});
