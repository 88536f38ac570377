import { join } from 'node:path';
import { expect } from 'chai';
import { fullAllowance, loadScenarios } from '../../../src/scenario/index.ts';
import { withFiles } from './temporary-folder.ts';

const OBJECTS = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: prod}
spec: {containers: [{name: main, image: x, ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: outside, namespace: prod}
spec: {ports: [{port: 80}]}
`;

describe('equal manifests on both sides', () => {
  it('are read once, and each has its own place', () =>
    withFiles({ 'old/all.yaml': OBJECTS, 'new/all.yaml': OBJECTS }, async (folder) => {
      const allowance = fullAllowance();
      const notesOf = async (side: string) => {
        const [scenario] = await loadScenarios([join(folder, side)], { allowance });
        return scenario?.notes?.map(({ kind, file, line }) => [kind, file.split('/').slice(-2).join('/'), line]);
      };
      expect(await notesOf('old')).to.deep.equal([['not-tested', 'old/all.yaml', 6]]);
      expect(await notesOf('new')).to.deep.equal([['not-tested', 'new/all.yaml', 6]]);
    }));

  it('make one topology, unless policies name other namespaces', () => {
    const [pod = ''] = OBJECTS.split('---');
    const policy = (namespace: string) =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: ${namespace}}\n`;
    const files = {
      ...{ 'old/pod.yaml': pod, 'old/a.yaml': policy('prod') },
      ...{ 'new/pod.yaml': pod, 'new/a.yaml': `${policy('prod')}spec: {policyTypes: [Egress]}\n` },
      ...{ 'third/pod.yaml': pod, 'third/a.yaml': policy('dev') },
    };
    return withFiles(files, async (folder) => {
      const allowance = fullAllowance();
      const topologyOf = async (side: string) => {
        const [scenario] = await loadScenarios([join(folder, side)], { allowance });
        return scenario?.steps[0].topology;
      };
      const old = await topologyOf('old');
      expect(old?.namespaces.map(({ name }) => name)).to.deep.equal(['prod']);
      expect((await topologyOf('new')) === old).to.equal(true);
      expect((await topologyOf('third'))?.namespaces.map(({ name }) => name)).to.deep.equal(['prod', 'dev']);
    });
  });
});
