import { copyScenario, edit } from './door.ts';

/** Copies of scenarios with hosts outside the cluster, their policies changed. */
export const changedHosts = (): Promise<readonly string[]> =>
  Promise.all([withoutException(), withLongPrefix(), withOtherLinkLocal()]);

const EXTERNAL = 'policies/allow-external-traffic.yaml';

/** Its pods have other addresses than the scenario's own, and so have the others', so that all run at the same time. */
const withoutException = async (): Promise<string> => {
  const folder = await copyScenario('allow-external-traffic');
  await edit(`${folder}/scenario.yaml`, (text) =>
    text.replace(/^name: .*$/m, 'name: without-exception').replaceAll('192.168.77.', '192.168.87.'),
  );
  await edit(`${folder}/${EXTERNAL}`, (text) => text.replace(/ +except: .*\n/, ''));
  return folder;
};

const withLongPrefix = async (): Promise<string> => {
  const folder = await copyScenario('allow-external-traffic');
  await edit(`${folder}/scenario.yaml`, (text) =>
    text.replace(/^name: .*$/m, 'name: long-prefix').replaceAll('192.168.77.', '192.168.89.'),
  );
  // It ends with 172.17.3.255.
  await edit(`${folder}/${EXTERNAL}`, (text) =>
    text.replace(/ +except: .*\n/, '').replace('172.17.0.0/16', '172.17.0.0/22'),
  );
  return folder;
};

const withOtherLinkLocal = async (): Promise<string> => {
  const folder = await copyScenario('paths/link-local');
  await edit(`${folder}/scenario.yaml`, (text) => text.replaceAll('192.168.77.', '192.168.87.'));
  await edit(`${folder}/policies/app.yaml`, (text) =>
    text.replace('169.254.0.0/16', '169.254.20.0/24').replace('169.254.20.10/32', '169.254.20.11/32'),
  );
  await edit(`${folder}/policies/agent.yaml`, (text) =>
    text.concat(`---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: other, namespace: prod}
spec:
  podSelector: {matchLabels: {app: other}}
  policyTypes: [Ingress]
  ingress: [{from: [{ipBlock: {cidr: 169.254.20.10/32}}]}]
`),
  );
  return folder;
};
