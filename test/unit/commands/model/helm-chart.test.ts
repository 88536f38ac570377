import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { model } from '../../../../src/commands/model/model.ts';
import { runCli } from '../../../../src/commands/program.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { failureOf } from '../../failure-of.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const charts = fileURLToPath(new URL('../../../charts/', import.meta.url));
const rendered = await readFile(`${charts}shop.yaml`, 'utf8');

const stream = async function* (text: string) {
  yield new TextEncoder().encode(text);
};

/**
 * By hand from the policies. web may connect to db and cache alone, and is open to its release (the Job and the test pod
 * have its name and instance, cache has another name), but not at its metrics. db sends nothing, and takes web and
 * migrate. cache takes pods with the label that web has. What goes through a Service to its own pod is undefined (?).
 */
const EXPECTED = `
  to                              port  web   cache db    test  migrate
  prod/demo-shop                  8080  self  deny  deny  allow allow
  prod/demo-shop                  9102  self  deny  deny  deny  deny
  prod/demo-cache                 6379  allow self  deny  deny  deny
  prod/demo-shop-db               5432  allow deny  self  deny  allow
  svc:prod/demo-shop              80    ?     deny  deny  allow allow
  svc:prod/demo-cache             6379  allow ?     deny  deny  deny
  svc:prod/demo-shop-db           5432  allow deny  ?     deny  allow
  dns:prod/demo-shop-db-headless  5432  allow deny  deny  deny  allow
`;
const NAMES: Readonly<Record<string, string>> = {
  web: 'prod/demo-shop',
  cache: 'prod/demo-cache',
  db: 'prod/demo-shop-db',
  test: 'prod/demo-shop-test-connection',
  migrate: 'prod/demo-shop-migrate',
};

const expectedCells = (): readonly string[] => {
  const [head = [], ...rows] = EXPECTED.trim()
    .split('\n')
    .map((line) => line.trim().split(/ +/));
  return rows.flatMap(([to, port, ...words]) =>
    words.map((word, at) => `${NAMES[head[at + 2] ?? '']} > ${to} ${port} ${word}`),
  );
};

interface Cell {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly status: string;
  readonly model: string;
}

const wordOf = ({ status, model: said }: Cell): string => {
  if (status === 'self') return 'self';
  return status === 'open' ? '?' : said;
};

describe('a chart that helm rendered', () => {
  const before = process.cwd();
  afterEach(() => process.chdir(before));

  it('is predicted from standard input, its hooks and test pods included', async () => {
    const terminal = { ...fakeTerminal(), openStdin: () => stream(rendered) };
    expect(await model(['-'], { reporter: ['json'], namespace: 'prod' }, terminal)).to.equal(0);
    const [{ steps, notes }] = JSON.parse(terminal.printed()).scenarios;
    const cells = (steps[0].cells as Cell[]).map((cell) => `${cell.from} > ${cell.to} ${cell.port} ${wordOf(cell)}`);
    expect(cells).to.have.members(expectedCells());
    expect(notes.map(({ message }: { readonly message: string }) => message)).to.deep.equal([
      'not read: 1 ServiceAccount, 1 ConfigMap',
    ]);
  });

  it('makes a scenario, in the namespace that it is for', () =>
    inFolder({ '.git': '', 'rendered.yaml': rendered }, async (folder) => {
      process.chdir(folder);
      expect(await runCli(['init', '--from', 'rendered.yaml', '-n', 'prod'], fakeTerminal())).to.equal(0);
      const text = (await readFile('podreach/scenario.yaml', 'utf8')).replaceAll(/ +/g, ' ');
      expect(text).to.contain('from:\n - ../rendered.yaml\npolicyNamespace: prod\n');
      const row = /^ prod\/demo-shop-test-connection (.*)$/m.exec(text)?.[1] ?? '';
      const marks = expectedCells()
        .filter((cell) => cell.startsWith('prod/demo-shop-test-connection'))
        .map((cell) => (cell.endsWith('allow') ? '.' : 'X'));
      expect(row.split(' ').toSorted()).to.deep.equal(marks.toSorted());
      const terminal = fakeTerminal();
      expect(await runCli(['model', 'podreach'], terminal), terminal.printed()).to.equal(0);
    }));

  it('can be no source of a scenario on standard input, which nobody can read again', () =>
    inFolder({ '.git': '' }, async (folder) => {
      process.chdir(folder);
      const failure = await failureOf(runCli(['init', '--from', '-'], fakeTerminal()));
      expect(failure).to.be.instanceOf(PodreachError);
      expect(failure.message).to.contain('standard input');
      expect((failure as PodreachError).hint).to.contain('> rendered.yaml');
      expect(await readdir('.')).to.deep.equal(['.git']);
    }));

  it('is the output of the chart beside it', async () => {
    const sources = new Set([...rendered.matchAll(/^# Source: (.*)$/gm)].map(([, source]) => source));
    const files = await readdir(`${charts}shop`, { recursive: true });
    const templates = files.filter((file) => /(^|\/)templates\/.*\.yaml$/.test(file)).map((file) => `shop/${file}`);
    // Switched off in the values.
    const off = ['shop/templates/ingress.yaml'];
    expect([...sources, ...off]).to.have.members(templates);
  });
});
