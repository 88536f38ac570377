import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { podreach, removeCopies, temporaryFolder } from './door.ts';

/** Ten policies select pods by their standard labels now, with two mistakes on the way. */
const FOLDER = 'test/e2e/shop';

interface Group {
  readonly change: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly cells: number;
  readonly live: unknown;
  readonly causes: readonly { readonly place: object; readonly now?: object }[];
}

interface State {
  readonly name: string;
  readonly status: string;
  readonly cells: readonly { readonly status: string }[];
  readonly recording?: {
    readonly cells: readonly { readonly direction: string; readonly enforcedMs: number | null }[];
  };
}

describe('a change of ten policies over twelve applications', () => {
  after(removeCopies);

  it('has two mistakes, which are named by their place and proven live', async () => {
    const file = join(await temporaryFolder(), 'compare.json');
    const { exitCode, all } = await podreach(
      ...['compare', '--live', '--keep', '--forbid', 'opened,closed', '--enforce-within', '20000'],
      ...['--reporter', `terminal,json=${file}`, `${FOLDER}/before`, `${FOLDER}/after`, '--with', `${FOLDER}/apps`],
    );
    expect(exitCode, all).to.equal(1);
    const [comparison] = JSON.parse(await readFile(file, 'utf8')).comparisons;
    expect(comparison.policies).to.have.length(10);
    const of = (change: string) => comparison.groups.filter((one: Group) => one.change === change) as readonly Group[];
    // Two peers, where a namespaceSelector and a podSelector were one.
    const [open, ...moreOpen] = of('opened');
    expect(moreOpen).to.deep.equal([]);
    expect(open).to.deep.include({ to: ['data/orders-db'], cells: 7, live: { alike: 7, otherwise: 0 } });
    expect(open?.from).to.have.members(
      ['cart', 'catalog', 'checkout', 'email', 'payments', 'shipping', 'web'].map((name) => `shop/${name}`),
    );
    expect(open?.causes.map(({ place }) => place)).to.deep.equal([
      { file: `${FOLDER}/after/orders-db.yaml`, line: 12, column: 7 },
    ]);
    // A label without its first e.
    const closed = of('closed');
    expect(closed.map(({ from, to, live }) => ({ from, to, live }))).to.deep.equal([
      { from: ['shop/checkout'], to: ['shop/payments'], live: { alike: 1, otherwise: 0 } },
    ]);
    expect(closed[0]?.causes.map(({ place, now }) => [place, now])).to.deep.equal([
      ['before', 'after'].map((side) => ({ file: `${FOLDER}/${side}/payments.yaml`, line: 12, column: 7 })),
    ]);
    const { status, steps }: { readonly status: string; readonly steps: readonly State[] } = comparison.live;
    expect(status, all).to.equal('pass');
    expect(
      steps.map((step) => [step.name, step.status, step.cells.filter((cell) => cell.status === 'match').length]),
    ).to.deep.equal([
      ['before', 'pass', 132],
      ['after', 'pass', 132],
    ]);
    const recorded = steps[1]?.recording?.cells ?? [];
    expect(recorded.filter(({ direction }) => direction !== 'steady')).to.have.length(8);
    expect(all).to.contain(
      'passed: both states are as predicted live\nfailed: 8 cells opened or closed, which is forbidden',
    );
  });
});

const POLICY = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n';
const SHOP = `name: rollout-order
namespaces:
  shop:
    pods:
      web: {labels: {app: web}, ports: [80]}
      db: {labels: {app: db}, ports: [5432]}
      client: {labels: {app: client}}
expect: model
`;
const DB = `${POLICY}metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}
`;
const DENY_AND_ALLOW = `${DB}---
${POLICY}metadata: {name: deny-all, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
${POLICY}metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 80}]}]}
`;

// Both runs at once, because they wait most of the time.
describe('a deny that lands before its allow', () => {
  let folder = '';
  let compared: Awaited<ReturnType<typeof podreach>>;
  let mutated: Awaited<ReturnType<typeof podreach>>;

  before(async () => {
    folder = await temporaryFolder();
    const write = async (side: string, policies: string) => {
      await mkdir(join(folder, side, 'policies'), { recursive: true });
      await writeFile(join(folder, side, 'scenario.yaml'), SHOP);
      await writeFile(join(folder, side, 'policies', 'all.yaml'), policies);
      return join(folder, side);
    };
    const [was, is] = [await write('before', DB), await write('after', DENY_AND_ALLOW)];
    [compared, mutated] = await Promise.all([
      podreach(
        ...['compare', '--live', '--keep', '--plan', join(folder, 'plan'), '--order', 'planned,written'],
        ...['--reporter', `terminal,json=${join(folder, 'rollout.json')}`, was, is],
      ),
      podreach('mutate', '--live', '2', '--keep', is),
    ]);
  });
  after(removeCopies);

  it('cuts what stays allowed as written, and nothing in the planned order', async () => {
    const { exitCode, all } = compared;
    expect(exitCode, all).to.equal(1);
    const { comparisons, rollout } = JSON.parse(await readFile(join(folder, 'rollout.json'), 'utf8'));
    expect(comparisons[0].live.status, all).to.equal('pass');
    const [planned, written] = rollout.live;
    expect(planned, all).to.deep.include({ order: 'planned', cells: 4, byMatrix: 0, unseen: 0, violations: [] });
    expect(written, all).to.deep.include({ order: 'written', cells: 4, unseen: 0 });
    // Nobody may reach db, before and after; both others reach web on the way only if the allow is there first.
    const cut = written.violations.map(({ probe, what, after: change }: Violation) => [probe.from, what, change]);
    expect(cut, all).to.have.deep.members([
      ['shop/client', 'cut', 1],
      ['shop/db', 'cut', 1],
    ]);
    expect(all).to.contain('passed: live, in the planned order, 4 cells that must not change never did');
  });

  it('has mutants that come out live as they are predicted', () => {
    expect(mutated.all)
      .to.contain('live, 2 of 2 mutants as predicted')
      .and.to.match(/^ {2}killed /m);
  });
});

interface Violation {
  readonly probe: { readonly from: string };
  readonly what: string;
  readonly after: number;
}
