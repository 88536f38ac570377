import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { expectSound } from '../fault.ts';
import type { Outcome } from '../podreach.ts';
import { createMachine, type Machine } from './machine.ts';

/** Something that goes wrong on the machine that podreach runs on. */
export interface HostFault {
  /** As its row in docs/reliability.md. */
  readonly name: string;
  readonly exitCode: number | undefined;
  test(machine: Machine): Promise<void>;
}

export const BUILD = ['cluster', 'images', '--images', 'build'] as const;
const RUN = ['run', 'test/faults/scenarios/one', '--images', 'build'] as const;
/** With it every image counts as built, so that a run gets to its cluster at once. */
const BUILT = { STUB_HAS_IMAGES: '1' };

/** What no run may leave on a machine: half an artifact, a ledger's entry, a container. */
export const expectClean = async (machine: Machine, { files }: Pick<Outcome, 'files'>): Promise<void> => {
  expect(files.filter((file) => /unfinished|cache\/podreach\/clusters\//v.test(file))).to.deep.equal([]);
  expect(files.filter((file) => file.startsWith('tmp/'))).to.deep.equal([]);
  expect(await machine.containers()).to.deep.equal([]);
};

const expectEnd = async (machine: Machine, outcome: Outcome, exitCode: number, ...says: RegExp[]): Promise<void> => {
  expectSound(outcome, { artifacts: true });
  expect(outcome.exitCode, outcome.text).to.equal(exitCode);
  for (const words of says) expect(outcome.text).to.match(words);
  await expectClean(machine, outcome);
};

/** A PATH with the programs of the host that are meant, and no other. */
const pathWith = async (machine: Machine, ...programs: readonly string[]): Promise<string> => {
  const folder = join(dirname(machine.home), 'few');
  await mkdir(folder);
  for (const program of programs) await symlink(program, join(folder, program.replace(/^.*\//v, '')));
  return folder;
};

/** Puts a file system without room under the cache, which goes with the process; where one is not root, in a user namespace. */
const FULL_DISK = [
  ...['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])],
  ...['sh', '-c'],
  `mkdir -p "$XDG_CACHE_HOME" && mount -t tmpfs -o size=64k tmpfs "$XDG_CACHE_HOME" &&
{ head -c 64k /dev/zero >"$XDG_CACHE_HOME/ballast"; exec "$@"; }`,
  'sh',
];

const onFullDisk = (name: string, args: readonly string[], env: Readonly<Record<string, string>>): HostFault => ({
  name,
  exitCode: 2,
  test: async (machine) => {
    const outcome = await machine.run(args, { env, through: FULL_DISK });
    await expectEnd(machine, outcome, 2, /the disk is full|No space left on device/v);
  },
});

export const hostFaults: readonly HostFault[] = [
  {
    name: 'docker missing',
    exitCode: 2,
    test: async (machine) => {
      const outcome = await machine.run(RUN, { env: { PATH: await pathWith(machine, '/bin/sh') } });
      await expectEnd(machine, outcome, 2, /no Docker Engine answers: the program docker is not on this machine/v);
    },
  },
  {
    name: 'Docker Engine that does not answer',
    exitCode: 2,
    test: async (machine) => {
      const outcome = await machine.run(RUN, { env: { STUB_AT: 'docker version', STUB_FAULT: 'fail' } });
      await expectEnd(machine, outcome, 2, /no Docker Engine answers: broken on purpose/v);
    },
  },
  {
    name: 'docker that hangs',
    exitCode: 2,
    test: async (machine) => {
      const outcome = await machine.run(RUN, { env: { STUB_AT: 'docker version', STUB_FAULT: 'hang' } });
      await expectEnd(machine, outcome, 2, /no Docker Engine answers/v);
    },
  },
  {
    name: 'kind fails half way',
    exitCode: 2,
    test: async (machine) => {
      const outcome = await machine.run(RUN, { env: { ...BUILT, STUB_KIND: 'half' } });
      await expectEnd(machine, outcome, 2, /creating the cluster .*kind create exited with 1/v, /start the worker/v);
    },
  },
  {
    name: 'kind hangs, and is interrupted',
    exitCode: 130,
    test: async (machine) => {
      const outcome = await machine.run(RUN, { env: { ...BUILT, STUB_KIND: 'interrupted' } });
      await expectEnd(machine, outcome, 130, /SIGINT: cleaning up/v);
    },
  },
  {
    name: 'docker fails while Calico is installed',
    exitCode: 2,
    test: async (machine) => {
      const env = { ...BUILT, STUB_AT: 'docker exec --interactive', STUB_FAULT: 'fail' };
      const outcome = await machine.run(RUN, { env });
      await expectEnd(machine, outcome, 2, /installing Calico: docker exec exited with 1/v, /broken on purpose/v);
    },
  },
  onFullDisk('full disk under the cache, at an image build', BUILD, {}),
  onFullDisk('full disk under the cache, at a run', RUN, BUILT),
];

export const testHostFaults = (faults: readonly HostFault[]): void => {
  for (const { name, test } of faults)
    it(name, async function () {
      this.timeout(600_000);
      const machine = await createMachine();
      try {
        await test(machine);
      } finally {
        await machine.remove();
      }
    });
};
