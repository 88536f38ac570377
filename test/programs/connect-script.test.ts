import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { connectingBy } from '../../src/attach/own-tool.ts';
import { parseBatch } from '../../src/probe/batch.ts';
import { classify } from '../../src/probe/classify.ts';
import { probeArgv, type Tool } from '../../src/probe/script.ts';
import { has, LONG_MS, NONCE, SHORT_MS } from './stub-tools.ts';

interface Circumstances {
  readonly host?: string;
  readonly timeoutMs?: number;
  /** Prepended to PATH. */
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What the script's tool makes of one server, as the report would tell it. */
const seen = async (
  argvOf: (argv: readonly string[]) => readonly string[],
  tool: Tool,
  port: number,
  { host = '127.0.0.1', timeoutMs = LONG_MS, folder, environment = {} }: Circumstances = {},
) => {
  const [command = '', ...argv] = argvOf(
    probeArgv(NONCE, timeoutMs, [{ tool, host, port, ask: 'hello', sourcePort: 20_000 + (port % 1_000) }]),
  );
  const PATH = [...(folder ? [folder] : []), process.env.PATH].join(':');
  const child = spawn(command, argv, { env: { ...environment, PATH }, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) stdout += chunk;
  const attempt = parseBatch(stdout, NONCE, 1).attempts.get(0);
  if (!attempt) throw new Error(`no sound line: ${stdout}`);
  return { ...attempt, ...classify(tool, attempt, { limitMs: timeoutMs, answers: new Map() }) };
};

/** What each says before a network that answers nothing. */
const SO_FAR = { bash: '', wget: 'Connecting to 127.0.0.1:9... ' } as const;

const plain = (argv: readonly string[]) => argv;
const by = (connector: 'nc' | 'bash' | 'wget') => (argv: readonly string[]) => connectingBy(connector, argv);

describe('connecting to a server that is not ours', function () {
  this.timeout(15_000);
  let silent: Server;
  let elsewhere: Server;
  let talkative: Server;
  const sockets = new Set<Socket>();
  const portOf = (server: Server) => (server.address() as AddressInfo).port;
  const listening = (server: Server, backlog = 10) =>
    new Promise<Server>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog }, () => resolve(server)));
  /** Everything that any server was sent. */
  let received = '';

  before(async () => {
    const keep = (socket: Socket) => {
      sockets.add(socket.on('error', () => undefined).on('data', (data) => (received += data)));
    };
    silent = await listening(createServer(keep));
    elsewhere = await listening(createServer());
    talkative = await listening(
      createServer((socket) => {
        keep(socket);
        const to = `Location: http://127.0.0.1:${portOf(elsewhere)}/stolen\r\nContent-Length: 0`;
        socket.end(`HTTP/1.1 302 Found\r\n${to}\r\n\r\n`);
      }),
    );
  });

  beforeEach(() => {
    received = '';
  });

