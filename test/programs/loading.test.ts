import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { writeKubeconfig } from '../unit/kube/fake-server.ts';
import { inFolder, root } from '../unit/scripts/temporary-folder.ts';

/** Adds each module's address to the file `loaded` when it is loaded; a pipe may be full. */
const REPORT_LOADING = `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
globalThis.folder = import.meta.dirname;
globalThis.report = (line) => appendFileSync(new URL('loaded', import.meta.url), line + '\\n');
registerHooks({ load: (url, context, next) => { report('loads ' + url); return next(url, context); } });
`;

const MANIFESTS = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: prod, labels: {app: web}}
spec: {containers: [{name: main, ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: prod}
spec: {containers: [{name: main}]}
`;
const POLICY = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: prod}
spec: {podSelector: {matchLabels: {app: web}}}
`;

/** What is done one after the other in one process, which is cheaper than a process for each. */
const IN_TURN: Readonly<Record<string, string>> = {
  'a name in ASCII': `(await import('./src/width.ts')).widthOf('web')`,
  '--version': `await podreach('--version')`,
  '--help': `await podreach('--help')`,
  'run --help': `await podreach('run', '--help')`,
  'completion bash': `await podreach('completion', 'bash')`,
  'compare of manifests': `
    const here = process.cwd();
    // Where no podreach.yaml has to be read.
    process.chdir(folder);
    await podreach('compare', 'before.yaml', 'after.yaml');
    process.chdir(here)`,
  model: `await podreach('model', 'scenarios/deny-all')`,
  'model --reporter json': `await podreach('model', 'scenarios/deny-all', '--reporter', 'json')`,
  explain: `await podreach('explain', 'scenarios/deny-all', 'dev/client', 'prod/web', '80')`,
  compare: `await podreach('compare', 'scenarios/deny-all', 'scenarios/allow-from-dev')`,
  'a wide name': `(await import('./src/width.ts')).widthOf('웹')`,
  doctor: `await podreach('doctor')`,
  'a run without scenarios': `await podreach('run', 'scenarios/no-such-scenario', '--context', 'none')`,
  'the library': `await import('./src/index.ts')`,
  'a connection': `(await import('./src/kube/index.ts')).connect(process.argv[1]).close()`,
};
const SCRIPT = `
  const terminal = {
    print: async () => {},
    complain: () => {},
    progress: { note: () => {}, during: (_what, work) => work() },
    colour: false,
    signal: new AbortController().signal,
  };
  const podreach = async (...argv) => {
    const { runCli } = await import('./src/commands/program.ts');
    await runCli(argv, terminal).catch(() => {});
  };
  ${Object.entries(IN_TURN)
    .map(([what, work]) => `${work};\nreport('after ${what}');`)
    .join('\n')}
`;

const loadedBy = async (...args: readonly string[]): Promise<string> => {
  let loaded = '';
  const files = { 'preload.mjs': REPORT_LOADING, 'before.yaml': MANIFESTS, 'after.yaml': MANIFESTS + POLICY };
  await inFolder(files, async (folder) => {
    await execa(process.execPath, ['--import', join(folder, 'preload.mjs'), ...args], { cwd: root, reject: false });
    loaded = await readFile(join(folder, 'loaded'), 'utf8');
  });
  return loaded;
};
const LIVE = /\/src\/(host|kube|cluster|deploy|attach|settle|run)\/|kubernetes|testcontainers/;
const CLIENT = /\/node_modules\/@kubernetes\/client-node\//;

const packagesIn = (loaded: string): readonly string[] => [
  ...new Set(Array.from(loaded.matchAll(/\/node_modules\/((?:@[^/]+\/)?[^/]+)\//g), ([, name = '']) => name)),
];

/** The packages that a command may load before it does anything. Most of the processor's time goes into loading them. */
const FOR_HELP = ['commander', 'fastest-levenshtein'];
/** Plain manifests need no library for YAML, and none for schemas. */
const FOR_MANIFESTS = [...FOR_HELP, 'ipaddr.js', 'picocolors'];
const FOR_MODEL = [...FOR_HELP, 'ipaddr.js', 'picocolors', 'yaml', 'zod'];

describe('the modules that are loaded', () => {
  it('are few for podreach --help, as a program', async () => {
    const loaded = await loadedBy('src/cli.ts', '--help');
    expect(loaded).to.contain('/src/commands/program.ts\n').and.not.to.match(LIVE);
    expect(FOR_HELP).to.include.members(packagesIn(loaded));
  });

  describe('one after the other', function () {
    this.timeout(60_000);
    /** What had been loaded by the end of each. */
    const loadedUntil = new Map<string, string>();
    const packagesUntil = (what: string) => packagesIn(loadedUntil.get(what) ?? expect.fail(what));
    before(async () => {
      const all = await loadedBy('--input-type=module', '-e', SCRIPT, writeKubeconfig('https://127.0.0.1:1'));
      for (const what of Object.keys(IN_TURN)) {
        const end = all.indexOf(`after ${what}\n`);
        expect(end, `the end of ${what}`).to.be.above(0);
        loadedUntil.set(what, all.slice(0, end));
      }
    });

    for (const [what, own, packages] of [
      ['--version', 'program', FOR_HELP],
      ['--help', 'program', FOR_HELP],
      ['run --help', 'run/command', FOR_HELP],
      ['completion bash', 'completion/completion', FOR_HELP],
      ['compare of manifests', 'compare/compare', FOR_MANIFESTS],
      ['model', 'model/model', FOR_MODEL],
      ['model --reporter json', 'model/model', FOR_MODEL],
      ['explain', 'explain/explain', FOR_MODEL],
      ['compare', 'compare/compare', FOR_MODEL],
    ] as const)
      it(`are few after podreach ${what}, and none that talks to a cluster`, () => {
        expect(loadedUntil.get(what)).to.contain(`/src/commands/${own}.ts\n`).and.not.to.match(LIVE);
        expect(packages).to.include.members(packagesUntil(what));
      });

    it('hold only the reports that were asked for', () => {
      const OTHERS =
        /\/src\/report\/(?:(?:advise|diagnose|history|html|minimize|mutation|read)\/|(?:csv|dot|junit|svg|tap)\.ts)/;
      expect(loadedUntil.get('compare of manifests'))
        .to.contain('/src/report/compare/terminal.ts\n')
        .and.not.to.match(OTHERS);
    });

    it('hold a library for the width of texts once one needs it', () => {
      expect(packagesUntil('a name in ASCII')).to.deep.equal([]);
      expect(packagesUntil('compare')).not.to.include('string-width');
      expect(packagesUntil('a wide name')).to.include('string-width');
    });

    for (const [what, own] of [
      ['doctor', 'commands/doctor/doctor'],
      ['a run without scenarios', 'commands/run/run'],
      ['the library', 'index'],
    ] as const)
      it(`hold no @kubernetes/client-node after ${what}`, () => {
        expect(loadedUntil.get(what)).to.contain(`/src/${own}.ts\n`).and.not.to.match(CLIENT);
      });

    it('hold it once a cluster is connected to', () => {
      expect(loadedUntil.get('a connection')).to.match(CLIENT);
    });
  });
});
