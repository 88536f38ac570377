import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { type StreamTarget, streamArgv } from '../../src/streams/script.ts';
import { ownFolder, SHELLS } from './stub-tools.ts';

const TARGET: StreamTarget = { protocol: 'TCP', host: '10.0.0.1', port: 80, ask: 'who$(id)%s' };

/** An nc that says how it was called, and gives back what it gets. */
const ECHO = 'echo "nc $*" >&2\ntrap "" TERM\nexec cat\n';
const ENDING = 'echo "nc: connect failed" >&2\nexit 1\n';
const STUCK = 'exec sleep 20\n';

for (const shell of SHELLS)
  describe(`the script of a stream in ${shell.join(' ')}`, function () {
    this.timeout(10_000);
    const folder = ownFolder();

    const start = (nc: string, target: Partial<StreamTarget> = {}, seconds = 10) => {
      folder.write('nc', nc);
      const [, ...argv] = streamArgv({ ...TARGET, ...target }, seconds);
      const [program, ...flags] = shell;
      const child = spawn(program, [...flags, ...argv], { env: { PATH: `${folder.path}:${process.env.PATH}` } });
      const heard = { stdout: '', stderr: '' };
      child.stdout.on('data', (data) => {
        heard.stdout += data;
      });
      child.stderr.on('data', (data) => {
        heard.stderr += data;
      });
      return { child, heard };
    };
    const ended = async (child: ChildProcess) => {
      if (child.exitCode === null) await once(child, 'close');
    };

    it('sends a request for each line over TCP, whatever is asked, and ends when it is told to', async () => {
      const { child, heard } = start(ECHO);
      child.stdin?.write('0\n1\nstop\n');
      await ended(child);
      const request = 'GET /who$(id)%s HTTP/1.1\r\nHost: podreach\r\n\r\n';
      expect(heard.stdout).to.equal(request.repeat(2));
      const [first, ...lines] = heard.stderr.trimEnd().split('\n');
      expect(first).to.equal('ready');
      expect(lines).to.have.members(['nc -n -v -q 0 10.0.0.1 80', 'passed 0', 'passed 1', 'ended 0']);
    });

    it('asks who it is over UDP, and then for the number of the line', async () => {
      const { child, heard } = start(ECHO, { protocol: 'UDP', ask: 'hostname' });
      child.stdin?.write('0\n1\n2\nstop\n');
      await ended(child);
      expect(heard.stdout).to.equal('hostname\necho 1;\necho 2;\n');
      expect(heard.stderr).to.contain('nc -n -u -q 0 10.0.0.1 80\n');
    });

    it('ends with its input, and with nc', async () => {
      const cut = start(ECHO);
      cut.child.stdin?.end();
      await ended(cut.child);
      expect(cut.heard.stderr).to.contain('ended 0\n');
      const failed = start(ENDING);
      while (!failed.heard.stderr.includes('ended')) await once(failed.child.stderr, 'data');
      expect(failed.heard.stderr).to.contain('nc: connect failed\nended 1\n');
      failed.child.stdin?.end();
      await ended(failed.child);
    });

    it('ends after its time, if nobody else ends it', async () => {
      const { child, heard } = start(STUCK, {}, 1);
      while (!heard.stderr.includes('ended')) await once(child.stderr, 'data');
      expect(heard.stderr).to.match(/ended (?:124|143)\n/);
      child.stdin?.end();
      await ended(child);
    });
  });
