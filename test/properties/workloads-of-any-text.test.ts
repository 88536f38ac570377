import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { PodreachError } from '../../src/errors.ts';
import { loadScenarios } from '../../src/scenario/index.ts';
import { anyText } from '../unit/any-text.ts';
import { withFiles, writeFiles } from '../unit/scenario/temporary-folder.ts';
import { namespace, pod, service, serving, workload } from '../unit/scenario/workloads/objects-fixture.ts';

const app = [
  namespace('shop', '{team: a}'),
  workload('Deployment', 'web', {
    namespace: 'shop',
    labels: '{app: web}',
    containers: serving('[{containerPort: 80, name: http}]'),
    pod: 'initContainers: [{name: s, restartPolicy: Always}], hostNetwork: false',
    metadata: 'ownerReferences: [{kind: X, name: x, controller: true}]',
  }),
  workload('StatefulSet', 'db').replace('{template', '{ordinals: {start: 1}, template'),
  workload('CronJob', 'web', { namespace: 'shop' }),
  pod('one', { labels: '{app: web}' }, '{phase: Running}'),
  service(
    'web',
    '{type: NodePort, clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: http}]}',
    'shop',
  ),
  '---\napiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {}}]\n',
].join('');

const bits = [
  ...['{', '}', '[', ']', ':', ': ', '- ', '*i', '&i ', '"', '#', '!', '\t', '\n', '\n---\n', '\0', 'null', '[]', '{}'],
  ...['__proto__', 'constructor', '~', '1e999', '-1', '0', '65536', 'on', "''", 'Pod', 'Service', 'Namespace', 'None'],
];
const scrap = fc.oneof(fc.constantFrom(...bits), anyText({ maxLength: 4 }), fc.constant(''));
const change = fc.record({ at: fc.nat(), length: fc.nat({ max: 12 }), scrap });
const mutated = fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) =>
  changes.reduce((now, { at, length, scrap: bit }) => {
    const start = at % (now.length + 1);
    return now.slice(0, start) + bit + now.slice(start + length);
  }, app),
);

describe('any text as manifests', () => {
  it('ends in a scenario or in a PodreachError whose every line has a place', () =>
    withFiles({}, (folder) =>
      fc.assert(
        fc.asyncProperty(mutated, async (text) => {
          await writeFiles(folder, { 'k8s/app.yaml': text });
          try {
            expect(await loadScenarios([join(folder, 'k8s')])).to.have.length(1);
          } catch (error) {
            if (!(error instanceof PodreachError)) throw error;
            for (const line of error.message.split('\n'))
              expect(line).to.match(/^\S*k8s(?:: no scenario and no |\S*:[1-9]\d*:[1-9]\d*: )\S/);
          }
        }),
        { numRuns: 30 },
      ),
    )).timeout(60_000);
});
