import { type Advised, adviseFor, type Wanted, wantedOf } from '../../../src/advise/index.ts';
import type { Step } from '../../../src/scenario/index.ts';
import { load } from '../scenario/temporary-folder.ts';

export const stepOf = async (text: string): Promise<Step> => {
  const [scenario] = await load({ 'scenario.yaml': `${text}\npolicies: []\n` });
  return scenario?.steps[0] as Step;
};

export const advised = async (text: string, options = {}): Promise<Advised> =>
  adviseFor(wantedOf(await stepOf(text)) as Wanted, options);

export const names = ({ policies }: Advised): readonly string[] =>
  policies.map(({ namespace, name }) => `${namespace}/${name}`);

/** The spec of a policy, as any. */
export const specOf = ({ policies }: Advised, wanted: string) =>
  policies.find(({ namespace, name }) => `${namespace}/${name}` === wanted)?.spec as {
    readonly podSelector: object;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly { readonly from?: readonly object[]; readonly ports: readonly object[] }[];
    readonly egress?: readonly { readonly to?: readonly object[]; readonly ports: readonly object[] }[];
  };

export const tcp = (...ports: readonly number[]) => ports.map((port) => ({ protocol: 'TCP', port }));
export const app = (name: string) => ({ matchLabels: { app: name } });
export const inNamespace = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

export const SHOP = `namespaces:
  shop:
    pods:
      web: {labels: {app: web}, ports: [80]}
      api: {labels: {app: api}, ports: [8080, 9090]}
      db: {labels: {app: db}, ports: [5432]}
  monitoring: {pods: {prometheus: {labels: {app: prometheus}}}}
`;
