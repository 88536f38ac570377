import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { execa } from 'execa';
import { writeKubeconfig } from './fake-server.ts';

const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Writes each module's address to standard error when it is loaded. */
const REPORT_LOADING = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  import { writeSync } from 'node:fs';
  registerHooks({ load: (url, context, next) => { writeSync(2, 'loads ' + url + '\\n'); return next(url, context); } });
`)}`;

const loadedBy = async (args: readonly string[]): Promise<readonly string[]> => {
  const { stderr } = await execa(process.execPath, ['--import', REPORT_LOADING, ...args], { cwd: ROOT, reject: false });
  return stderr.split('\n').filter((line) => line.startsWith('loads '));
};
const ofLibrary = (line: string): boolean => line.includes('/node_modules/@kubernetes/client-node/');

describe('@kubernetes/client-node', () => {
  const light: readonly (readonly string[])[] = [
    ['--help'],
    ['doctor'],
    ['model', 'scenarios/deny-all'],
    ['explain', 'scenarios/deny-all', 'dev/client', 'prod/web', '80'],
    ['run', 'scenarios/no-such-scenario', '--context', 'none'],
  ];
  for (const args of light)
    it(`is not loaded by podreach ${args.join(' ')}`, async () => {
      const loaded = await loadedBy([CLI, ...args]);
      expect(loaded).not.to.deep.equal([]);
      expect(loaded.filter(ofLibrary)).to.deep.equal([]);
    });

  it('is not loaded with the library podreach, but when a cluster is connected to', async () => {
    const index = new URL('../../../src/index.ts', import.meta.url);
    const kube = new URL('../../../src/kube/index.ts', import.meta.url);
    const load = ['--input-type=module', '-e', `await import('${index}')`];
    expect((await loadedBy(load)).filter(ofLibrary)).to.deep.equal([]);
    const connect = `const { connect } = await import('${kube}'); connect(process.argv[1]).close()`;
    const loaded = await loadedBy(['--input-type=module', '-e', connect, writeKubeconfig('https://127.0.0.1:1')]);
    expect(loaded.filter(ofLibrary)).not.to.deep.equal([]);
  });
});
