import { expect } from 'chai';
import { probeMatrix } from '../../../src/probe/index.ts';
import { ownCacheHome } from '../host/cache-home.ts';
import { byName, endpoint, fakeTargets, OPEN, probe, TIMED_OUT, type Told } from './fake-targets.ts';

const CLIENT = endpoint('dev/client', 0, []);
const toName = probe('dev/client', 'dns:prod/web');

describe('probeMatrix by a name', () => {
  ownCacheHome();

  const named = (behave: (tool: string) => Told) =>
    fakeTargets([CLIENT, byName(['prod/web'])], ({ tool }) => behave(tool));

  it('says nothing of the lookup if it went well', async () => {
    const [cell] = await probeMatrix(
      named(() => OPEN),
      [toName],
    );
    expect(cell).to.include({ verdict: 'allowed', flaky: false });
    expect(cell?.detail).to.equal('nc: connected after 10 ms; wget: answered after 10 ms');
  });

  it('is blocked if the name is not looked up, and says that this is why', async () => {
    const unresolved = { code: 1, ms: 30, output: 'nc: getaddrinfo: Temporary failure in name resolution' };
    const [cell] = await probeMatrix(
      named((tool) => (tool === 'name' ? TIMED_OUT : unresolved)),
      [toName],
    );
    expect(cell).to.include({ verdict: 'dropped', flaky: false, attempts: 1 });
    expect(cell?.detail).to.equal('name server: no answer after 2000 ms');
  });

  it('is looked up if one of two queries gets lost', async () => {
    const targets = fakeTargets([CLIENT, byName(['prod/web'])], ({ id }) => (id === 1 ? TIMED_OUT : OPEN));
    const [cell] = await probeMatrix(targets, [toName], { retries: 0 });
    expect(cell).to.include({ verdict: 'allowed', flaky: false, attempts: 1 });
  });

  it('is never allowed if a connection finds its own way to the name, past a lookup that is blocked', async () => {
    const [cell] = await probeMatrix(
      named((tool) => (tool === 'name' ? TIMED_OUT : OPEN)),
      [toName],
    );
    expect(cell).to.include({ verdict: 'error', attempts: 2 });
    let times = 0;
    const once = fakeTargets([CLIENT, byName(['prod/web'])], ({ id, tool }) => {
      if (id === 0) times += 1;
      if (tool === 'name') return TIMED_OUT;
      return times === 1 ? OPEN : { code: 1, output: 'nc: getaddrinfo: Temporary failure in name resolution' };
    });
    const [again] = await probeMatrix(once, [toName]);
    expect(again).to.include({ verdict: 'dropped', attempts: 2, flaky: false });
  });

  it('is blocked if the name is looked up, and nothing gets through', async () => {
    const [cell] = await probeMatrix(
      named((tool) => (tool === 'name' ? OPEN : TIMED_OUT)),
      [toName],
    );
    expect(cell).to.include({ verdict: 'dropped', flaky: false });
    expect(cell?.detail).to.match(/^nc: no answer/);
  });
});
