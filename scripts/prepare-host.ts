import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { PodreachError } from '../src/errors.ts';
import type { HostFacts } from '../src/host/checks/facts.ts';
import { type Action, plan } from '../src/host/checks/preflight.ts';
import { gatherFacts } from '../src/host/checks/survey.ts';
import { run } from '../src/host/command.ts';
import { exclusively } from '../src/host/locks.ts';
import { type Progress, progressLines } from '../src/progress.ts';
import { engineAnswers, startDockerd } from './host/engine.ts';
import { installPackages } from './host/packages.ts';

// Every other argument is for the run that follows and checked there, and so is an unknown value of --images.
const { values } = parseArgs({ options: { images: { type: 'string' } }, strict: false });
const images = values.images === 'registry' || values.images === 'build' ? values.images : 'auto';

const wrapperSource = join(import.meta.dirname, 'host/runc-clamped');

/** Replaced atomically, because an Engine may be calling the old one at this moment. */
const writeWrapper = async (path: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}`;
  await copyFile(wrapperSource, fresh);
  await rename(fresh, path);
};

/** A container may be forbidden to set a limit and still work; the cluster will show. */
const raiseLimit = async (limit: string, value: number, progress: Progress): Promise<void> => {
  const path = `/proc/sys/fs/inotify/${limit}`;
  await writeFile(path, `${value}\n`).catch(() =>
    progress.note(`${path} can't be written here; continuing without it`),
  );
};

const startService = async (service: string): Promise<void> => {
  await run('systemctl', ['start', service], { purpose: `starting ${service}` });
  if (!(await engineAnswers(60_000))) {
    throw new PodreachError(`${service} was started, but the Docker Engine does not answer after 60 s`, {
      hint: `journalctl -u ${service} shows why`,
    });
  }
};

type Deed = Exclude<Action, { kind: 'ask' | 'advise' }>;

/** The name of a deed, for people. */
const nameOf = (deed: Deed): string => {
  switch (deed.kind) {
    case 'install':
      return `installing ${deed.packages.join(' ')}`;
    case 'write-wrapper':
      return `writing ${deed.path}`;
    case 'remove-file':
      return `removing ${deed.path}`;
    case 'start-service':
      return `starting the service ${deed.service}`;
    case 'start-dockerd':
      return 'starting dockerd';
    case 'raise-limit':
      return `raising fs.inotify.${deed.limit} to ${deed.value}`;
  }
};

/** Deeds that take a while report when they have ended. */
const carryOut = async (deed: Deed, facts: HostFacts, progress: Progress): Promise<void> => {
  progress.note(`${nameOf(deed)}, because ${deed.why}`);
  switch (deed.kind) {
    case 'install':
      return progress.during(nameOf(deed), () => installPackages(deed.packages, facts));
    case 'write-wrapper':
      return writeWrapper(deed.path);
    case 'remove-file':
      return rm(deed.path, { force: true });
    case 'start-service':
      return progress.during(nameOf(deed), () => startService(deed.service));
    case 'start-dockerd':
      return progress.during(nameOf(deed), () => startDockerd(deed.args));
    case 'raise-limit':
      return raiseLimit(deed.limit, deed.value, progress);
  }
};

/** Waits for an Engine that is just starting instead of asking the user about it. */
const settledFacts = async (): Promise<HostFacts> => {
  const facts = await gatherFacts(images);
  if (facts.engine.state !== 'silent' || !facts.engine.daemon) return facts;
  await engineAnswers(30_000);
  return gatherFacts(images);
};

/** Looks again after each round: a newly installed Engine may lack something that was not visible before. */
const prepare = async (progress: Progress, done: ReadonlySet<string> = new Set()): Promise<void> => {
  const facts = await settledFacts();
  const actions = plan(facts);
  const questions = actions.filter((action) => action.kind === 'ask');
  if (questions.length > 0) {
    const lines = questions.map(({ why, cure }) => `  - ${why}: ${cure}`);
    throw new PodreachError(`this machine is not ready for podreach:\n${lines.join('\n')}`);
  }
  const deeds = actions.flatMap((action) => (action.kind === 'ask' || action.kind === 'advise' ? [] : [action]));
  const vain = deeds.find((deed) => deed.kind !== 'raise-limit' && done.has(nameOf(deed)));
  if (vain) throw new PodreachError(`${nameOf(vain)} succeeded but changed nothing: ${vain.why}`);
  const fresh = deeds.filter((deed) => !done.has(nameOf(deed)));
  for (const deed of fresh) await carryOut(deed, facts, progress);
  if (fresh.some(({ kind }) => kind !== 'raise-limit')) {
    return prepare(progress, new Set([...done, ...fresh.map(nameOf)]));
  }
  for (const action of actions) if (action.kind === 'advise') progress.note(`${action.why}: ${action.cure}`);
};

try {
  const progress = progressLines((line) => process.stderr.write(`${line}\n`));
  await exclusively('host', progress, () => prepare(progress));
} catch (error) {
  if (!(error instanceof PodreachError)) throw error;
  process.stderr.write(`podreach: ${error.message}\n${error.hint ? `${error.hint}\n` : ''}`);
  process.exitCode = 2;
}
