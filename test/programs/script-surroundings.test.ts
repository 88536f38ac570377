import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { Tool, Trial } from '../../src/probe/script.ts';
import { ownFolder, runScript, SHELLS } from './stub-tools.ts';

const TOOLS: readonly Tool[] = ['nc', 'wget', 'seen', 'udp', 'connect', 'knock'];
const PROGRAMS = ['nc', 'wget', 'timeout'];
const trial = (tool: Tool): Trial => ({ tool, host: '127.0.0.1', port: 1, ask: 'hostname', sourcePort: 12_345 });

for (const shell of SHELLS)
  describe(`the probe script's surroundings in ${shell.join(' ')}`, function () {
    this.timeout(10_000);
    const stubs = ownFolder();
    /** What each tool prints if it is this script, as is the `timeout` that runs it. */
    const outputs = async (script: string, environment: Readonly<Record<string, string>> = {}) => {
      for (const program of PROGRAMS) stubs.write(program, script);
      const { attempts, problem } = await runScript(TOOLS.map(trial), { shell, folder: stubs.path, environment });
      expect(problem).to.equal(null);
      return TOOLS.map((_, id) => attempts.get(id));
    };

    it('have no proxy in them, because a server is reached directly or not at all', async () => {
      const proxy = 'http://10.9.9.9:3128';
      const names = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'];
      const environment = Object.fromEntries(names.map((name) => [name, proxy]));
      const told = await outputs(`env | grep -i '_proxy=' || echo none`, environment);
      expect(told.map((one) => one?.output)).to.deep.equal(TOOLS.map(() => 'none'));
    });

    it('speak English, because the script looks for words', async () => {
      for (const environment of [{ LANG: 'de_DE.UTF-8' }, { LC_ALL: 'de_DE.UTF-8' }]) {
        const told = await outputs('env | grep "^LC_ALL="', environment);
        expect(told.map((one) => one?.output)).to.deep.equal(TOOLS.map(() => 'LC_ALL=C'));
      }
    });

    it("leave the exec's own input alone", async () => {
      const told = await outputs('cat');
      expect(told.map((one) => [one?.exitCode, one?.output])).to.deep.equal(
        TOOLS.map((tool) => [0, tool === 'udp' || tool === 'knock' ? 'hostname' : '']),
      );
    });

    it('record what any tool says about its failure', async () => {
      const told = await outputs('echo "connect: Connection refused" >&2; exit 3');
      expect(told.map((one) => [one?.exitCode, one?.output])).to.deep.equal(
        TOOLS.map(() => [3, 'connect: Connection refused']),
      );
    });

    it('take a name of a file for a name, and an empty output for nothing', async () => {
      const told = await outputs('echo "*"');
      expect(told.map((one) => one?.output)).to.deep.equal(TOOLS.map(() => '*'));
      expect((await outputs('exit 0')).map((one) => one?.output)).to.deep.equal(TOOLS.map(() => ''));
    });

    it('get the processor after every 8 probes, at the lowest priority, and need no `nice` for it', async () => {
      const calls = path.join(stubs.path, 'calls');
      const many = Array.from({ length: 17 }, () => trial('nc'));
      stubs.write('nc', 'exit 0');
      stubs.write('nice', `echo "$*" >>${calls}; exec "$3"`);
      const read = () => runScript(many, { shell, folder: stubs.path });
      expect((await read()).attempts.size).to.equal(17);
      expect(readFileSync(calls, 'utf8')).to.equal('-n 19 true\n-n 19 true\n');
      stubs.write('nice', 'echo "no such thing" >&2; exit 127');
      expect((await read()).problem).to.equal(null);
    });

    it('measure each probe by itself', async () => {
      const told = await outputs('sleep 0.3');
      for (const one of told) expect(one?.elapsedMs).to.be.at.least(250);
    });
  });
