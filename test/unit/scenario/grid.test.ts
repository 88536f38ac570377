import { expect } from 'chai';
import fc from 'fast-check';
import { PodreachError } from '../../../src/errors.ts';
import { formatGrid } from '../../../src/scenario/grid-format.ts';
import { parseGrid } from '../../../src/scenario/grid-parse.ts';
import {
  type ExpectedProbe,
  type Host,
  type Pod,
  type Port,
  probesOf,
  type Topology,
} from '../../../src/scenario/index.ts';
import { load, refusal } from './temporary-folder.ts';

const pod = (namespace: string, name: string, ...ports: readonly Port[]): Pod => ({
  endpoint: `${namespace}/${name}`,
  namespace,
  name,
  labels: {},
  ports,
});

const host = (name: string, address: string, ...ports: readonly Port[]): Host => ({
  endpoint: `host:${name}`,
  name,
  address,
  ports,
});

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

  it('is not written with a cell missing', () => {
    expect(() => formatGrid(matrix.slice(1), topology)).to.throw(PodreachError, 'prod/web > dev/a 9/SCTP');
  });

  const wrong: Readonly<Record<string, readonly [grid: string, ...problems: readonly string[]]>> = {
    'wrong marks': [
      grid
        .replace('.         X         #', '?         x         #')
        .replace('X         .         .', 'X         ..        #'),
      '4:13 wrong mark "?": . (allow), X (deny) or # (a pod to itself)',
      '4:23 wrong mark "x": . (allow), X (deny) or # (a pod to itself)',
      '5:23 wrong mark "..": . (allow), X (deny) or # (a pod to itself)',
      '5:33 wrong mark "#": # is for a pod to itself',
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

  it('survives being written and read', () => {
    fc.assert(
      fc.property(matrices, ([any, cells]) => {
        expect(parseGrid(formatGrid(cells, any), any)).to.deep.equal({ expected: cells, problems: [] });
      }),
    );
  });
});

describe('a grid with hosts outside the cluster', () => {
  const withHosts: Topology = {
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

  const forHosts = '- is for hosts to hosts, and for nothing else';
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

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const port = fc.record({ number: fc.integer({ min: 1, max: 65535 }), protocol: fc.constantFrom('TCP', 'UDP', 'SCTP') });
const ports = fc.uniqueArray(port, { maxLength: 3, selector: ({ number, protocol }) => `${number}/${protocol}` });
const inside = fc.uniqueArray(
  fc.tuple(name, fc.uniqueArray(fc.tuple(name, ports), { maxLength: 4, selector: ([of]) => of })),
  {
    maxLength: 4,
    selector: ([of]) => of,
  },
);
const outside = fc.uniqueArray(fc.tuple(name, ports), { maxLength: 3, selector: ([of]) => of });
const topologies: fc.Arbitrary<Topology> = fc
  .tuple(inside, outside)
  .map(([namespaces, hosts]) => ({
    hosts: hosts.map(([of, its], at) => host(of, `172.17.0.${at + 1}`, ...(its as readonly Port[]))),
    namespaces: namespaces.map(([namespace, pods]) => ({
      name: namespace,
      labels: {},
      pods: pods.map(([of, its]) => pod(namespace, of, ...(its as readonly Port[]))),
    })),
  }))
  .filter((any) => probesOf(any).length > 0);
const matrices = topologies.chain((any) => {
  const probes = probesOf(any).filter(({ from, to }) => from !== to);
  const marks = fc.array(fc.constantFrom('allow' as const, 'deny' as const), {
    minLength: probes.length,
    maxLength: probes.length,
  });
  const cells = marks.map((all) => probes.map((probe, at) => ({ ...probe, expectation: all[at] ?? 'deny' })));
  return fc.tuple(fc.constant(any), cells);
});

describe('a grid in scenario.yaml', () => {
  const yaml = `namespaces: {prod: {pods: {web: {ports: [80]}, api: {}}}}
policies: []
expect:
  grid: |2  # by hand

              prod/web
              80/TCP
    prod/web  #
    prod/api  X
`;

  it('is loaded', async () => {
    const [scenario] = await load({ 'scenario.yaml': yaml });
    expect(scenario?.steps[0]?.form).to.equal('grid');
    expect(scenario?.steps[0]?.expected).to.deep.equal([
      { from: 'prod/api', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'deny' },
    ]);
  });

  it('has its problems told at their place in the file', async () => {
    const { lines } = await refusal({ 'scenario.yaml': yaml.replace('80/TCP', '81/TCP').replace('api  X', 'api  ?') });
    const expected = [
      'scenario.yaml:7:15: prod/web has no port "81/TCP"; the nearest valid port is "80/TCP"',
      'scenario.yaml:9:15: wrong mark "?": . (allow), X (deny) or # (a pod to itself)',
    ];
    expect(lines).to.deep.equal(expected);
    const windows = yaml.replace('80/TCP', '81/TCP').replace('api  X', 'api  ?').replaceAll('\n', '\r\n');
    expect((await refusal({ 'scenario.yaml': windows })).lines).to.deep.equal(expected);
  });

  it('holds hosts, and has a wrong - told at its place in the file', async () => {
    const withHosts = `namespaces: {prod: {pods: {web: {ports: [80]}}}}
hosts: {a: {address: 172.17.5.10}, b: {address: 172.17.6.10, ports: [80]}}
policies: []
expect:
  grid: |2
              prod/web  host:b
              80/TCP    80/TCP
    prod/web  #         .
    host:a    X         -
    host:b    .         #
`;
    const [scenario] = await load({ 'scenario.yaml': withHosts });
    expect(scenario?.steps[0]?.expected).to.deep.equal([
      { from: 'prod/web', to: 'host:b', port: 80, protocol: 'TCP', expectation: 'allow' },
      { from: 'host:a', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'deny' },
      { from: 'host:b', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'allow' },
    ]);
    const { lines } = await refusal({ 'scenario.yaml': withHosts.replace('#         .', '#         -') });
    expect(lines).to.deep.equal(['scenario.yaml:8:25: wrong mark "-": - is for hosts to hosts, and for nothing else']);
  });

  it('is a block of lines', async () => {
    const start = yaml.slice(0, yaml.indexOf('|2'));
    for (const text of ['"prod/web"', '>\n    prod/web\n', 'prod/web'])
      expect((await refusal({ 'scenario.yaml': `${start}${text}\n` })).lines).to.deep.equal([
        'scenario.yaml:4:9: a grid is a block of lines: begin it with `grid: |2`',
      ]);
  });
});
