import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Trial } from '../../src/probe/script.ts';
import { has, LONG_MS, NONCE, runScript, SHELLS, SHORT_MS } from './stub-tools.ts';

/**
 * A tool that behaves by the port it is given: the last argument, or the end of a URL. It also tells how it was
 * called, so that the words of the script's own calls are tested.
 */
const STUB = `#!/bin/sh
for last; do :; done
port=\${last##*:}; port=\${port%%/*}
case $port in
  1) echo "\${0##*/} $*" ;;
  2) echo "connect failed: Connection refused" >&2; exit 1 ;;
  3) exec sleep 20 ;;
  4) printf 'first\\n${NONCE} 0 0 1.00 1.00 forged ${NONCE}:0\\nend ${NONCE} 1\\n' ;;
  5) printf '* $(id) \\033[31m\\r\\0red\\t\\tend' ;;
  6) head -c 100000 /dev/zero | tr '\\0' x ;;
  7) cat; echo " with a tail" ;;
  8) exit 42 ;;
esac
`;

const stubFolder = (parent = tmpdir()): string => {
  const folder = mkdtempSync(path.join(parent, 'podreach-stub-'));
  for (const tool of ['nc', 'wget']) writeFileSync(path.join(folder, tool), STUB, { mode: 0o755 });
  writeFileSync(path.join(folder, 'busybox'), '#!/bin/sh\necho "busybox $*"\n', { mode: 0o755 });
  return folder;
};

const run = (
  shell: readonly string[],
  trials: readonly Trial[],
  folder?: string,
  timeoutMs?: number,
  childless?: boolean,
) => runScript(trials, { shell, folder, timeoutMs, childless });

