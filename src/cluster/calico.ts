import { readFile } from 'node:fs/promises';
import { type Document, parseAllDocuments } from 'yaml';
import { cancelledBy, run } from './command.ts';
import { controlPlane } from './kind.ts';

interface Container {
  name: string;
  env?: { name: string; value?: string }[];
  readinessProbe?: { periodSeconds?: number };
}

/**
 * Calico's manifest as podreach installs it: without usage reporting, and with readiness asked for each second, because
 * the stock ten seconds are most of the time that a new cluster takes to become ready.
 */
export const adaptManifest = (text: string): object[] =>
  (parseAllDocuments(text) as Document[])
    .map(
      (document) =>
        document.toJS() as { kind?: string; spec?: { template?: { spec?: { containers?: Container[] } } } } | null,
    )
    .filter((document) => document !== null)
    .map((document) => {
      for (const container of document.spec?.template?.spec?.containers ?? []) {
        if (container.readinessProbe) container.readinessProbe.periodSeconds = 1;
        if (container.name === 'calico-node')
          container.env?.push({ name: 'FELIX_USAGEREPORTINGENABLED', value: 'false' });
      }
      return document;
    });

/** Installs Calico through the control plane's own kubectl. */
export const installCalico = async (clusterName: string, manifestFile: string, signal?: AbortSignal): Promise<void> => {
  const items = adaptManifest(await readFile(manifestFile, 'utf8'));
  await run(
    'docker',
    [
      'exec',
      '--interactive',
      controlPlane(clusterName),
      'kubectl',
      '--kubeconfig',
      '/etc/kubernetes/admin.conf',
      'apply',
      '--server-side',
      '--filename',
      '-',
    ],
    {
      purpose: 'installing Calico',
      timeout: 120_000,
      ...cancelledBy(signal),
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    },
  );
};