  after(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of [silent, elsewhere, talkative]) server.close();
  });

  const freePort = async () => {
    const server = await listening(createServer());
    const port = portOf(server);
    await new Promise((resolve) => server.close(resolve));
    return port;
  };

  for (const connector of ['bash', 'wget'] as const) {
    (has(connector, '--version') ? describe : describe.skip)(`by ${connector}`, () => {
      it('is allowed if the server listens, though it never says a word', async () => {
        // wget waits for the server's word to the end, on a busy machine as well.
        const { verdict, detail } = await seen(by(connector), 'connect', portOf(silent), { timeoutMs: 2 * SHORT_MS });
        expect(verdict, detail).to.equal('allowed');
      });

      it('is rejected if nothing listens', async () => {
        const { verdict, detail } = await seen(by(connector), 'connect', await freePort());
        expect(verdict, detail).to.equal('rejected');
        expect(detail).to.contain('Connection refused');
      });

      it('is dropped if no answer comes', async () => {
        const folder = stub(connector, `printf '%s' '${SO_FAR[connector]}' >&2; exec sleep 20`);
        const { verdict, detail } = await seen(by(connector), 'connect', 9, { folder, timeoutMs: SHORT_MS });
        expect(verdict, detail).to.equal('dropped');
        rmSync(folder, { recursive: true });
      });

      it('is an error if the tool fails by itself', async () => {
        const folder = stub(connector, 'echo "cannot load library" >&2; exit 3');
        const { verdict, detail } = await seen(by(connector), 'connect', portOf(silent), { folder });
        expect(verdict).to.equal('error');
        expect(detail).to.contain('cannot load library');
        rmSync(folder, { recursive: true });
      });
    });
  }

  (has('bash', '--version') ? it : it.skip)('by bash sends nothing', async () => {
    await seen(by('bash'), 'connect', portOf(silent));
    expect(received).to.equal('');
  });

  (has('wget', '--version') ? it : it.skip)(
    'by wget asks for the head of a page alone, follows to no other address, and passes by every proxy',
    async () => {
      const visits: Socket[] = [];
      elsewhere.on('connection', (socket) => visits.push(socket));
      const port = portOf(talkative);
      const proxy = `http://127.0.0.1:${portOf(elsewhere)}`;
      const folder = stub('wgetrc', `use_proxy = on\nhttp_proxy = ${proxy}`);
      const environment = { http_proxy: proxy, WGETRC: path.join(folder, 'wgetrc') };
      const { verdict, detail } = await seen(by('wget'), 'connect', port, { environment });
      expect(verdict, detail).to.equal('allowed');
      expect(received).to.match(/^HEAD \/ HTTP/);
      expect(visits).to.deep.equal([]);
    },
  );

  it('by wget hears the refusal after all that wget says before it', async () => {
    const head = `Spider mode enabled. Check if remote file exists.\n--2026-01-01 12:00:00--  http://[${'fd00:1234:'.repeat(7)}1]:80/\n`;
    const folder = stub(
      'wget',
      `printf '%s' '${head}Connecting to [fd00::1]:80... failed: Connection refused.' >&2; exit 4`,
    );
    const { verdict, detail } = await seen(by('wget'), 'connect', 80, { folder });
    expect(verdict, detail).to.equal('rejected');
    rmSync(folder, { recursive: true });
  });

  it('takes nc if nothing else is said, and data as arguments', async () => {
    const folder = stub('nc', 'echo "nc $*"');
    const { output, verdict } = await seen(plain, 'connect', 7, { folder, host: '::1' });
    expect(output).to.equal('nc -n -z -v ::1 7');
    expect(verdict).to.equal('allowed');
    rmSync(folder, { recursive: true });
  });

  it('gives them to wget as well, with no other limit than its own', async () => {
    const folder = stub('wget', 'echo "wget $*"; exit 3');
    const { output, verdict } = await seen(by('wget'), 'connect', 7, { folder, host: '::1' });
    expect(output).to.equal('wget --spider --no-proxy --max-redirect=0 -T 900 -t 1 http://[::1]:7/');
    expect(verdict).to.equal('error');
    rmSync(folder, { recursive: true });
  });

  it('by wget takes nothing but its own word for a connection', async () => {
    const folder = stub('wget', 'echo "Connecting to 10.0.0.1:80... failed: Socket is not connected." >&2; exit 4');
    const { verdict, exitCode } = await seen(by('wget'), 'connect', 80, { folder });
    expect([verdict, exitCode]).to.deep.equal(['error', 4]);
    rmSync(folder, { recursive: true });
  });

  it('takes no unknown tool for a success', async () => {
    const { verdict, exitCode } = await seen(plain, 'connect', portOf(silent), {
      environment: { PODREACH_CONNECT: 'telnet' },
    });
    expect([verdict, exitCode]).to.deep.equal(['error', 127]);
  });
});

/** A folder with one program of this name. */
const stub = (name: string, text: string): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'podreach-connect-'));
  writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return folder;
};

describe('a datagram to a server that is not ours', () => {
  const knock = (text: string, timeoutMs = LONG_MS) => {
    const folder = stub('nc', text);
    return seen(plain, 'knock', 53, { folder, timeoutMs }).finally(() => rmSync(folder, { recursive: true }));
  };

  it('is allowed when anything comes back, whatever it is', async () => {
    expect((await knock('echo "anything at all"')).verdict).to.equal('allowed');
  });

  it('proves nothing when nothing comes back', async () => {
    const { verdict, detail } = await knock('exec sleep 20', SHORT_MS);
    expect(verdict).to.equal('unsupported');
    expect(detail).to.contain('a silent UDP server');
  });

  it('is rejected when its refusal comes back', async () => {
    expect((await knock('exit 0')).verdict).to.equal('rejected');
    expect((await knock('echo "nc: read: Connection refused" >&2; exit 1')).verdict).to.equal('rejected');
  });

  it('is an error when it could not be sent', async () => {
    expect((await knock('echo "nc: Network is unreachable" >&2; exit 1')).verdict).to.equal('error');
  });
});
