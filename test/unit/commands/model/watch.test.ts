import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { ModelFlags } from '../../../../src/commands/model/model.ts';
import { mattersTo, modelWatch } from '../../../../src/commands/model/watch.ts';
import type { WatchFolder } from '../../../../src/commands/model/watching.ts';
import { failureOf } from '../../failure-of.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const scenario = (expect: string) => `namespaces: {prod: {pods: {web: {ports: [80]}, client: {}}}}
policies: [../k8s/*.yaml]
expect: {default: ${expect}}
`;
const deny = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: prod}
spec: {podSelector: {}}
`;

/** Watches nothing itself; a test says what changes, and learns when the next answer is there. */
const fakeWatch = () => {
  const listeners = new Map<string, (name: string | null) => void>();
  let told = (): void => {};
  const watchFolder: WatchFolder = (folder, onChange) => {
    listeners.set(folder, onChange);
    return { close: () => void listeners.delete(folder) };
  };
  return {
    watchFolder,
    folders: () => [...listeners.keys()],
    change: (folder: string, name: string | null) => listeners.get(resolve(folder))?.(name),
    /** Called with each note, of which the last says that it is watching. */
    tell: () => told(),
    answered: async () => {
      await new Promise<void>((done) => (told = done));
      // Then it watches what it has read.
      await setImmediate();
    },
  };
};

const watched = (flags: Partial<ModelFlags>, width?: number) => {
  const watch = fakeWatch();
  const interruption = new AbortController();
  const terminal = {
    ...fakeTerminal(),
    ...(width !== undefined && { width }),
    signal: interruption.signal,
    progress: { note: () => watch.tell(), during: <Result>(_: string, work: () => Promise<Result>) => work() },
  };
  const start = (folder: string) =>
    modelWatch([join(folder, 'a')], { reporter: ['list'], ...flags }, terminal, watch.watchFolder);
  return { watch, terminal, start, end: () => interruption.abort() };
};

describe('podreach model --watch', () => {
  const files = { 'a/scenario.yaml': scenario('allow'), 'k8s/deny.yaml': deny };

  it('answers again when a file changes that was read, until it is interrupted', () =>
    withFiles(files, async (folder) => {
      const { watch, terminal, start, end } = watched({});
      let answered = watch.answered();
      const done = start(folder);
      await answered;
      expect(terminal.printed()).to.match(/^failed {3}a /);
      expect(watch.folders()).to.include.members(['a', 'k8s', '.'].map((name) => resolve(folder, name)));
      await writeFile(join(folder, 'a/scenario.yaml'), scenario('deny'));
      answered = watch.answered();
      watch.change(join(folder, 'a'), 'scenario.yaml');
      await answered;
      expect(terminal.printed()).to.match(/\npassed {3}a /);
      // What can't be loaded is said, and is watched too.
      await writeFile(join(folder, 'a/scenario.yaml'), 'namespaces: [');
      answered = watch.answered();
      watch.change(join(folder, 'a'), null);
      await answered;
      expect(terminal.complained()).to.contain('scenario.yaml:1');
      expect(watch.folders()).to.include(resolve(folder, 'a'));
      end();
      expect(await done).to.equal(0);
      expect(watch.folders()).to.deep.equal([]);
    }));

  it('takes notice of what it read and may read, but not of its own reports, nor of hidden files', () => {
    const matters = mattersTo(new Set(['/a/x.netpol']), new Set(['/a/report']));
    const names = ['x.netpol', 'y.netpol', 'new.yaml', 'folder', 'report', '.new.yaml', 'output.txt', 'run.json'];
    expect(names.filter((name) => matters('/a', name))).to.deep.equal(['x.netpol', 'new.yaml', 'folder']);
  });

  it('clears a terminal, and nothing else', () =>
    withFiles(files, async (folder) => {
      const { watch, terminal, start, end } = watched({ reporter: [`json=${join(folder, 'run.json')}`] }, 80);
      const answered = watch.answered();
      const done = start(folder);
      await answered;
      end();
      await done;
      expect(terminal.printed()).to.equal('\x1b[2J\x1b[3J\x1b[H');
    }));

  it('refuses standard input', async () => {
    const { terminal } = watched({});
    const { message } = await failureOf(modelWatch(['-'], { reporter: ['list'] }, terminal));
    expect(message).to.equal("--watch can't watch standard input");
  });
});
