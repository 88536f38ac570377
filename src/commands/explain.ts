import { PodreachError } from '../errors.ts';
import { modelOf, worldOf } from '../matrix/index.ts';
import { advise, explainProbe, type Family, type Probe } from '../model/index.ts';
import { coloursOf, explanationJson, explanationLines, wrapped } from '../report/index.ts';
import {
  type End,
  endsOf,
  familiesOfSteps,
  familyOf,
  parsePort,
  portText,
  type Step,
  sourcesOf,
} from '../scenario/index.ts';
import { listed, nearest, quoted } from '../text.ts';
import { oneScenario, stepNamed } from './one-scenario.ts';
import type { Terminal } from './terminal.ts';
import { tellNotes } from './warnings.ts';

/** The question that `podreach explain` answers, as written on the command line. */
export interface Question {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

export interface ExplainFlags {
  readonly reporter: 'terminal' | 'json';
  readonly namespace?: string;
  readonly step?: string;
  readonly family?: Family;
}

/**
 * `podreach explain`: says why policies allow or block one connection, without a cluster. Returns exit code 0
 * whatever the answer is; throws a PodreachError for a question that does not fit the scenario.
 */
export const explain = async (question: Question, flags: ExplainFlags, terminal: Terminal): Promise<number> => {
  const scenario = await oneScenario(question.path, 'explain', {
    openStdin: terminal.openStdin,
    namespace: flags.namespace,
  });
  tellNotes([scenario], terminal.progress);
  const step = stepNamed(scenario, flags.step);
  const { topology, policies } = step;
  const asked = probeOf(step, question);
  const family = flags.family ?? familyOfBoth(step, asked);
  const situation = { topology, policies, families: familiesOfSteps([step]) };
  const explanation = explainProbe(modelOf(situation, family), asked);
  const input = { world: worldOf(situation, family), policies: policies.map(({ spec }) => spec) };
  const advice = advise(input, asked);
  const about = { scenario: scenario.name, file: scenario.file, step: step.name };
  await terminal.print(
    flags.reporter === 'json'
      ? explanationJson(about, explanation, advice)
      : explanationLines(explanation, advice, { colours: coloursOf(terminal.colour) })
          .flatMap((line) => wrapped(line, terminal.width))
          .map((line) => `${line}\n`),
  );
  return 0;
};

const probeOf = ({ topology }: Step, { from, to, port }: Question): Probe => {
  requireEnd(from, sourcesOf(topology));
  const end = requireEnd(to, endsOf(topology));
  const declared = end.ports;
  const found = declared.find(({ name }) => name === port) ?? parsePort(port.toUpperCase());
  // A Service has no ports except its own; for a pod any port may be asked.
  const known = end.kind !== 'service' || declared.some((own) => found && portText(own) === portText(found));
  if (found && found.number <= 65535 && known) return { from, to, port: found.number, protocol: found.protocol };
  const own = declared.map((one) => (one.name === undefined ? portText(one) : `${one.name} (${portText(one)})`));
  throw new PodreachError(`${quoted(port)} is not a port of ${to}: write 80, 53/UDP or the name of one of its ports`, {
    hint: own.length > 0 ? `${to} has ${listed(own)}` : `${to} declares no ports`,
  });
};

/** The first family that the scenario mentions and that both ends can have. */
const familyOfBoth = (step: Step, { from, to }: Probe): Family => {
  const families = familiesOfSteps([step]);
  const hosts = step.topology.hosts.filter(({ endpoint }) => endpoint === from || endpoint === to);
  const found = families.find((family) =>
    hosts.every(({ addresses }) => addresses.some((address) => familyOf(address) === family)),
  );
  if (found) return found;
  throw new PodreachError(`${from} and ${to} have no IP family in common`);
};

const requireEnd = (name: string, ends: readonly End[]): End => {
  const found = ends.find(({ endpoint }) => endpoint === name);
  if (found) return found;
  const names = ends.map(({ endpoint }) => endpoint);
  throw new PodreachError(`the scenario has no endpoint ${quoted(name)}${nearest('endpoint', name, names)}`, {
    hint: `its endpoints are ${listed(names)}`,
  });
};
