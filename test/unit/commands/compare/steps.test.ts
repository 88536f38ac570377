import { join } from 'node:path';
import { expect } from 'chai';
import { compare } from '../../../../src/commands/compare/compare.ts';
import { type Files, withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const DENY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: prod}
spec: {podSelector: {}, policyTypes: [Ingress]}
`;

/** Closed at the start; then each step in turn opens what is closed, or closes it again. */
const scenario = (folder: string, steps: readonly ('open' | 'close')[]): Files => ({
  [`${folder}/scenario.yaml`]: [
    'namespaces: {prod: {pods: {web: {ports: [80]}, client: {}}}}',
    ...(steps.length > 0 ? ['steps:'] : []),
    ...steps.map((step) => (step === 'open' ? '  - delete: [NetworkPolicy/prod/deny]' : '  - apply: [deny.yaml]')),
    '',
  ].join('\n'),
  [`${folder}/policies/deny.yaml`]: DENY,
  [`${folder}/deny.yaml`]: DENY,
});

/** How many cells each step opens and closes. */
const changesOf = (before: readonly ('open' | 'close')[], after: readonly ('open' | 'close')[]) =>
  withFiles({ ...scenario('before', before), ...scenario('after', after) }, async (folder) => {
    const terminal = fakeTerminal();
    await compare([join(folder, 'before'), join(folder, 'after')], { reporter: ['json'] }, terminal);
    const { comparisons } = JSON.parse(terminal.printed());
    return comparisons.map(({ counts }: { counts: Record<string, number> }) => [counts.opened, counts.closed]);
  });

describe('compare, on scenarios with steps', () => {
  it('compares a step that only one side has with the last state of the other', async () => {
    expect(await changesOf(['open'], ['open', 'close'])).to.deep.equal([
      [0, 0],
      [0, 0],
      [0, 1],
    ]);
    expect(await changesOf(['open'], [])).to.deep.equal([
      [0, 0],
      [0, 1],
    ]);
  });
});
