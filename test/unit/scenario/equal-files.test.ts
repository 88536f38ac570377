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
});
