import { hasLabels } from '../model/index.ts';
import type { SourceDocument } from './document.ts';
import type { Problem } from './problem.ts';
import type { Service, Topology } from './scenario.ts';
import { addTo, createdBy } from './step-creation.ts';
import { relabelled } from './step-labels.ts';
import { removeFrom } from './step-removal.ts';
import type { WrittenStep } from './step-schema.ts';
import type { TellStep } from './step-things.ts';
import { backendNamespace, podsOf } from './topology.ts';

/** The topology after `remove`, `create` and `label` of a step, in this order; what can't be goes to `problems`. */
export const changeTopology = (
  document: SourceDocument,
  written: Pick<WrittenStep, 'remove' | 'create' | 'label'>,
  before: Topology,
  problems: Problem[],
): Topology => {
  const tell: TellStep = (path, message) => void problems.push(document.problemAt(path, message));
  const kept = removeFrom(before, written.remove ?? [], tell);
  const created = written.create ? createdBy(document, problems) : [];
  const both = addTo(kept, created, before, document, problems);
  const after = relabelled(both, written.label ?? {}, tell);
  for (const { namespace, name } of before.services.filter((one) => backendsOf(one, before) !== backendsOf(one, after)))
    tell([], `this step changes the pods behind the Service ${namespace}/${name}, which no step can do yet`);
  return after;
};

/** kube-proxy learns of new backends in its own time, and nothing says yet when it has. */
const backendsOf = (service: Service, topology: Topology): string =>
  podsOf(topology)
    .filter(({ namespace, labels }) => namespace === backendNamespace(service) && hasLabels(labels, service.selector))
    .map(({ endpoint }) => endpoint)
    .join(' ');
