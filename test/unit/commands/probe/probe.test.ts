import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type ProbeFlags, probe } from '../../../../src/commands/probe/probe.ts';
import { runCli } from '../../../../src/commands/program.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { shownPath } from '../../../../src/scenario/problem.ts';
import { podObject } from '../../attach/fake-cluster.ts';
import { failureOf } from '../../failure-of.ts';
import { type Answer, type FakeServer, fakeServer, json, TOKEN, writeKubeconfig } from '../../kube/fake-server.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const pods = [podObject('prod/web'), podObject('prod/api')];
const attributesOf = (body: string): Readonly<Record<string, string>> => JSON.parse(body).spec.resourceAttributes;

/** An API server with two pods that can be looked at, where nothing may be done: that answers 500, and is seen. */
const answering =
  (mayDo: (attributes: Readonly<Record<string, string>>) => boolean, listed = pods): Answer =>
  ({ method, url, body }, response) => {
    if (method === 'POST' && url.pathname.endsWith('/selfsubjectaccessreviews'))
      return json(response, 201, { ...JSON.parse(body), status: { allowed: mayDo(attributesOf(body)) } });
    if (method === 'GET' && url.pathname === '/api/v1/namespaces/prod/pods')
      return json(response, 200, { metadata: { resourceVersion: '1' }, items: listed });
    return json(response, 418, { message: 'not to be asked for' });
  };

