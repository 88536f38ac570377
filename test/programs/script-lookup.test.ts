import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { inOctal, type Trial } from '../../src/probe/script.ts';
import { ownFolder, runScript, SHELLS, SHORT_MS } from './stub-tools.ts';

const QUERY = Buffer.from([0, 1, 10, 13, 37, 92, 127, 128, 255, 0]);
const LOOKUP: Trial = { tool: 'name', host: 'web.prod.svc.', port: 80, ask: inOctal(QUERY), sourcePort: 12_345 };

describe('inOctal', () => {
  it('writes three digits for each byte', () => {
    expect(inOctal(Buffer.from([0, 8, 255]))).to.equal(String.raw`\000\010\377`);
  });
});

for (const shell of SHELLS)
  describe(`the probe script's lookup in ${shell.join(' ')}`, function () {
    this.timeout(10_000);
    const stubs = ownFolder();
    const sent = path.join(stubs.path, 'sent');
    const resolvConf = path.join(stubs.path, 'resolv.conf');
    // A variable of a container is none of the script's.
    const environment = { server: '9.9.9.9' };
    const circumstances = (timeoutMs?: number) => ({ shell, folder: stubs.path, resolvConf, environment, timeoutMs });
    const lookUp = async (nc: string, servers = 'nameserver 10.96.0.10\n', timeoutMs?: number) => {
      stubs.write('nc', nc);
      writeFileSync(resolvConf, servers);
      const { attempts, problem } = await runScript([LOOKUP], circumstances(timeoutMs));
      expect(problem).to.equal(null);
      return attempts.get(0);
    };

    it('sends the very bytes of the query from its source port to port 53 of the name server', async () => {
      const attempt = await lookUp(`cat >${sent}; printf '%s' "$*"`);
      expect(Buffer.from((attempt?.output ?? '').replaceAll(' ', ''), 'hex').toString()).to.equal(
        '-n -u -W 1 -p 12345 10.96.0.10 53',
      );
      expect(readFileSync(sent)).to.deep.equal(QUERY);
    });

    it('asks the first server that is written there, whatever is written beside it', async () => {
      const servers =
        '#nameserver 9.9.9.9\nnameservers 9.9.9.9\nsearch a.b c.d\\\nnameserver\tfd00::a extra\noptions ndots:5\nnameserver 1.1.1.1\n';
      const attempt = await lookUp('printf "%s" "$*"', servers);
      expect(Buffer.from((attempt?.output ?? '').replaceAll(' ', ''), 'hex').toString()).to.contain(' fd00::a 53');
    });

    it('reports every byte of the answer, of a long one too', async () => {
      const attempt = await lookUp(String.raw`printf '\000\001\377*\n '; head -c 500 /dev/zero`);
      expect(attempt).to.deep.include({ exitCode: 0, output: `00 01 ff 2a 0a 20${' 00'.repeat(500)}` });
    });

    it('cuts off an answer that no name server gives', async () => {
      const attempt = await lookUp('head -c 2000 /dev/zero');
      expect(attempt?.output).to.equal('00 '.repeat(534).slice(0, 1600));
    });

    it("reports nc's exit code, and its words if it fails", async () => {
      const failed = await lookUp('echo "nc: bind failed: Address already in use" >&2; exit 1');
      expect(failed).to.deep.include({ exitCode: 1, output: 'nc: bind failed: Address already in use' });
      expect(await lookUp('exit 0')).to.deep.include({ exitCode: 0, output: '' });
    });

    it('is ended after its time', async () => {
      const attempt = await lookUp('exec sleep 20', undefined, SHORT_MS);
      expect(attempt?.exitCode).to.be.oneOf([124, 143]);
      expect(attempt?.elapsedMs).to.be.within(SHORT_MS - 50, 19_000);
    });

    it('is no silence if there is no name server to ask', async () => {
      const attempt = await lookUp('exec sleep 20', 'search a.b\n');
      expect(attempt).to.deep.include({
        exitCode: 1,
        output: 'no nameserver in /etc/resolv.conf'.replace('/etc/resolv.conf', resolvConf),
      });
    });
  });
