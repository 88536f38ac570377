/** Leaves a folder for each step that does not pass, before its pods and policies are gone. */
import { join } from 'node:path';
import { runInNode } from '../cluster/index.ts';
import { RUN_LABEL } from '../deploy/index.ts';
import { asPodreachError } from '../errors.ts';
import { type Client, type PodObject, pathOf, untilAborted } from '../kube/index.ts';
import type { Progress } from '../progress.ts';
import { plural, printable } from '../text.ts';
import type { RunInNode } from './agent-rules.ts';
import { type ExportLogs, writeClusterLogs } from './cluster-logs.ts';
import { createSlugs, writeEvidence } from './folder.ts';
import { type Collected, runIndex, stepIndex } from './index-text.ts';
import { type Part, partsOf } from './parts.ts';
import { findingOf, involvedBy, involvedIn, type Subject } from './subject.ts';

export interface Evidence {
  /** Never rejects, and takes seconds at most. Resolves to the folder, or to undefined if there is none. */
  collect(subject: Subject): Promise<string | undefined>;
  /** Adds the logs of the cluster, if there is a folder of a step. The last call; never rejects. */
  finish(): Promise<void>;
}

export interface EvidenceOptions {
  readonly client: Client;
  /** Each run gets a folder of its own in it. */
  readonly folder: string;
  readonly runId: string;
  readonly progress: Pick<Progress, 'note'>;
  /** When the user wants to end, nothing more is collected. */
  readonly signal: AbortSignal;
  readonly exportLogs?: ExportLogs | undefined;
  readonly now?: () => Date;
  readonly runInNode?: RunInNode;
  readonly limits?: Partial<Limits>;
}

interface Limits {
  readonly steps: number;
  readonly stepMs: number;
  /** For all steps together: a cluster that does not answer must not hold up every scenario. */
  readonly runMs: number;
  readonly exportMs: number;
}

const LIMITS: Limits = { steps: 20, stepMs: 20_000, runMs: 60_000, exportMs: 30_000 };
const INDEX = 'INDEX.txt';

export const createEvidence = (options: EvidenceOptions): Evidence => {
  const { signal, progress, exportLogs, now = () => new Date() } = options;
  const limits = { ...LIMITS, ...options.limits };
  const folder = join(options.folder, `${stampOf(now())}-${options.runId}`);
  const slugOf = createSlugs();
  const steps: { readonly folder: string; readonly title: string; readonly finding: string }[] = [];
  const notes: string[] = [];
  let begun = 0;
  let spentMs = 0;
  let failed = false;

  /** What can't be written is a remark: the verdict stands. */
  const tolerated = async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!failed && !signal.aborted)
        progress.note(`evidence could not be written to ${folder}: ${asPodreachError(error).message}`, 'important');
      failed = true;
      return undefined;
    }
  };
  const writeIndex = () => writeEvidence(folder, INDEX, runIndex(steps, notes.map(printable)));

  const collectStep = async (subject: Subject, limitMs: number): Promise<string> => {
    const title = subject.step === subject.scenario ? subject.scenario : `${subject.scenario}: ${subject.step}`;
    const slug = slugOf(title);
    const own = join(folder, slug);
    const ended = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
    const where = subject.placed
      ? { namespaces: subject.placed.namespaces, involved: involvedIn(subject) }
      : await untilAborted(findCreated(options, ended), ended, 'ended').catch(() => NOTHING);
    const sources = { client: options.client, runInNode: options.runInNode ?? runInNode, ...where };
    const parts = await Promise.all(partsOf(sources).map((part) => collectPart(part, own, ended)));
    const [finding, heading] = [printable(findingOf(subject)), printable(title)];
    await writeEvidence(own, INDEX, stepIndex(heading, finding, parts));
    steps.push({ folder: slug, title: heading, finding });
    await writeIndex();
    return own;
  };

  return {
    collect: async (subject) => {
      if (signal.aborted || failed) return undefined;
      const startMs = performance.now();
      const limitMs = Math.min(limits.stepMs, limits.runMs - spentMs);
      begun += 1;
      if (begun > limits.steps || limitMs <= 0) {
        notes.splice(
          0,
          notes.length,
          `more steps did not pass; evidence is limited to ${plural(limits.steps, 'step')} and ${limits.runMs / 1000} s`,
        );
        return undefined;
      }
      const path = await tolerated(() => collectStep(subject, limitMs));
      spentMs += performance.now() - startMs;
      return path;
    },
    finish: async () => {
      if (steps.length === 0 || signal.aborted || failed) return;
      await tolerated(async () => {
        const ended = AbortSignal.any([signal, AbortSignal.timeout(limits.exportMs)]);
        notes.push(await writeClusterLogs(join(folder, 'cluster-logs'), exportLogs, ended));
        await writeIndex();
      });
      if (!failed) progress.note(`evidence of what did not pass: ${folder}`, 'important');
    },
  };
};

/** `20261127-010203`, which sorts by time. */
const stampOf = (date: Date): string =>
  date
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .replace('T', '-');

const NOTHING = { namespaces: [], involved: { pods: [], nodes: [] } };

/** If pods did not come up: everything that the run created. */
const findCreated = async ({ client, runId }: EvidenceOptions, signal: AbortSignal) => {
  const found = await client.list(pathOf('Namespace'), { labelSelector: `${RUN_LABEL}=${runId}`, signal });
  const namespaces = found.map(({ metadata }) => metadata.name);
  const pods = await Promise.all(
    namespaces.map((namespace) => client.list(pathOf('Pod', { namespace }), { signal }) as Promise<PodObject[]>),
  );
  return { namespaces, involved: involvedBy(pods.flat()) };
};

/** Writes the part, or says why not. Rejects only if it can't be written. */
const collectPart = async ({ file, what, collect }: Part, folder: string, signal: AbortSignal): Promise<Collected> => {
  const lines = await untilAborted(collect(signal), signal, 'ended').catch((error: unknown) => reasonOf(error, signal));
  if (typeof lines === 'string') return { file, what, missing: lines };
  await writeEvidence(folder, file, lines);
  return { file, what };
};

const reasonOf = (error: unknown, signal: AbortSignal): string =>
  signal.aborted ? endOf(signal) : printable(asPodreachError(error).message.split('\n')[0] ?? '');

const endOf = ({ reason }: AbortSignal): string =>
  Object(reason).name === 'TimeoutError' ? 'it took too long' : 'the run was interrupted';