describe('probe', () => {
  let server: FakeServer;
  let flags: ProbeFlags;

  const start = async (answer: Answer) => {
    server = await fakeServer(answer);
    const kubeconfig = writeKubeconfig(`http://127.0.0.1:${server.port}`);
    flags = {
      context: 'fake',
      kubeconfig,
      namespace: ['prod'],
      timeout: 1500,
      retries: 1,
      repeatEach: 1,
      reporter: ['terminal'],
    };
  };

  afterEach(() => server?.close());

  const refusal = async (
    changes: Partial<Record<keyof ProbeFlags, unknown>> = {},
    confirm?: () => Promise<boolean>,
  ) => {
    const terminal = { ...fakeTerminal(), ...(confirm && { confirm }) };
    const failure = await failureOf(probe({ ...flags, ...changes } as ProbeFlags, terminal));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(terminal.printed()).to.equal('');
    return { ...failure, message: failure.message, hint: failure.hint, notes: terminal.notes };
  };

  /** What was more than a look, or a question. */
  const doings = () => server.seen.filter(({ method, url }) => method === 'PATCH' || url.pathname.endsWith('/exec'));

  it('wants a context, and names those that there are and nothing else', async () => {
    await start(answering(() => true));
    const { message, hint } = await refusal({ context: undefined });
    expect(message).to.contain('--context is missing');
    expect(hint).to.equal('contexts in it: fake');
    expect((await refusal({ context: '' })).message).to.contain('--context is missing');
    expect((await refusal({ context: 'other' })).hint).to.equal('contexts in it: fake');
    expect(JSON.stringify(await refusal({ context: undefined }))).not.to.contain(TOKEN);
    expect((await refusal({ context: undefined, kubeconfig: '/nowhere' })).message).to.contain(
      'no kubeconfig at /nowhere',
    );
    expect(server.seen).to.deep.equal([]);
  });

  it('wants namespaces', async () => {
    await start(answering(() => true));
    expect((await refusal({ namespace: undefined })).message).to.equal('--namespace is missing');
    expect(server.seen).to.deep.equal([]);
  });

  it('reports the plan, and does nothing if nobody can agree', async () => {
    await start(answering(() => true));
    const { message, hint, notes } = await refusal();
    expect(message).to.contain('nothing was done');
    expect(hint).to.contain('--yes');
    expect(notes.join('\n')).to.contain('plan for context fake').and.to.contain('prod/api, prod/web');
    expect(doings()).to.deep.equal([]);
  });

  it('does nothing if somebody does not agree', async () => {
    await start(answering(() => true));
    expect((await refusal({}, async () => false)).message).to.equal('nothing was done, because you did not confirm');
    expect(doings()).to.deep.equal([]);
  });

  it('goes on if somebody agrees, or has agreed before', async () => {
    for (const [changes, confirm] of [
      [{}, async () => true],
      [{ yes: true }, async () => expect.fail('it was told yes')],
    ] as const) {
      await start(answering(() => true));
      const terminal = { ...fakeTerminal(), confirm };
      // The pods can't be attached to here, so every cell is an error.
      expect(await probe({ ...flags, ...changes }, terminal)).to.equal(2);
      expect(doings()).not.to.deep.equal([]);
      expect(terminal.printed()).to.contain('prod in fake');
      await server.close();
    }
  });

  it('reports all that the user is not allowed to do, in all namespaces, before it looks for pods', async () => {
    await start(answering(({ verb, namespace }) => verb === 'list' && namespace === 'prod'));
    const { message, hint } = await refusal({ namespace: ['prod', 'dev'] });
    expect(message).to.equal(
      'the user of context fake is not allowed to get pods/exec in prod, create pods/exec in prod, ' +
        'list pods in dev, get pods/exec in dev, create pods/exec in dev',
    );
    expect(hint).to.contain('docs/probe.md');
    expect(server.seen.filter(({ method }) => method !== 'POST')).to.deep.equal([]);
  });

  it('plans exec if ephemeral containers are not allowed, unless it was told to use them', async () => {
    await start(answering(({ subresource }) => subresource !== 'ephemeralcontainers'));
    const { notes } = await refusal();
    expect(notes.join('\n')).to.contain('because you are not allowed to add ephemeral containers there');
    const { message } = await refusal({ ephemeral: true });
    expect(message).to.equal('the user of context fake is not allowed to patch pods/ephemeralcontainers in prod');
  });

  it('asks for no more than it needs', async () => {
    await start(answering(() => true));
    await refusal({ exec: true });
    const asked = server.seen.filter(({ method }) => method === 'POST').map(({ body }) => attributesOf(body));
    expect(asked.map(({ verb, subresource }) => `${verb} ${subresource}`)).to.have.members([
      'list undefined',
      'get exec',
      'create exec',
    ]);
  });

  it('says so if there is nothing to probe', async () => {
    await start(answering(() => true, pods.slice(0, 1)));
    const alone = await refusal();
    expect(alone.message).to.equal('there is nothing to probe between prod/web');
    expect(alone.hint).to.contain('another namespace');
    await server.close();
    const portless = pods.map((pod) => ({ ...pod, spec: { containers: [{ name: 'app' }] } }));
    await start(answering(() => true, portless));
    expect((await refusal()).hint).to.contain('--port');
    expect((await refusal({ port: [{ number: 80, protocol: 'TCP' }] })).message).to.contain('nothing was done');
  });

  const withExpectation = (text: string, use: (file: string) => Promise<unknown>) =>
    withFiles({ 'expect.yaml': text }, (folder) => use(join(folder, 'expect.yaml')));

  it('refuses an expectation that can not be read before it asks the cluster for anything', async () => {
    await start(answering(() => true));
    await withExpectation('defualt: deny\n', async (file) => {
      const { message } = await refusal({ expect: file, yes: true });
      expect(message).to.match(/expect\.yaml:1:1: unknown key "defualt"; the nearest valid key is "default"$/);
    });
    expect((await refusal({ updateSnapshots: true })).hint).to.equal('name it with --expect');
    expect((await refusal({ expect: '/nowhere/grid.yaml', updateSnapshots: true })).message).to.contain(
      "the grid can't be written to /nowhere/grid.yaml",
    );
    expect(server.seen).to.deep.equal([]);
  });

  it('refuses an expectation that names no running pod, with the nearest one, before it does anything', async () => {
    await start(answering(() => true));
    await withExpectation('default: deny\nrules:\n  - allow: {from: prod/wbe}\n', async (file) => {
      const { message, notes } = await refusal({ expect: file, yes: true });
      expect(message).to.match(/expect\.yaml:3:19: "prod\/wbe" matches no endpoint; .* is "prod\/web"$/);
      expect(notes).to.deep.equal([]);
    });
    await withExpectation('default: deny\nrules: [{allow: {family: IPv6}}]\n', async (file) => {
      const { message } = await refusal({ expect: file, yes: true });
      expect(message).to.contain('tells IPv4 and IPv6 apart, but these pods have only IPv4');
    });
    expect(doings()).to.deep.equal([]);
  });

  it('says in the plan what it judges by, and names the file in the report', async () => {
    await start(answering(() => true));
    await withExpectation('default: deny\n', async (file) => {
      const { notes } = await refusal({ expect: file });
      expect(notes.join('\n')).to.contain(`what is seen is judged by ${shownPath(file)}`);
      const terminal = fakeTerminal();
      // The pods can't be attached to here, so every cell is an error, and neither passes nor fails.
      expect(await probe({ ...flags, expect: file, yes: true, reporter: ['json'] }, terminal)).to.equal(2);
      const { scenarios } = JSON.parse(terminal.printed());
      expect(scenarios[0]).to.deep.include({ file: shownPath(file), status: 'error' });
      expect(scenarios[0].steps[0].cells[1]).to.deep.include({ expected: 'deny', status: 'error' });
    });
  });

  it('writes no grid of what was not seen', async () => {
    await start(answering(() => true));
    await withExpectation('', async (file) => {
      const terminal = fakeTerminal();
      const code = await probe({ ...flags, expect: file, updateSnapshots: true, yes: true }, terminal);
      expect(code).to.equal(2);
      expect(terminal.printed()).to.contain("The expectations can't be updated");
      expect(await readFile(file, 'utf8')).to.equal('');
    });
  });

  it('reads its flags from the command line', async () => {
    await start(answering(() => true));
    const argv = ['probe', '--context', 'fake', '--kubeconfig', flags.kubeconfig ?? '', '-n', 'prod', '--port', '8080'];
    const terminal = fakeTerminal();
    const failure = await failureOf(
      runCli([...argv, '--port', '53/udp', '-l', 'app=web', '--timeout', '2000'], terminal),
    );
    expect(failure.message).to.contain('nothing was done');
    expect(terminal.notes.join('\n')).to.contain('8 probes');
    expect(server.seen.find(({ method }) => method === 'GET')?.url.searchParams.get('labelSelector')).to.equal(
      'app=web',
    );
  });

  for (const [what, argv, says] of [
    ['a port that is none', ['--port', '70000'], 'It must be a port like 80 or 53/UDP.'],
    ['a port without a number', ['--port', 'http'], 'It must be a port like 80 or 53/UDP.'],
    ['both ways at once', ['--exec', '--ephemeral'], 'cannot be used with option'],
  ] as const)
    it(`ends with 2 on ${what}`, async () => {
      const terminal = fakeTerminal();
      const code = await runCli(
        ['probe', '--context', 'fake', '--kubeconfig', '/nowhere', '-n', 'prod', ...argv],
        terminal,
      );
      expect(code).to.equal(2);
      expect(terminal.complained()).to.contain(says);
    });
});
