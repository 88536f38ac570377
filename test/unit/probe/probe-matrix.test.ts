import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { probeMatrix } from '../../../src/probe/index.ts';
import { failureOf } from '../failure-of.ts';
import { ownCacheHome } from '../host/cache-home.ts';
import {
  type Behaviour,
  endpoint,
  fakeTargets,
  NO_SCTP,
  OPEN,
  probe,
  REFUSED,
  type Tamper,
  TIMED_OUT,
} from './fake-targets.ts';

const PODS = ['prod/web', 'prod/api', 'dev/client'].map((name, index) =>
  endpoint(name, index, [{ number: 80, protocol: 'TCP' }]),
);
const WEB = '10.0.0.1';
const toWeb = (asked: { host: string }): boolean => asked.host === WEB;
const targets = (behave: Behaviour = () => OPEN, tamper?: Tamper) => fakeTargets(PODS, behave, tamper);
const MATRIX = PODS.flatMap((from) => PODS.map((to) => probe(from.endpoint, to.endpoint)));
const verdicts = (observations: readonly { verdict: string }[]) => observations.map(({ verdict }) => verdict);

describe('probeMatrix', () => {
  ownCacheHome();

  it('observes every probe, own cells too, in the given order, with one exec per source', async () => {
    const all = targets((asked, from) => (toWeb(asked) && from === 'dev/client' ? TIMED_OUT : OPEN));
    const observations = await probeMatrix(all, MATRIX);
    expect(observations.map(({ from, to }) => `${from} ${to}`)).to.deep.equal(
      MATRIX.map(({ from, to }) => `${from} ${to}`),
    );
    expect(verdicts(observations)).to.deep.equal([...Array(6).fill('allowed'), 'dropped', 'allowed', 'allowed']);
    expect(all.execs.sort()).to.deep.equal(['dev/client', 'prod/api', 'prod/web']);
    expect(observations[6]).to.deep.equal({
      from: 'dev/client',
      to: 'prod/web',
      port: 80,
      protocol: 'TCP',
      verdict: 'dropped',
      flaky: false,
      attempts: 1,
      detail: 'nc: no answer after 2000 ms; wget: no answer after 2000 ms',
    });
  });

  it('reports UDP by the name that a server gives, and SCTP by its connection', async () => {
    const [sctp, udp] = await probeMatrix(targets(), [
      probe('prod/api', 'prod/web', 9000, 'SCTP'),
      probe('prod/web', 'prod/api', 53, 'UDP'),
    ]);
    expect(sctp).to.include({ verdict: 'allowed', attempts: 1, detail: 'connect: connected after 10 ms' });
    expect(udp).to.include({ verdict: 'allowed', attempts: 1, detail: 'nc -u: answered after 10 ms' });
  });

  it('reports SCTP as unsupported after one attempt, in the same words for every cell', async () => {
    const all = targets(({ tool }, from) => (tool === 'sctp' ? { ...NO_SCTP, ms: from.length } : OPEN));
    const cells = PODS.map((from) => probe(from.endpoint, 'prod/web', 9000, 'SCTP'));
    const observations = await probeMatrix(all, [...cells, probe('prod/api', 'prod/web')], { retries: 2 });
    expect(verdicts(observations)).to.deep.equal([...Array(3).fill('unsupported'), 'allowed']);
    for (const observation of observations.slice(0, 3))
      expect(observation).to.include({ attempts: 1, flaky: false, detail: "this kernel can't open SCTP sockets" });
  });

  it('tries errors again, and nothing else', async () => {
    const asked: string[] = [];
    const all = targets((trial, from, attempt) => {
      asked.push(`${attempt} ${from} ${trial.host}`);
      if (attempt === 1 && trial.host === '10.0.0.2') return { code: 127, output: 'nc: not found' };
      return toWeb(trial) ? TIMED_OUT : OPEN;
    });
    const observations = await probeMatrix(all, [probe('dev/client', 'prod/web'), probe('dev/client', 'prod/api')]);
    expect(observations[0]).to.include({ verdict: 'dropped', attempts: 1, flaky: false });
    expect(observations[1]).to.include({ verdict: 'allowed', attempts: 2, flaky: false });
    expect(asked.filter((one) => one.startsWith('2'))).to.deep.equal(Array(2).fill('2 dev/client 10.0.0.2'));
  });

  it('is flaky when what a tool saw changed between attempts', async () => {
    const all = targets((asked, _from, attempt) => (attempt === 1 && asked.tool === 'wget' ? TIMED_OUT : OPEN));
    const [cell] = await probeMatrix(all, [probe('dev/client', 'prod/web')]);
    expect(cell).to.include({ verdict: 'allowed', flaky: true, attempts: 2 });
  });

  it('asks a cell that changed again until the retries are used up, and nothing that stayed as it was', async () => {
    const asked: number[] = [];
    const all = targets((trial, _from, attempt) => {
      if (!toWeb(trial)) return OPEN;
      if (trial.tool === 'wget') asked.push(attempt);
      return attempt === 1 && trial.tool === 'wget' ? TIMED_OUT : OPEN;
    });
    const cells = [probe('dev/client', 'prod/web'), probe('dev/client', 'prod/api')];
    const observations = await probeMatrix(all, cells, { retries: 3 });
    expect(observations[0]).to.include({ verdict: 'allowed', flaky: true, attempts: 4 });
    expect(observations[1]).to.include({ verdict: 'allowed', flaky: false, attempts: 1 });
    expect(asked).to.deep.equal([1, 2, 3, 4]);
  });

  it('stays an error while the tools disagree', async () => {
    const all = targets((asked) => (asked.tool === 'wget' ? TIMED_OUT : OPEN));
    const [cell] = await probeMatrix(all, [probe('dev/client', 'prod/web')], { retries: 2 });
    expect(cell).to.include({ verdict: 'error', flaky: false, attempts: 3 });
    expect(cell?.detail).to.contain('the tools disagree: nc: connected after 10 ms; wget: no answer');
  });

  it('makes an answer of another pod an error', async () => {
    const all = targets((asked) => (asked.tool === 'wget' ? { code: 0, output: 'prod-x7k2a/api:80' } : OPEN));
    const [cell] = await probeMatrix(all, [probe('dev/client', 'prod/web')]);
    expect(cell?.verdict).to.equal('error');
    expect(cell?.detail).to.contain('a wrong endpoint answered "prod-x7k2a/api:80"');
  });

  it('makes exactly the cells without a sound line errors when a batch is cut', async () => {
    const cut: Tamper = (stdout, from) =>
      from === 'dev/client' ? `${stdout.split('\n').slice(0, 3).join('\n')}\n` : stdout;
    const observations = await probeMatrix(targets(undefined, cut), MATRIX, { retries: 0 });
    expect(verdicts(observations)).to.deep.equal([...Array(7).fill('allowed'), 'error', 'error']);
    expect(observations[8]?.detail).to.contain('broke off before the end');
  });

  it('never takes an exec that failed, or said nothing, for blocked', async () => {
    const secret = new Error('private key inside');
    const tampers: readonly Tamper[] = [
      () => Promise.reject(new PodreachError('exec in prod/web gave no answer within 100 ms')),
      () => Promise.reject(secret),
      () => '',
      () => ({ stdout: '', stderr: 'sh: not found\u001b', exitCode: 127 }),
    ];
    const details: (string | undefined)[] = [];
    for (const tamper of tampers) {
      const [cell] = await probeMatrix(targets(undefined, tamper), [probe('prod/web', 'prod/api')], { retries: 0 });
      expect(cell?.verdict).to.equal('error');
      details.push(cell?.detail);
    }
    expect(details[0]).to.contain('exec in prod/web gave no answer within 100 ms');
    expect(details[1]).not.to.contain('private');
    expect(details[3]).to.contain('exit code 127, sh: not found\\x1b');
  });

  it('makes every cell from and to a pod that did not live through it an error, and no other', async () => {
    const lost = new Map([['prod/api', 'another pod has taken its place']]);
    const drops = fakeTargets(
      PODS,
      (asked, from) => {
        if (asked.tool === 'sctp') return NO_SCTP;
        return toWeb(asked) && from !== 'prod/web' ? TIMED_OUT : OPEN;
      },
      undefined,
      lost,
    );
    const observations = await probeMatrix(drops, [...MATRIX, probe('dev/client', 'prod/api', 9000, 'SCTP')]);
    expect(observations.map(({ from, to, verdict }) => `${from} ${to} ${verdict}`)).to.deep.equal([
      'prod/web prod/web allowed',
      'prod/web prod/api error',
      'prod/web dev/client allowed',
      'prod/api prod/web error',
      'prod/api prod/api error',
      'prod/api dev/client error',
      'dev/client prod/web dropped',
      'dev/client prod/api error',
      'dev/client dev/client allowed',
      'dev/client prod/api unsupported',
    ]);
    expect(observations[3]).to.include({
      flaky: false,
      attempts: 1,
      detail: 'prod/api broke: another pod has taken its place',
    });
    expect(observations[6]?.detail).to.contain('no answer');
  });

  it('takes a server that does not even answer its own pod for broken, and its silence for no verdict', async () => {
    const dead = targets((asked) => (toWeb(asked) ? REFUSED : OPEN));
    const observations = await probeMatrix(dead, MATRIX);
    const toDead = observations.filter(({ from, to }) => to === 'prod/web' && from !== to);
    expect(verdicts(toDead)).to.deep.equal(['error', 'error']);
    expect(toDead[0]?.detail).to.contain('prod/web does not even answer itself there');
    // What it is to itself is what was seen: `podreach probe` goes by it.
    expect(observations[0]).to.include({ from: 'prod/web', to: 'prod/web', verdict: 'rejected' });
    expect(verdicts(observations.filter(({ to }) => to !== 'prod/web'))).to.deep.equal(Array(6).fill('allowed'));
  });

  it('takes one answer to two datagrams for an open path, and none for a drop', async () => {
    const lossy = targets(({ tool, id }, from) =>
      tool === 'udp' && (id % 2 === 0 || from === 'prod/web') ? TIMED_OUT : OPEN,
    );
    const [heard, silent] = await probeMatrix(lossy, [
      probe('dev/client', 'prod/api', 53, 'UDP'),
      probe('prod/web', 'prod/api', 53, 'UDP'),
    ]);
    expect(heard).to.include({ verdict: 'allowed', attempts: 1, flaky: false });
    expect(silent).to.include({ verdict: 'dropped' });
  });

  it('throws on an abort and on an endpoint that is not there, or has no address', async () => {
    const aborted = targets(undefined, () => Promise.reject(new PodreachError('interrupted')));
    const signal = AbortSignal.abort();
    expect(await failureOf(probeMatrix(aborted, MATRIX, { signal }))).to.be.instanceOf(PodreachError);
    expect((await failureOf(probeMatrix(targets(), [probe('prod/web', 'prod/db')]))).message).to.contain('prod/db');
    const nowhere = fakeTargets([{ ...endpoint('a/b', 0, []), addresses: ['10.0.0.1,80'] }], () => OPEN);
    expect((await failureOf(probeMatrix(nowhere, [probe('a/b', 'a/b')]))).message).to.contain('no address');
  });

  it('distinguishes rejected from dropped', async () => {
    const [cell] = await probeMatrix(
      targets(() => REFUSED),
      [probe('dev/client', 'prod/web')],
    );
    expect(cell).to.include({ verdict: 'rejected', attempts: 1 });
  });
});
