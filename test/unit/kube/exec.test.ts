import { createServer } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import type { WebSocket } from 'ws';
import { PodreachError } from '../../../src/errors.ts';
import { connect, type ExecResult } from '../../../src/kube/client.ts';
import { failureOf } from '../failure-of.ts';
import { fakeApi } from './fake-api.ts';
import { json, writeKubeconfig } from './fake-server.ts';

const TARGET = { namespace: 'prod', pod: 'web', container: 'probe' };
const frame = (channel: number, text: string): Buffer => Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
const SUCCESS = frame(3, '{"status":"Success"}');
const exited = (code: string): Buffer =>
  frame(
    3,
    JSON.stringify({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: code }] },
    }),
  );

describe('exec', () => {
  const api = fakeApi();
  let asked: URL | undefined;

  const run = async (onExec: (socket: WebSocket) => void, options = {}): Promise<ExecResult> => {
    await api.start(
      (_request, response) => json(response, 200, {}),
      (socket, url) => {
        asked = url;
        onExec(socket);
      },
    );
    return api.client.exec(TARGET, ['sh', '-c', 'echo "$1" & x=ü', 'a b'], { deadlineMs: 2000, ...options });
  };

  it('hands over argv as it is, and returns what both streams said', async () => {
    const result = await run((socket) => {
      const umlaut = frame(1, 'ü');
      socket.send(umlaut.subarray(0, 2));
      socket.send(Buffer.concat([Buffer.from([1]), umlaut.subarray(2)]));
      socket.send(frame(2, 'careful'));
      socket.send(SUCCESS);
    });
    expect(result).to.deep.equal({ stdout: 'ü', stderr: 'careful', exitCode: 0 });
    expect(asked?.pathname).to.equal('/api/v1/namespaces/prod/pods/web/exec');
    expect(asked?.searchParams.getAll('command')).to.deep.equal(['sh', '-c', 'echo "$1" & x=ü', 'a b']);
    expect(asked?.searchParams.get('container')).to.equal('probe');
    expect(asked?.searchParams.has('stdin')).to.equal(false);
  });

  it('sends what its standard input gets once the command has begun', async () => {
    const stdin = new PassThrough();
    const result = await run(
      (socket) => {
        socket.on('message', (data) => {
          const message = data as Buffer;
          expect(message[0]).to.equal(0);
          socket.send(frame(1, `heard ${message.subarray(1)}`));
          socket.send(SUCCESS);
        });
        socket.send(frame(1, 'begin, '));
      },
      { stdin, onStdout: (text: string) => void (text === 'begin, ' && stdin.write('ping')) },
    );
    expect(result.stdout).to.equal('begin, heard ping');
    expect(asked?.searchParams.get('stdin')).to.equal('true');
  });

  it('takes the status for the end, and ignores channels that it does not know', async () => {
    const result = await run((socket) => {
      socket.send(frame(7, 'x'));
      socket.send(Buffer.alloc(0));
      socket.send(frame(1, 'all'));
      socket.send(SUCCESS);
      socket.send(frame(1, ' and more'));
      socket.send(exited('1'));
    });
    expect(result).to.deep.equal({ stdout: 'all', stderr: '', exitCode: 0 });
  });

  it('returns the exit code of a command that failed', async () => {
    const result = await run((socket) => {
      socket.send(frame(1, 'x'));
      socket.send(exited('42'));
    });
    expect(result).to.deep.equal({ stdout: 'x', stderr: '', exitCode: 42 });
  });

  it('never takes a close without a status for success', async () => {
    const error = await failureOf(
      run((socket) => {
        socket.send(frame(1, 'all'));
        socket.close(1000);
      }),
    );
    expect(error).to.be.instanceOf(PodreachError);
    expect(error.message).to.equal('exec in prod/web ended without reporting whether it succeeded');
  });

  it('fails when the connection is cut', async () => {
    const error = await failureOf(run((socket) => socket.terminate()));
    expect(error).to.be.instanceOf(PodreachError);
  });

  it('fails at the deadline', async () => {
    const error = await failureOf(run((socket) => socket.send(frame(1, 'x')), { deadlineMs: 200 }));
    expect(error.message).to.equal('exec in prod/web gave no answer within 200 ms');
  });

  it('stops on an abort', async () => {
    const error = await failureOf(run(() => undefined, { signal: AbortSignal.timeout(50) }));
    expect(error.message).to.equal('exec in prod/web was interrupted');
  });

  it('fails on a status that tells no exit code', async () => {
    for (const status of [
      '{"status":"Failure","message":"no such container"}',
      'junk',
      'null',
      '7',
      '{"status":"Failure","details":{"causes":{}}}',
      exited('x').toString('latin1', 1),
    ]) {
      const error = await failureOf(run((socket) => socket.send(frame(3, status))));
      expect(error.message).to.match(/^exec in prod\/web failed: /);
    }
  });

  describe('where the server refuses the handshake', () => {
    const refusalWith = async (status: string, message: string): Promise<PodreachError> => {
      const refusing = createServer().on('upgrade', (_request, socket) => {
        const body = JSON.stringify({ kind: 'Status', message });
        socket.end(`HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      });
      await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
      const { port } = refusing.address() as { port: number };
      const client = connect(writeKubeconfig(`http://127.0.0.1:${port}`));
      const error = await failureOf(client.exec(TARGET, ['true'], { deadlineMs: 2000 }));
      client.close();
      refusing.close();
      return error as PodreachError;
    };

    it("reports the server's words", async () => {
      const { message, hint } = await refusalWith('404 Not Found', 'pods "web" not found');
      expect(message).to.equal('exec in prod/web was refused: 404 Not Found: pods "web" not found');
      expect(hint).to.equal(undefined);
    });

    it('says where the rights are listed if one is missing', async () => {
      const { hint } = await refusalWith('403 Forbidden', 'User "ann" cannot create resource "pods/exec"');
      expect(hint).to.match(/docs\/your-cluster\.md/);
    });
  });

  it('bounds what it takes in', async () => {
    const error = await failureOf(
      run((socket) => {
        for (let part = 0; part < 6; part += 1) socket.send(frame(1, 'x'.repeat(1024 * 1024)));
      }),
    );
    expect(error.message).to.contain('more than 4 MiB');
  });
});
