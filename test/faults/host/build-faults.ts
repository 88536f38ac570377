import { expect } from 'chai';
import { expectSound } from '../fault.ts';
import type { Outcome } from '../podreach.ts';
import { BUILD, expectClean, type HostFault } from './host-faults.ts';
import type { Machine } from './machine.ts';

/** Calls that only ask, whose failure is an answer, and those of the clean-up. */
const ASKING = /^(?:go version|docker (?:version|images?|inspect|network|info|ps|rm|rmi) )/v;

/** What a step makes, by the start of its name in the cache. Docker's steps make the image, which is always forgotten. */
const made = (step: string): RegExp => {
  const component = /^go build .* in (\S+)$/v.exec(step)?.[1];
  if (component !== undefined) return new RegExp(`^${component}-`, 'v');
  if (step.startsWith('mmdebstrap')) return /^root-/v;
  return step.startsWith('go ') ? /^(?:layer|calico-manifest)-/v : /^$/v;
};

/** Has a build come to grief at each of its steps, or each nth, when all that comes before it is there. */
const atEveryStep = async (
  machine: Machine,
  fault: string,
  { nth = 1, run = machine.run }: { readonly nth?: number; readonly run?: Machine['runHere'] },
  check: (step: string, outcome: Outcome) => Promise<void>,
): Promise<void> => {
  const whole = await run(BUILD);
  expect(whole.exitCode, whole.text).to.equal(0);
  const steps = (await machine.calls()).filter((call) => !ASKING.test(call));
  expect(steps.length).to.be.greaterThan(15);
  for (const step of steps.filter((_, index) => index % nth === 0)) {
    await machine.age();
    await machine.forget(made(step));
    await check(step, await run(BUILD, { env: { STUB_AT: step, STUB_FAULT: fault } }));
  }
  const last = await run(BUILD);
  expect(last.exitCode, last.text).to.equal(0);
  await expectClean(machine, last);
};

export const failing: HostFault = {
  name: 'image build that fails, at every step',
  exitCode: 2,
  test: (machine) =>
    atEveryStep(machine, 'fail', { run: machine.runHere }, async (step, outcome) => {
      expectSound(outcome, { artifacts: true });
      expect(outcome.exitCode, `${step}\n${outcome.text}`).to.equal(2);
      expect(outcome.text, step).to.match(/(?:building|making|locating|copying) [\s\S]*broken on purpose/v);
      await expectClean(machine, outcome);
    }),
};

export const interrupted: HostFault = {
  name: 'image build interrupted, at every second step',
  exitCode: 130,
  test: (machine) =>
    atEveryStep(machine, 'INT', { nth: 2 }, async (step, outcome) => {
      expectSound(outcome, { artifacts: true });
      expect(outcome.exitCode, `${step}\n${outcome.text}`).to.equal(130);
      await expectClean(machine, outcome);
    }),
};

export const killed: HostFault = {
  name: 'image build killed, at several steps',
  exitCode: undefined,
  // What a killed build leaves goes with the next one, which waits 20 s for its lock. Between the kills the lock is made
  // old instead; the last run waits.
  test: (machine) =>
    atEveryStep(machine, 'KILL', { nth: 4 }, async (step, { exitCode, text }) => {
      expect(exitCode, `${step}\n${text}`).to.equal(undefined);
    }),
};
