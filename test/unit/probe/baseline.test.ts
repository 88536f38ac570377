import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { baseline, findFaults } from '../../../src/probe/baseline.ts';
import type { Observation } from '../../../src/probe/index.ts';
import { failureOf } from '../failure-of.ts';
import { skipPauses } from '../skip-pauses.ts';
import { endpoint, fakeTargets, NO_SCTP, OPEN, probe, REFUSED, TIMED_OUT } from './fake-targets.ts';

const NAMES = ['prod/web', 'prod/api', 'dev/client'];
const PODS = NAMES.map((name, index) => endpoint(name, index, [{ number: 80, protocol: 'TCP' }]));
const matrixOf = (names: readonly string[]) => names.flatMap((from) => names.map((to) => probe(from, to)));
const MATRIX = matrixOf(NAMES);

/** A matrix that is open but for what `blocked` says. */
const seen = (blocked: (from: string, to: string, port: number) => boolean, probes = MATRIX): readonly Observation[] =>
  probes.map((one) => {
    const shut = blocked(one.from, one.to, one.port);
    return {
      ...one,
      verdict: shut ? 'dropped' : 'allowed',
      flaky: false,
      attempts: 1,
      detail: shut ? 'no answer' : '',
    };
  });

describe('findFaults', () => {
  it('finds none if all is open', () => expect(findFaults(seen(() => false))).to.deep.equal([]));

  it('blames the server that does not answer its own pod', () =>
    expect(findFaults(seen((_from, to) => to === 'prod/web'))).to.deep.equal([
      'prod/web does not listen on 80/TCP (from itself: no answer)',
    ]));

  it('blames the way to a pod that only others do not reach', () =>
    expect(findFaults(seen((from, to) => to === 'prod/web' && from !== to))).to.deep.equal([
      'nothing else reaches prod/web on 80/TCP: its node or the path to it (no answer)',
    ]));

  it('blames the source that reaches no other', () =>
    expect(findFaults(seen((from, to) => from === 'dev/client' && from !== to))).to.deep.equal([
      'dev/client reaches nothing else, though others do (no answer)',
    ]));

  it('names the single paths that are left', () =>
    expect(findFaults(seen((from, to) => from === 'dev/client' && to === 'prod/web'))).to.deep.equal([
      'dev/client does not reach prod/web on 80/TCP (no answer)',
    ]));

  it('blames every server when all are down', () =>
    expect(findFaults(seen(() => true))).to.deep.equal(
      NAMES.map((name) => `${name} does not listen on 80/TCP (from itself: no answer)`),
    ));

  it('blames the ways if each reaches itself alone', () =>
    expect(findFaults(seen((from, to) => from !== to))).to.deep.equal(
      NAMES.map((name) => `nothing else reaches ${name} on 80/TCP: its node or the path to it (no answer)`),
    ));

  it('blames a source that reaches not even itself for both', () =>
    expect(findFaults(seen((from) => from === 'dev/client'))).to.deep.equal([
      'dev/client reaches nothing else, though others do (no answer)',
      'dev/client does not listen on 80/TCP (from itself: no answer)',
    ]));

  it('names the paths if some others do reach the server, or only one was asked to', () => {
    const four = matrixOf([...NAMES, 'dev/other']);
    expect(findFaults(seen((from, to) => to === 'prod/web' && from.startsWith('dev/'), four))).to.deep.equal([
      'dev/client does not reach prod/web on 80/TCP (no answer)',
      'dev/other does not reach prod/web on 80/TCP (no answer)',
    ]);
    const ports = [80, 81].map((port) => probe('dev/client', 'prod/web', port));
    expect(findFaults(seen((_from, _to, port) => port === 81, ports))).to.deep.equal([
      'dev/client does not reach prod/web on 81/TCP (no answer)',
    ]);
  });

  it('distinguishes each family of a server', () => {
    const own = (['IPv4', 'IPv6'] as const).map((family) => ({ ...probe('prod/web', 'prod/web'), family }));
    expect(findFaults(seen(() => true, own))).to.deep.equal([
      'prod/web does not listen on 80/TCP over IPv4 (from itself: no answer)',
      'prod/web does not listen on 80/TCP over IPv6 (from itself: no answer)',
    ]);
  });

  it('names five at most, and counts the others', () => {
    const own = (count: number) =>
      findFaults(
        seen(
          () => true,
          Array.from({ length: count }, (_, index) => probe(`a/${index}`, `a/${index}`)),
        ),
      );
    expect(own(5)).to.have.length(5);
    expect(own(5).at(-1)).to.match(/^a\/4 /);
    expect(own(7)).to.have.length(6);
    expect(own(7).slice(4)).to.deep.equal(['a/4 does not listen on 80/TCP (from itself: no answer)', 'and 2 more']);
  });
});

describe('baseline', () => {
  skipPauses();

  it('waits for a server that is slow to listen, asking again only what failed', async () => {
    const targets = fakeTargets(PODS, (asked, _from, attempt) =>
      asked.host === '10.0.0.1' && attempt < 3 ? REFUSED : OPEN,
    );
    await baseline(targets, MATRIX);
    expect(targets.execs).to.have.length(9);
  });

  it('does not count what this kernel cannot open as a fault', async () => {
    await baseline(
      fakeTargets(PODS, () => NO_SCTP),
      [probe('prod/web', 'prod/api', 9000, 'SCTP')],
      { deadlineMs: 50 },
    );
  });

  it('tries nothing twice in a round, and goes by the options of the matrix', async () => {
    const broken = fakeTargets(PODS, () => ({ code: 127 }));
    const taken: number[] = [];
    const ports = {
      take: async (_addresses: readonly string[], count: number) => {
        taken.push(count);
        return [12_000, 12_001];
      },
    };
    const udp = probe('prod/web', 'prod/api', 53, 'UDP');
    expect(await failureOf(baseline(broken, [udp], { deadlineMs: 0, ports }))).to.be.instanceOf(PodreachError);
    expect(broken.execs).to.have.length(1);
    expect(taken).to.deep.equal([2]);
  });

  it('says who is at fault at the deadline', async () => {
    const targets = fakeTargets(PODS, (asked) => (asked.host === '10.0.0.1' ? TIMED_OUT : OPEN));
    const silence = 'nc: no answer after 2000 ms; wget: no answer after 2000 ms';
    const probes = [...MATRIX, probe('prod/web', 'prod/web', 81)];
    const error = await failureOf(baseline(targets, probes, { deadlineMs: 50 }));
    expect(error).to.be.instanceOf(PodreachError);
    expect(error.hint).to.contain('not the policies under test');
    expect(error.message).to.equal(
      `without any policy, 4 of 10 probes do not get through after 0.05 s: ${[80, 81]
        .map((port) => `prod/web does not listen on ${port}/TCP (from itself: ${silence})`)
        .join('; ')}`,
    );
  });
});
