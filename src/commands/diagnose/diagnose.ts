import { type Attachment, attach, type Choice } from '../../attach/index.ts';
import {
  comparedPolicies,
  type Diagnosis,
  diagnosisOf,
  type Facts,
  gather,
  isKnown,
  type Known,
  kubectlWith,
  type Observed,
  observe,
  type Question,
  readQuestion,
  repeatLine,
} from '../../diagnose/index.ts';
import { throwAll } from '../../failures.ts';
import { type Client, connect, defaultKubeconfig } from '../../kube/index.ts';
import { pause } from '../../pause.ts';
import { diagnosisExitCode, diagnosisJson, diagnosisText } from '../../report/diagnose/index.ts';
import type { Ended } from '../../result-first.ts';
import { lifetimeSeconds } from '../../run/index.ts';
import { durationText } from '../../stopwatch.ts';
import { plural } from '../../text.ts';
import { type PodFlags, planLines, requireConsent, requireContext } from '../running-pods/index.ts';
import type { Terminal } from '../terminal/index.ts';
import { type AllowAllTest, allowAllLines, planAllowAll, removeEarlier, testAllowAll } from './allow-all-test.ts';
import { type DiagnosePlan, planOf } from './plan.ts';
import { requireRights } from './rights.ts';

/** The flags of `podreach diagnose`; see its --help. */
export interface DiagnoseFlags
  extends Pick<
    PodFlags,
    'context' | 'kubeconfig' | 'timeout' | 'mirror' | 'probeImage' | 'ephemeral' | 'exec' | 'yes'
  > {
  readonly want: Question['want'];
  readonly allowAllTest?: boolean;
  readonly reporter: 'terminal' | 'json';
}

/** `podreach diagnose`: why a connection of running pods is blocked, or open. Returns the exit code. */
export const diagnose = async (
  written: Parameters<typeof readQuestion>[0],
  flags: DiagnoseFlags,
  terminal: Terminal,
): Promise<number> => {
  const question = readQuestion(written, flags.want);
  const { kubeconfig = defaultKubeconfig() } = flags;
  const context = requireContext(flags.context, kubeconfig);
  const client = connect(kubeconfig, context);
  try {
    const { diagnosis, failures, probe, plan } = await diagnoseWith(
      client,
      question,
      { ...flags, kubeconfig, context },
      terminal,
    );
    const options = { kubectl: kubectlWith(plan.repeat ?? {}), probe };
    const { colour, width } = terminal;
    await terminal.print(
      flags.reporter === 'json'
        ? diagnosisJson(diagnosis, options)
        : diagnosisText(diagnosis, options, { colour, ...(width !== undefined && { width }) }),
    );
    throwAll(failures);
    return diagnosisExitCode(diagnosis.finding);
  } finally {
    client.close();
  }
};

interface Diagnosed {
  readonly diagnosis: Diagnosis;
  readonly failures: Ended<Diagnosis>['failures'];
  /** The command that repeats the probe. */
  readonly probe: string | null;
  readonly plan: DiagnosePlan;
}

type FlagsInCluster = DiagnoseFlags & Record<'kubeconfig' | 'context', string>;

const diagnoseWith = async (
  client: Client,
  question: Question,
  flags: FlagsInCluster,
  terminal: Terminal,
): Promise<Diagnosed> => {
  const { signal, progress } = terminal;
  const namespaces = namespacesOf(question);
  await removeEarlier(client, namespaces, terminal);
  const facts = await gather(client, question, signal);
  const choice: Choice = flags.exec ? 'exec' : flags.ephemeral ? 'ephemeral' : 'auto';
  const allowed = await requireRights(client, question.from.namespace, namespaces, choice, signal);
  const plan = planOf(facts, allowed, choice, flags, flags);
  const test = flags.allowAllTest ? await planAllowAll(client, facts, signal) : NOT_WANTED;
  const lines = [...planLines(plan, 0), ...(isKnown(test) ? allowAllLines(test.value) : [])];
  for (const line of lines) progress.note(line, 'important');
  await requireConsent(flags.yes ?? false, terminal);
  const container = { name: plan.container, image: plan.image, lifetimeSeconds: lifetimeSeconds(plan.probes, plan) };
  const attachment = await progress.during(`attaching to ${plural(plan.pods.length, 'pod')}`, () =>
    attach(client, plan.pods, plan.ways, container, { signal }),
  );
  try {
    const { result: diagnosis, failures } = await examine(client, { facts, attachment, plan, test }, terminal);
    const ownTool = attachment.ownTools.get(facts.source.endpoint);
    return { diagnosis, failures, plan, probe: repeatLine(facts, { ...plan.repeat, image: plan.image, ownTool }) };
  } finally {
    const left = await progress.during('detaching', attachment.detach);
    const limit = durationText(container.lifetimeSeconds * 1000);
    for (const [endpoint, state] of left)
      progress.note(
        `${endpoint}: its ephemeral container ${state}; it ends by itself ${limit} after its start`,
        'important',
      );
  }
};

const NOT_WANTED = { missing: 'you did not ask for it with --allow-all-test' } as const;

const namespacesOf = ({ from, to }: Question): readonly string[] => [
  ...new Set([from.namespace, ...(to.kind === 'host' ? [] : [to.namespace])]),
];

interface Examined {
  readonly facts: Facts;
  readonly attachment: Attachment;
  readonly plan: DiagnosePlan;
  readonly test: Known<AllowAllTest>;
}

/** A CNI that is merely late does not disagree with the specification. */
const ROUNDS = 3;
const PAUSE_MS = 1_500;

const examine = async (
  client: Client,
  { facts, attachment, plan, test }: Examined,
  terminal: Terminal,
): Promise<Ended<Diagnosis>> => {
  const { signal, progress } = terminal;
  const options = { timeoutMs: plan.timeoutMs, retries: plan.retries, unasked: plan.unasked, signal };
  const look = async (): Promise<Observed> => {
    const seen = await observe(attachment, facts, options);
    const policies = await comparedPolicies(client, facts.policies, namespacesOf(facts.question), signal);
    return { ...seen, policies, allowAll: isKnown(test) ? { missing: 'it is not blocked' } : test };
  };
  let observed = await progress.during('probing', look);
  for (let round = 1; round < ROUNDS && diagnosisOf(facts, observed).finding.kind === 'disagree'; round += 1) {
    await pause(PAUSE_MS, signal, 'the diagnosis');
    observed = await progress.during('probing again, because the model says otherwise', look);
  }
  const { finding } = diagnosisOf(facts, observed);
  const isBlocked = (finding.kind === 'blocked' || finding.kind === 'disagree') && finding.observed !== 'allowed';
  if (!isKnown(test) || !isBlocked) return { result: diagnosisOf(facts, observed), failures: [] };
  const again = async () => (await observe(attachment, facts, options)).path;
  const { result: allowAll, failures } = await testAllowAll(client, test.value, plan.container, again, terminal);
  return { result: diagnosisOf(facts, { ...observed, allowAll }), failures };
};
