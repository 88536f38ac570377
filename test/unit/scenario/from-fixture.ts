import { type Note, podsOf, type Scenario } from '../../../src/scenario/index.ts';
import { type Files, load } from './temporary-folder.ts';
import { namespace, service, serving, workload } from './workloads/objects-fixture.ts';

export const web = workload('Deployment', 'web', {
  namespace: 'shop',
  labels: '{app: web}',
  containers: serving('[{containerPort: 80, name: http}]'),
});
export const app: Files = {
  'k8s/app.yaml': `${namespace('shop', '{team: a}')}${web}${service('web', '{selector: {app: web}, ports: [{port: 80}]}', 'shop')}`,
};

/** The scenario in `s/`, beside manifests. */
export const loadOne = async (scenario: string, files: Files = app): Promise<Scenario> => {
  const [found] = await load({ '.git/HEAD': '', ...files, 's/scenario.yaml': scenario }, 's');
  if (!found) throw new Error('no scenario');
  return found;
};
export const topologyOf = async (scenario: string, files?: Files) => (await loadOne(scenario, files)).steps[0].topology;
export const endpoints = async (scenario: string, files?: Files) =>
  podsOf(await topologyOf(scenario, files)).map(({ endpoint }) => endpoint);
export const kinds = ({ notes = [] }: { readonly notes?: readonly Note[] }) => notes.map(({ kind }) => kind);
export const FROM = 'from: [../k8s/**]\n';
