import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { changedHosts } from './changed-hosts.ts';
import {
  cellsOf,
  copyScenario,
  edit,
  type JsonCell,
  type JsonReport,
  podreach,
  removeCopies,
  temporaryFolder,
} from './door.ts';

/** A copy of a scenario of scenarios/paths, each of these files with its first text replaced by its second. */
const changed = async (name: string, changes: Readonly<Record<string, readonly (readonly [string, string])[]>>) => {
  const folder = await copyScenario(`paths/${name}`);
  for (const [file, pairs] of Object.entries(changes))
    await edit(`${folder}/${file}`, (text) =>
      pairs.reduce((now, [was, is]) => {
        if (!now.includes(was)) throw new Error(`${file} of ${name} does not have ${was}`);
        return now.replace(was, is);
      }, text),
    );
  return folder;
};

// One run for all of them: they pin no address twice.
describe('paths whose policies were changed', () => {
  let run: Awaited<ReturnType<typeof podreach>>;
  let report: JsonReport;
  before(async () => {
    const folders = [
      await changed('services', { 'policies/web.yaml': [['port: 8080', 'port: 80']] }),
      await changed('services', {
        'scenario.yaml': [
          ['intent:', 'name: half-blocked\nintent:'],
          ['web-2: {labels: {app: web}', 'web-2: {labels: {app: web, half: blocked}'],
        ],
        'policies/web.yaml': [
          ['matchLabels: {app: web}', 'matchLabels: {app: web, half: blocked}'],
          ['role: client', 'role: nobody'],
        ],
      }),
      await changed('external-addresses', {
        'policies/shop.yaml': [['port: 8080', 'port: 80']],
        'policies/db.yaml': [['app: db', 'app: bd']],
      }),
      await changed('external-name', { 'policies/shop.yaml': [['port: 8080', 'port: 80']] }),
      await changed('service-names', { 'policies/clients.yaml': [['k8s-app: kube-dns', 'k8s-app: kube-dn']] }),
      // It ends with 172.17.3.255.
      await changed('node-port', {
        'scenario.yaml': [['192.168.77.30', '192.168.87.30']],
        'policies/web.yaml': [['172.17.0.0/16', '172.17.0.0/22']],
      }),
      await changed('nodes', {
        'policies/deny-all.yaml': [['podSelector: {}', 'podSelector: {matchLabels: {app: we}}']],
      }),
      ...(await changedHosts()),
    ];
    const file = join(await temporaryFolder(), 'run.json');
    run = await podreach('run', '--keep', '--reporter', 'terminal,json', '--output', file, ...folders);
    report = JSON.parse(await readFile(file, 'utf8'));
  });
  after(removeCopies);

  const cellsIn = (name: string) =>
    cellsOf({ scenarios: report.scenarios.filter((scenario) => scenario.name === name) });

  /** What was seen and not expected, where the specification says what it has to be, as `from -> to port observed`. */
  const wrongIn = (name: string): readonly string[] =>
    cellsIn(name)
      .filter(({ expected, model }) => expected !== null && model !== 'unknown')
      .filter(({ expected, observed }) => (expected === 'allow') !== (observed === 'allowed'))
      .map(({ from, to, port, observed }) => `${from} -> ${to} ${port} ${observed}`);

  it('fail, each of them', () => {
    expect(run.exitCode, run.all).to.equal(1);
    expect(report.scenarios.map(({ name, status }) => `${name} ${status}`)).to.have.members([
      'services fail',
      'half-blocked fail',
      'external-addresses fail',
      'external-name fail',
      'service-names fail',
      'node-port fail',
      'nodes fail',
      'without-exception fail',
      'long-prefix fail',
      'link-local fail',
    ]);
  });

  it('are reported if a policy names the port of the Service in place of that of its servers', () => {
    expect(wrongIn('services')).to.have.members([
      'prod/client -> prod/web-1 8080 dropped',
      'prod/client -> prod/web-2 8080 dropped',
      'prod/client -> svc:prod/web 80 dropped',
      'prod/client -> dns:prod/web 80 dropped',
    ]);
  });

  it('are flaky to a Service of which one server is blocked, and it is said which answered', () => {
    const [own = ''] =
      /^failed {2}half-blocked\b.*?(?=^(?:passed|failed|error) {2}|^\d+ scenarios)/ms.exec(run.stdout) ?? [];
    expect(own).to.match(/prod\/client -> svc:prod\/web 80\/TCP: expected allow, flaky in .*connections got through/);
    expect(own).to.contain('answered by prod/web-1').and.not.to.contain('answered by prod/web-2');
  });

  it('are reported if the policies behind addresses outside the cluster name the wrong port or pod', () => {
    const closed = ['db', 'panel', 'operator'].flatMap((from) => [
      `prod/${from} -> prod/shop 8080 dropped`,
      ...['svc', 'nodeport', 'external'].map((way) => `prod/${from} -> ${way}:prod/shop 80 dropped`),
    ]);
    const open = ['shop', 'panel', 'operator'].map((from) => `prod/${from} -> prod/db 5432 allowed`);
    const byService = ['shop', 'db', 'panel', 'operator'].flatMap((from) =>
      ['svc', 'external'].map((way) => `prod/${from} -> ${way}:prod/db 5432 allowed`),
    );
    expect(wrongIn('external-addresses')).to.have.members([...closed, ...open, ...byService]);
  });

  it('are reported behind another name of a Service as behind its own', () => {
    expect(wrongIn('external-name')).to.have.members([
      'dev/client -> prod/shop 8080 dropped',
      'dev/client -> svc:prod/shop 80 dropped',
      'dev/client -> dns:dev/shop 80 dropped',
    ]);
  });

  it('are reported if the label, the prefix or the peer that opens a path is off by one', () => {
    expect(wrongIn('service-names')).to.deep.equal(['prod/with-dns -> dns:prod/web 80 dropped']);
    expect(wrongIn('node-port')).to.have.members([
      'host:office -> prod/web 8080 dropped',
      'host:office -> nodeport:prod/web 80 dropped',
    ]);
    expect(wrongIn('nodes')).to.have.members([
      'dev/web -> prod/web 8080 allowed',
      'node:other -> prod/web 8080 allowed',
    ]);
  });

  it('are reported if an exception is left out, and if a prefix is too long', () => {
    expect(wrongAtWeb(cellsIn('without-exception'))).to.deep.equal(['host:quarantined allow']);
    expect(wrongAtWeb(cellsIn('long-prefix'))).to.deep.equal(['host:office deny', 'host:quarantined allow']);
  });

  // The scenario as it is runs with all paths, in paths.test.ts.
  it('are reported from and to hosts with link-local addresses, which ipBlocks and exceptions match', () => {
    const [into, others] = [true, false].map((isInto) =>
      cellsIn('link-local').filter(({ from, to }) => from !== to && (to === 'prod/other') === isInto),
    );
    const seen = Object.fromEntries((into ?? []).map(({ from, observed }) => [from, observed]));
    expect(seen, run.all).to.deep.equal({
      'prod/app': 'dropped',
      'prod/agent': 'dropped',
      'host:dns-cache': 'allowed',
      'host:metadata': 'dropped',
      'host:office': 'dropped',
    });
    const differing = (others ?? [])
      .filter(({ expected, observed }) => expected !== null && (expected === 'allow') !== (observed === 'allowed'))
      .map(({ from, to, port, protocol, observed }) => `${from} -> ${to} ${port}/${protocol} ${observed}`);
    expect(differing).to.have.members([
      'prod/app -> host:metadata 53/UDP allowed',
      'prod/app -> host:metadata 80/TCP allowed',
      'prod/app -> host:dns-cache 53/TCP dropped',
      'prod/app -> host:dns-cache 53/UDP dropped',
    ]);
  });
});

/** The sources that prod/web:80 treats otherwise than expected, with what the model says of them. */
const wrongAtWeb = (cells: readonly JsonCell[]): readonly string[] =>
  cells
    .filter(({ expected, observed }) => expected !== null && (expected === 'allow') !== (observed === 'allowed'))
    .map(({ from, to, port, model }) => {
      expect(`${to} ${port}`).to.equal('prod/web 80');
      return `${from} ${model}`;
    });
