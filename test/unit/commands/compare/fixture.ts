import { join } from 'node:path';
import { type CompareFlags, compare } from '../../../../src/commands/compare/compare.ts';
import { shownPath } from '../../../../src/scenario/problem.ts';
import { failureOf } from '../../failure-of.ts';
import { type Files, withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

export const pod = (name: string, label: string, ports = '[{containerPort: 80}]') => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: prod, labels: {app: ${label}}}
spec: {containers: [{name: main, image: x, ports: ${ports}}]}
`;

export const pods = [pod('web', 'web'), pod('api', 'api'), pod('client', 'client', '[]')].join('');

export const deny = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: prod}
spec:
  podSelector: {}
  policyTypes: [Ingress]
`;

export const toWeb = (from: string, more = '') => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: prod}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
    - from: [{${from}}]${more}
`;

export const podsLike = (label: string): string => `podSelector: {matchLabels: {app: ${label}}}`;

/** What the command prints of these files, with paths as they are written here, and its exit code. */
export const answer = (files: Files, flags: Partial<CompareFlags> = {}, operands = ['before', 'after']) =>
  withFiles(files, async (folder) => {
    const terminal = fakeTerminal();
    const inside = (path: string): string => (path === '-' ? path : join(folder, path));
    const { wanted, with: shared } = flags;
    const code = await compare(
      operands.map(inside),
      {
        reporter: ['terminal'],
        ...flags,
        ...(wanted !== undefined && { wanted: inside(wanted) }),
        ...(shared && { with: shared.map(inside) }),
      },
      terminal,
    );
    const here = (text: string): string => text.replaceAll(`${shownPath(folder)}/`, '').replaceAll(`${folder}/`, '');
    return { code, text: here(terminal.printed()), notes: terminal.notes.map(here) };
  });

export const refusal = async (files: Files, flags: Partial<CompareFlags> = {}, operands?: string[]) =>
  (await failureOf(answer(files, flags, operands))).message;

export const both = (before: string, after: string): Files => ({
  'before/pods.yaml': pods,
  'after/pods.yaml': pods,
  'before/policies.yaml': before,
  'after/policies.yaml': after,
});
