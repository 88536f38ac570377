/** A scenario as files: what `podreach run` and `podreach model` take. */
import { predictEach } from '../../matrix/index.ts';
import { type Mismatch, type Subject, worldIn } from '../../minimize/index.ts';
import { familiesOfSteps, portText, scenarioText } from '../../scenario/index.ts';
import { manifestYaml } from '../../yaml-library.ts';

/** The files by their paths. */
export const scenarioFiles = (subject: Subject, mismatch: Mismatch, intent: string): ReadonlyMap<string, string> => {
  const policies = subject.policies.map(
    ({ namespace, name, manifest }) => [`policies/${namespace}-${name}.yaml`, manifestYaml(manifest)] as const,
  );
  const head = {
    intent,
    ...(policies.length === 0 && { policies: [] as const }),
    expect: expectationOf(subject, mismatch),
  };
  return new Map([['scenario.yaml', scenarioText(head, subject.topology)], ...policies]);
};

/** What is wrong is the only cell that fails: the others are expected to be as the policies say. */
const expectationOf = (subject: Subject, mismatch: Mismatch): unknown => {
  const world = worldIn(subject);
  if (mismatch.kind === 'cni' || mismatch.expected === null || !world) return 'model';
  const { expected, cell } = mismatch;
  const situation = { ...world, families: familiesOfSteps([{ topology: world.topology, expected: null }]) };
  const ruleFor = (wanted: string, { from, to, port, protocol, family }: typeof cell): object => ({
    [wanted]: { from, to, port: portText({ number: port, protocol }), ...(family && { family }) },
  });
  const isDenied = expected !== 'allow';
  const others = [...predictEach(situation)].flatMap(({ decision, ...probe }) => {
    const isAsked =
      probe.from === cell.from && probe.to === cell.to && probe.port === cell.port && probe.protocol === cell.protocol;
    const isAsExpected = (decision === 'deny') === isDenied;
    return isAsked || probe.from === probe.to || isAsExpected || decision === 'unknown'
      ? []
      : [ruleFor(decision, probe)];
  });
  return { default: expected, ...(others.length > 0 && { rules: others }) };
};
