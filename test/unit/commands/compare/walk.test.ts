import { expect } from 'chai';
import type { Planned } from '../../../../src/commands/compare/plan.ts';
import { walkerOf } from '../../../../src/commands/compare/walk.ts';
import { PodreachError } from '../../../../src/errors.ts';
import type { OwnWorld } from '../../../../src/run/index.ts';
import { probe } from '../../probe/fake-targets.ts';
import { policyOf } from '../../run/fake-stage.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const plannedWith = (cells: number): Planned => ({
  ...{ actions: [], naive: [], undecided: 0, files: [] },
  written: [{ kind: 'apply', policy: { name: 'prod/deny', after: policyOf('deny') } }],
  unchanged: { open: Array.from({ length: cells }, (_, at) => probe(`dev/p${at}`, 'prod/web')), blocked: [] },
  states: [] as never,
});

describe('the proof of an order', () => {
  it('is refused if there is more than can be watched', () => {
    expect(() => walkerOf(plannedWith(2_001), {}, fakeTerminal())).to.throw(/at most 2000, but there are 2001$/);
  });

  it('keeps the reason why it broke for the end, after the report', async () => {
    const planned = { ...plannedWith(1), states: [{ policies: [] }, {}] } as unknown as Planned;
    const walker = walkerOf(planned, { order: ['written'] }, fakeTerminal());
    const become = () => Promise.reject(new PodreachError('a node did not follow'));
    await walker.linger({ probes: [], become } as unknown as OwnWorld);
    expect(walker.failures.map(({ message }) => message)).to.deep.equal(['a node did not follow']);
    expect(walker.proofs).to.deep.equal([]);
  });
});
