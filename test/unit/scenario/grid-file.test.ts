import { chmod, lstat, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { type ExpectedProbe, loadScenarios, type Topology, writeGrid } from '../../../src/scenario/index.ts';
import { failureOf } from '../failure-of.ts';
import { withFiles } from './temporary-folder.ts';

const head = `# about this scenario
name:   "odd"   # spaces and quotes stay
namespaces: {prod: {pods: {web: {ports: [80]}, 'api':   {}}}}

policies: []    # none
`;

const topology: Topology = {
  hosts: [],
  nodes: [],
  services: [],
  namespaces: [
    {
      name: 'prod',
      labels: {},
      pods: [
        { endpoint: 'prod/web', namespace: 'prod', name: 'web', labels: {}, ports: [{ number: 80, protocol: 'TCP' }] },
        { endpoint: 'prod/api', namespace: 'prod', name: 'api', labels: {}, ports: [] },
      ],
    },
  ],
};

/** The file as a whole. */
const step = { topology, path: [] };

const matrix: readonly ExpectedProbe[] = [
  { from: 'prod/api', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'allow' },
];

const block = `expect:
  grid: |2
              prod/web
              80/TCP
    prod/web  #
    prod/api  .
`;

/** What becomes of a scenario.yaml. */
const written = (text: string): Promise<string> =>
  withFiles({ 'scenario.yaml': text }, async (folder) => {
    const file = join(folder, 'scenario.yaml');
    await writeGrid(file, matrix, step);
    expect(await readdir(folder)).to.deep.equal(['scenario.yaml']);
    expect((await loadScenarios([file]))[0]?.steps[0]?.expected).to.deep.equal(matrix);
    return await readFile(file, 'utf8');
  });

const refused = (text: string): Promise<PodreachError> =>
  withFiles({ 'scenario.yaml': text }, async (folder) => {
    const file = join(folder, 'scenario.yaml');
    const error = await writeGrid(file, matrix, step).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(await readFile(file, 'utf8')).to.equal(text);
    expect(await readdir(folder)).to.deep.equal(['scenario.yaml']);
    if (!(error instanceof PodreachError)) throw new Error('it was not refused', { cause: error });
    return error;
  });

describe('writeGrid, of one of several steps', () => {
  const before = `steps:
  - name: before   # stays
    expect:
      grid: |2
        old
  # about the next
  - name: between
    apply: [p.yaml]
  - name: after
    expect: {default: deny}
# the end
`;
  const grid = `      grid: |2
                  prod/web
                  80/TCP
        prod/web  #
        prod/api  .
`;
  const writtenAt = (index: number): Promise<string> =>
    withFiles({ 'scenario.yaml': before }, async (folder) => {
      const file = join(folder, 'scenario.yaml');
      await writeGrid(file, matrix, { topology, path: ['steps', index] });
      return await readFile(file, 'utf8');
    });

  it('replaces the grid of that step', async () => {
    expect(await writtenAt(0)).to.equal(before.replace('      grid: |2\n        old\n', grid));
  });

  it('adds one to a step of which nothing is expected', async () => {
    const own = '    apply: [p.yaml]\n';
    expect(await writtenAt(1)).to.equal(before.replace(own, `${own}    expect:\n${grid}`));
  });

  it('refuses a step that is not there, or whose expectation is written otherwise', async () => {
    for (const index of [2, 3]) expect(await failureOf(writtenAt(index))).to.be.instanceOf(PodreachError);
  });
});

describe('writeGrid', () => {
  it('adds a grid if nothing is expected', async () => {
    expect(await written(head)).to.equal(head + block);
    expect(await written(`${head}# the end`)).to.equal(`${head}# the end\n${block}`);
  });

  it('writes the cells of hosts outside the cluster, and reads them back', () => {
    const text = `${head}hosts: {office: {address: 172.17.5.10}, lab: {address: 172.17.6.10, ports: [53/UDP]}}\n`;
    const hosts: Topology['hosts'] = [
      { endpoint: 'host:office', name: 'office', addresses: ['172.17.5.10'], ports: [] },
      { endpoint: 'host:lab', name: 'lab', addresses: ['172.17.6.10'], ports: [{ number: 53, protocol: 'UDP' }] },
    ];
    const cells: readonly ExpectedProbe[] = [
      { from: 'prod/web', to: 'host:lab', port: 53, protocol: 'UDP', expectation: 'deny' },
      ...matrix,
      { from: 'prod/api', to: 'host:lab', port: 53, protocol: 'UDP', expectation: 'allow' },
      { from: 'host:office', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'deny' },
      { from: 'host:lab', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'allow' },
    ];
    return withFiles({ 'scenario.yaml': text }, async (folder) => {
      const file = join(folder, 'scenario.yaml');
      await writeGrid(file, cells, { ...step, topology: { ...topology, hosts } });
      expect(await readFile(file, 'utf8')).to.equal(`${text}expect:
  grid: |2
                 prod/web  host:lab
                 80/TCP    53/UDP
    prod/web     #         X
    prod/api     .         .
    host:office  X         -
    host:lab     .         #
`);
      expect((await loadScenarios([file]))[0]?.steps[0]?.expected).to.deep.equal(cells);
    });
  });

  it('replaces a grid and nothing else', async () => {
    const old = `${head}expect:   # what should be
    # the table
    grid: |2 # made by -u
              prod/web
              80/TCP
      prod/web #
      prod/api X

# between
intent: it   goes   on
`;
    expect(await written(old)).to.equal(`${head}expect:   # what should be
    # the table
    grid: |2 # made by -u
                prod/web
                80/TCP
      prod/web  #
      prod/api  .

# between
intent: it   goes   on
`);
  });

  it('replaces a grid at the end of a file without a newline, and one without an indicator', async () => {
    const old = `${head}expect:\n  grid: |\n    prod/web\n    80/TCP\n    prod/api X\n    prod/web #`;
    expect(await written(old)).to.equal(head + block);
  });

  it('keeps the line ends of Windows and the byte order mark', async () => {
    const text = `\uFEFF${head}`.replaceAll('\n', '\r\n');
    expect(await written(text)).to.equal(`\uFEFF${head}${block}`.replaceAll('\n', '\r\n'));
  });

  it('changes nothing the second time', async () => {
    expect(await written(await written(head))).to.equal(head + block);
  });

  it('keeps the mode of the file, and a symbolic link as one', () =>
    withFiles({ 'real.yaml': head }, async (folder) => {
      await chmod(join(folder, 'real.yaml'), 0o640);
      await symlink('real.yaml', join(folder, 'scenario.yaml'));
      await writeGrid(join(folder, 'scenario.yaml'), matrix, step);
      expect((await lstat(join(folder, 'scenario.yaml'))).isSymbolicLink()).to.equal(true);
      expect((await stat(join(folder, 'real.yaml'))).mode & 0o777).to.equal(0o640);
      expect(await readFile(join(folder, 'real.yaml'), 'utf8')).to.equal(head + block);
    }));

  it('never overwrites rules', async () => {
    const error = await refused(`${head}expect:\n  default: deny\n`);
    expect(error.message).to.match(/scenario\.yaml: there is no place for expect\.grid$/);
    expect(error.hint).to.match(/^If expect should become a grid/);
  });

  it('refuses what has no place for a block', async () => {
    await refused(`{${head.replaceAll(/#.*/g, '').trim().replaceAll(/\n+/g, ', ')}}\n`);
    await refused(`${head}...\n`);
  });

  it('says that a file is gone', () =>
    withFiles({}, async (folder) => {
      const error = await writeGrid(join(folder, 'gone.yaml'), matrix, step).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(PodreachError);
      expect((error as PodreachError).message).to.match(
        /gone\.yaml: the grid can't be written: no such file or folder$/,
      );
    }));
});
