import { expect } from 'chai';
import { formatGrid } from '../../../src/scenario/grid-format.ts';
import { type ExpectedProbe, probeKey } from '../../../src/scenario/index.ts';
import { PATHS } from './paths-fixture.ts';
import { load, refusal } from './temporary-folder.ts';

const shown = (one: ExpectedProbe): string => `${probeKey(one)} ${one.expectation}`;

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

  it('expects nothing of some cells, but not of all, which is no expectation', async () => {
    const of = async (client: string, other: string) => {
      const pods = '{web: {ports: [80]}, client: {}, other: {}}';
      const rows = `    prod/web #\n    prod/client ${client}\n    prod/other ${other}\n`;
      const text = `namespaces: {prod: {pods: ${pods}}}\npolicies: []\nexpect:\n  grid: |2\n    prod/web\n    80/TCP\n${rows}`;
      const [scenario] = await load({ 'scenario.yaml': text });
      const { expected, form } = scenario?.steps[0] ?? expect.fail('no scenario');
      return { form, expected: Array.isArray(expected) ? expected.map(({ expectation }) => expectation) : expected };
    };
    expect(await of('*', '.')).to.deep.equal({ form: 'grid', expected: [null, 'allow'] });
    expect(await of('*', '*')).to.deep.equal({ form: 'grid', expected: null });
  });

  it('has its problems reported at their place in the file', async () => {
    const { lines } = await refusal({ 'scenario.yaml': yaml.replace('80/TCP', '81/TCP').replace('api  X', 'api  ?') });
    const expected = [
      'scenario.yaml:7:15: prod/web has no port "81/TCP"; the nearest valid port is "80/TCP"',
      'scenario.yaml:9:15: wrong mark "?": . (allow), X (deny; D drop, R reject), * (nothing expected), # (a pod to itself) or - (not probed)',
    ];
    expect(lines).to.deep.equal(expected);
    const windows = yaml.replace('80/TCP', '81/TCP').replace('api  X', 'api  ?').replaceAll('\n', '\r\n');
    expect((await refusal({ 'scenario.yaml': windows })).lines).to.deep.equal(expected);
  });

  it('holds hosts, and has a wrong - reported at its place in the file', async () => {
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
    expect(lines).to.deep.equal(['scenario.yaml:8:25: wrong mark "-": - is only for what is not probed']);
  });

  it('is a block of lines', async () => {
    const start = yaml.slice(0, yaml.indexOf('|2'));
    for (const text of ['"prod/web"', '>\n    prod/web\n', 'prod/web'])
      expect((await refusal({ 'scenario.yaml': `${start}${text}\n` })).lines).to.deep.equal([
        'scenario.yaml:4:9: a grid is a block of lines: begin it with `grid: |2`',
      ]);
  });

  it('holds every kind of end, with - where there is no probe between two', async () => {
    const grid = `               prod/web  prod/agent  node:own  host:office  svc:prod/web  dns:prod/web  nodeport:prod/web
               8080/TCP  9100/TCP    9200/TCP  443/TCP      80/TCP        80/TCP        80/TCP
  prod/web     #         X           .         D            X             R             .
  prod/agent   X         #           .         -            X             X             .
  node:own     .         X           #         -            X             -             -
  host:office  X         -           -         #            -             -             X
  kubelet      .         -           -         -            -             -             -
`;
    const text = `${PATHS}expect:\n  grid: |2\n${grid.replaceAll(/^/gm, '  ').trimEnd()}\n`;
    const [scenario] = await load({ 'scenario.yaml': text });
    const [{ topology, expected: all }] = scenario?.steps ?? expect.fail('no scenario');
    const expected = all as readonly ExpectedProbe[];
    expect(expected.filter(({ from }) => ['kubelet', 'node:own'].includes(from)).map(shown)).to.deep.equal([
      'node:own > prod/web 8080/TCP allow',
      'node:own > prod/agent 9100/TCP deny',
      'node:own > svc:prod/web 80/TCP deny',
      'kubelet > prod/web 8080/TCP allow',
    ]);
    expect(
      expected.filter(({ expectation }) => expectation === 'drop' || expectation === 'reject').map(shown),
    ).to.deep.equal(['prod/web > host:office 443/TCP drop', 'prod/web > dns:prod/web 80/TCP reject']);
    expect(formatGrid(expected, topology)).to.equal(grid.replaceAll(/^ {2}/gm, ''));
  });

  it('has a judged cell reported if there is no probe', async () => {
    const grid = (mark: string) => `               prod/web  node:own
               8080/TCP  9200/TCP
  prod/web     #         .
  node:own     .         #
  host:office  .         ${mark}
`;
    const yaml = `namespaces: {prod: {pods: {web: {ports: [8080]}}}}
nodes: {own: {with: prod/web, ports: [9200]}}
hosts: {office: {address: 172.17.5.10}}
policies: []
expect:
  grid: |2
`;
    expect(await load({ 'scenario.yaml': yaml + grid('-').replaceAll(/^/gm, '  ').trimEnd() })).to.have.length(1);
    expect(
      (await refusal({ 'scenario.yaml': yaml + grid('X').replaceAll(/^/gm, '  ').trimEnd() })).lines,
    ).to.deep.equal(['scenario.yaml:11:28: wrong mark "X": - is only for what is not probed']);
  });
});
