import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { answers, connections, refusals } from './api-faults.ts';
import { execFaults } from './exec-faults.ts';
import { failing, interrupted, killed } from './host/build-faults.ts';
import { hostFaults } from './host/host-faults.ts';
import { liveFaults } from './live/live-faults.ts';
import { mochaFaults } from './mocha-faults.ts';
import { podFaults } from './pod-faults.ts';
import { policyFaults } from './policy-faults.ts';
import { runFaults } from './run-faults.ts';

const tested: readonly { readonly name: string; readonly exitCode: number | undefined }[] = [
  ...[...execFaults, ...podFaults, ...policyFaults, ...refusals, ...answers, ...connections],
  ...[...runFaults, ...mochaFaults, ...hostFaults, failing, interrupted, killed, ...liveFaults],
];

const DOCUMENT = new URL('../../docs/reliability.md', import.meta.url);

/** The rows of the document's tables: fault, what is seen, exit code, what remains. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:fault|---) /v.test(line))
    .map((line) => line.slice(2, -2).split(' | '));

describe('docs/reliability.md', () => {
  it('has a row for each fault that is tested, with its exit code, and no other', async () => {
    const rows = rowsOf(await readFile(DOCUMENT, 'utf8'));
    expect(rows.every((row) => row.length === 4)).to.equal(true);
    const written = rows.map(([name, , exitCode]) => `${name}: ${exitCode}`);
    expect(written.toSorted()).to.deep.equal(
      tested.map(({ name, exitCode }) => `${name}: ${exitCode ?? '–'}`).toSorted(),
    );
  });
});