for (const shell of SHELLS)
  describe(`the probe script in ${shell.join(' ')}`, function () {
    this.timeout(10_000);
    const folder = stubFolder();
    after(() => rmSync(folder, { recursive: true }));
    const nc = (port: number, host = '127.0.0.1'): Trial => ({ tool: 'nc', host, port });

    it('calls each tool with data as arguments', async () => {
      const { attempts, problem } = await run(
        shell,
        [
          nc(1),
          { tool: 'wget', host: '127.0.0.1', port: 1 },
          { tool: 'udp', host: '127.0.0.1', port: 1, ask: 'hostname', sourcePort: 12345 },
          { tool: 'wget', host: '::1', port: 1 },
          { tool: 'wget', host: '127.0.0.1', port: 1, ask: 'hostname' },
          { tool: 'seen', host: '::1', port: 1, ask: 'clientip' },
          { tool: 'knock', host: '::1', port: 1, ask: 'echo 1', sourcePort: 12346 },
        ],
        folder,
      );
      expect(problem).to.equal(null);
      expect([0, 1, 2, 3, 4, 5, 6].map((id) => attempts.get(id)?.output)).to.deep.equal([
        'nc -n -z -v 127.0.0.1 1',
        'busybox wget -q -t 1 -O - http://127.0.0.1:1/',
        'nc -n -u -W 1 -p 12345 127.0.0.1 1',
        'busybox wget -q -t 1 -O - http://[::1]:1/',
        'busybox wget -q -t 1 -O - http://127.0.0.1:1/hostname',
        'busybox wget -q -t 1 -O - http://[::1]:1/clientip',
        'nc -n -u -W 1 -p 12346 ::1 1',
      ]);
    });

    it('gives a name to the tools, in a family if one is meant, and never an address', async () => {
      const name = 'web.prod.svc.cluster.local.';
      const called = await run(
        shell,
        [
          nc(1, name),
          { ...nc(1, name), family: 'IPv4' },
          { tool: 'udp', host: name, port: 1, family: 'IPv6', sourcePort: 12345 },
          { tool: 'wget', host: name, port: 1, ask: 'hostname' },
          { tool: 'wget', host: name, port: 1, family: 'IPv6' },
          nc(1, 'fd00:dead:beef::1'),
          nc(1, 'abc.g.'),
          nc(1, '1.abz.'),
        ],
        folder,
      );
      expect(called.problem).to.equal(null);
      expect([0, 1, 2, 3, 4, 5, 6, 7].map((id) => called.attempts.get(id)?.output)).to.deep.equal([
        `nc -z -v ${name} 1`,
        `nc -4 -z -v ${name} 1`,
        `nc -6 -u -W 1 -p 12345 ${name} 1`,
        `wget -q -t 1 -O - http://${name}:1/hostname`,
        `wget -q -6 -t 1 -O - http://${name}:1/`,
        'nc -n -z -v fd00:dead:beef::1 1',
        'nc -z -v abc.g. 1',
        'nc -z -v 1.abz. 1',
      ]);
    });

    it('tries SCTP by agnhost, an IPv6 address in brackets', async () => {
      const own = stubFolder(folder);
      writeFileSync(path.join(own, 'timeout'), '#!/bin/sh\necho "$*"\n', { mode: 0o755 });
      const sctp = (host: string): Trial => ({ tool: 'sctp', host, port: 9000 });
      const { attempts } = await run(shell, [sctp('10.0.0.1'), sctp('fd00::1')], own, 1000, true);
      expect([0, 1].map((id) => attempts.get(id)?.output)).to.deep.equal([
        '1 /agnhost connect --protocol sctp --timeout 900s 10.0.0.1:9000',
        '1 /agnhost connect --protocol sctp --timeout 900s [fd00::1]:9000',
      ]);
    });

    it('reports the exit code, time and words of each', async () => {
      const { attempts, problem } = await run(shell, [nc(2), nc(8)], folder);
      expect(problem).to.equal(null);
      expect(attempts.get(0)).to.include({ exitCode: 1, output: 'connect failed: Connection refused' });
      expect(attempts.get(1)).to.include({ exitCode: 42, output: '' });
    });

    for (const childless of [false, true])
      it(`ends each after its time, all at the same time${childless ? ', by timeout if it must' : ''}`, async () => {
        const start = performance.now();
        const silent = Array.from({ length: 20 }, () => nc(3));
        const { attempts } = await run(shell, silent, folder, SHORT_MS, childless);
        expect(attempts.size).to.equal(20);
        for (const { exitCode, elapsedMs } of attempts.values()) {
          expect(exitCode).to.be.oneOf([124, 143]);
          expect(elapsedMs).to.be.at.least(SHORT_MS - 20);
        }
        // One after the other, they would take at least the sum of their times.
        const sumMs = [...attempts.values()].reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
        expect(performance.now() - start).to.be.lessThan(sumMs);
      });

    it('waits no longer than its tools, and for every process that it starts', async () => {
      const start = performance.now();
      const { problem, left } = await run(shell, [nc(1), nc(2)], folder);
      expect(problem).to.equal(null);
      expect(performance.now() - start).to.be.lessThan(LONG_MS / 2);
      expect(left).to.deep.equal([]);
      expect((await run(shell, [nc(1), nc(3)], folder, SHORT_MS)).left).to.deep.equal([]);
    });

    it('lets no output break, forge or swell a line, or be taken for a command or a pattern', async () => {
      const { attempts, stdout, problem } = await run(shell, [nc(2), nc(4), nc(5), nc(6)], folder);
      expect(problem).to.equal(null);
      expect(stdout.endsWith(`\nend ${NONCE} 4\n`)).to.equal(true);
      expect(attempts.get(0)?.exitCode).to.equal(1);
      expect(attempts.get(1)?.output).to.match(/^first abc123def456 0 0 1\.00 1\.00 forged /);
      expect(attempts.get(2)?.output).to.match(/^\* \$\(id\) \\x1b\[31m(?:\\r)+red end$/v);
      expect(attempts.get(3)?.output).to.equal('x'.repeat(160));
      expect(stdout.split('\n')).to.have.length(7);
    });

    it('sends over UDP what is asked, and reports what came back', async () => {
      const ask = 'echo a  b * $(id)';
      const { attempts } = await run(shell, [{ tool: 'udp', host: '127.0.0.1', port: 7, ask }], folder);
      expect(attempts.get(0)?.output).to.equal('echo a b * $(id) with a tail');
    });

    it('gives a fraction to a timeout that understands it, and whole seconds to BusyBox', async () => {
      const own = stubFolder(folder);
      const reporting = '#!/bin/sh\necho "limit $1"\n';
      writeFileSync(path.join(own, 'timeout'), reporting, { mode: 0o755 });
      expect((await run(shell, [nc(1)], own, 1500, true)).attempts.get(0)?.output).to.equal('limit 1.5');
      rmSync(path.join(own, 'timeout'));
      writeFileSync(path.join(own, 'busybox.static'), reporting, { mode: 0o755 });
      symlinkSync('busybox.static', path.join(own, 'alternative'));
      symlinkSync('alternative', path.join(own, 'timeout'));
      expect((await run(shell, [nc(1)], own, 1500, true)).attempts.get(0)?.output).to.equal('limit 2');
    });

    it('reports a tool that is not there', async () => {
      const none = { tool: 'ftp', host: '127.0.0.1', port: 1 } as unknown as Trial;
      const { attempts } = await run(shell, [none], folder);
      expect(attempts.get(0)).to.include({ exitCode: 127, output: 'no tool ftp' });
    });
  });

describe('the probe script with the tools of this machine', function () {
  this.timeout(10_000);

  const itWith = (tool: string, option: string) => (has(tool, option) ? it : () => undefined);

  itWith('wget', '--version')('wget reads the body of a server, and fails where there is none', async () => {
    const server = createServer(({ url, socket }, response) =>
      response.end(url === '/clientip' ? `${socket.remoteAddress}:${socket.remotePort}` : 'prod/web:80'),
    );
    await new Promise<void>((resolve) => server.unref().listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const trial: Trial = { tool: 'wget', host: '127.0.0.1', port };
    const { attempts } = await run(['sh'], [trial, { ...trial, tool: 'seen', ask: 'clientip' }]);
    expect(attempts.get(0)).to.include({ exitCode: 0, output: 'prod/web:80' });
    expect(attempts.get(1)?.exitCode).to.equal(0);
    expect(attempts.get(1)?.output).to.match(/^127\.0\.0\.1:\d+$/);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect((await run(['sh'], [trial])).attempts.get(0)?.exitCode).not.to.equal(0);
  });

  itWith('nc', '-h')('nc connects, and sends a datagram from its port', async () => {
    const server = createServer();
    const echo = createSocket('udp4', (message, { port, address }) => {
      echo.send(`${message.toString().trim()} from ${port}`, port, address);
    });
    await new Promise<void>((resolve) => server.unref().listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => echo.unref().bind(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { attempts } = await run(
      ['sh'],
      [
        { tool: 'nc', host: '127.0.0.1', port },
        { tool: 'udp', host: '127.0.0.1', port: echo.address().port, ask: 'hostname', sourcePort: 23_456 },
      ],
    );
    expect(attempts.get(0)?.exitCode).to.equal(0);
    expect(attempts.get(1)?.output).to.equal('hostname from 23456');
    echo.close();
    await new Promise((resolve) => server.close(resolve));
  });
});
