import { expect } from 'chai';
import { CONTAINER } from '../../../src/deploy/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import { type CanaryOptions, createCanary } from '../../../src/settle/index.ts';
import { failureOf } from '../failure-of.ts';
import { fakeAgents } from './fake-agents.ts';

const OPTIONS: CanaryOptions = { image: 'probe:1', runId: 'run-1', owner: 'here 1 2', settleMs: 1000, enforceMs: 1000 };
const TWO = { 'node-a': ['10.0.0.1'], 'node-b': ['10.0.0.2'] };
const DUAL = { 'node-a': ['10.0.0.1', 'fd00::1'], 'node-b': ['10.0.0.2', 'fd00::2'] };
const BOTH = ['node-a', 'node-b'];

describe('canary.brokenPaths', () => {
  const path = (from: string, to: string, family: 'IPv4' | 'IPv6' = 'IPv4') => ({ from, to, family });
  const PATHS = [path('node-a', 'node-b'), path('node-b', 'node-a'), path('node-a', 'node-a')];
  const raised = async (more: Partial<CanaryOptions> = {}) => {
    const agents = fakeAgents(DUAL);
    const canary = await createCanary(agents.client, { ...OPTIONS, ...more, pathMs: 2000 });
    await canary.settle(BOTH);
    agents.waits.length = 0;
    agents.calls.length = 0;
    return { ...agents, canary };
  };

  it('tries each path once, one exec a node, at a port that no round closes', async () => {
    const { canary, waits } = await raised();
    const found = await canary.brokenPaths([...PATHS, path('node-a', 'node-b', 'IPv6')]);
    expect([...found]).to.deep.equal([]);
    expect(waits).to.deep.equal(['open 10.0.0.2,8000 10.0.0.1,8000 fd00::2,8000', 'open 10.0.0.1,8000']);
  });

  it('reports which carried nothing, and over which family', async () => {
    const { canary, cutOff } = await raised();
    cutOff('fd00::2');
    const found = await canary.brokenPaths([...PATHS, path('node-a', 'node-b', 'IPv6')]);
    expect([...found]).to.deep.equal([['node-a > node-b IPv6', 'no connection within 2 s']]);
  });

  it('takes a control that broke for no proof', async () => {
    const { canary, client } = await raised();
    const results = {
      'the control gave no report': async () => ({ stdout: '10.0.0.2,8000 yes\n', stderr: '', exitCode: 0 }),
      'the control ended with exit code 126': async () => ({
        stdout: '10.0.0.2,8000 broken 126\nend\n',
        stderr: '',
        exitCode: 0,
      }),
      'the control broke: exec was refused': async () => {
        throw new PodreachError('exec was refused');
      },
    };
    for (const [reason, exec] of Object.entries(results)) {
      client.exec = exec;
      expect([...(await canary.brokenPaths([path('node-a', 'node-b')]))]).to.deep.equal([
        ['node-a > node-b IPv4', reason],
      ]);
    }
  });

  it('asks once more if a part of the report is missing, and not if a tool broke', async () => {
    const { canary, client, waits } = await raised();
    const { exec } = client;
    const answered = async (change: (stdout: string) => string) => {
      waits.length = 0;
      client.exec = async (...all) => {
        const result = await exec(...all);
        return waits.length === 1 ? { ...result, stdout: change(result.stdout) } : result;
      };
      const found = await canary.brokenPaths([path('node-a', 'node-b')]);
      return { asked: waits.length, found: [...found.values()] };
    };
    expect(await answered((stdout) => stdout.replace('end\n', ''))).to.deep.equal({ asked: 2, found: [] });
    expect(await answered((stdout) => stdout.replace(/^.* yes\n/, ''))).to.deep.equal({ asked: 2, found: [] });
    expect(await answered((stdout) => stdout.replace('yes', 'broken 126'))).to.deep.equal({
      asked: 1,
      found: ['the control ended with exit code 126'],
    });
  });

  it('asks in the prober of the source node, and gives the exec longer than the script may take', async () => {
    const { canary, calls, namespaceOf } = await raised();
    await canary.brokenPaths([path('node-b', 'node-a')]);
    const [, at, , options] = calls.find(([method]) => method === 'exec') ?? [];
    expect(at).to.deep.equal({ namespace: namespaceOf(), pod: 'prober-2', container: CONTAINER });
    expect(options)
      .to.have.property('deadlineMs')
      .that.is.above(2000 + 1000);
    expect(options).to.have.property('bearsOutage', true);
  });

  it('takes neither an interruption nor a bug for a broken path', async () => {
    const abort = new AbortController();
    const { canary, client } = await raised({ signal: abort.signal });
    const defect = new TypeError('x is undefined');
    client.exec = async () => Promise.reject(defect);
    expect(await failureOf(canary.brokenPaths(PATHS))).to.equal(defect);
    const interrupted = new PodreachError('exec was interrupted');
    client.exec = async () => Promise.reject(interrupted);
    expect((await canary.brokenPaths(PATHS)).size).to.equal(3);
    abort.abort();
    expect(await failureOf(canary.brokenPaths(PATHS))).to.equal(interrupted);
  });

  it('has no proof of a node without a canary, or one without an address of the family', async () => {
    const agents = fakeAgents(TWO);
    const canary = await createCanary(agents.client, OPTIONS);
    const unknown = [path('node-a', 'node-c'), path('node-c', 'node-a'), path('node-a', 'node-b', 'IPv6')];
    expect([...(await canary.brokenPaths(unknown)).values()]).to.deep.equal(Array(3).fill('there is no canary'));
  });
});
