import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { hostSource } from '../../src/deploy/hosts/host-source.ts';
import { PodreachError } from '../../src/errors.ts';
import { failureOf } from '../unit/failure-of.ts';
import { inFolder } from '../unit/scripts/temporary-folder.ts';

/** Runs `docker exec <container> <command>…` as the command alone, and tells the container on the error stream. */
const DOCKER = `#!/bin/sh
[ "$1" = exec ] || exit 64
[ "$2" != --interactive ] || shift
echo "in $2" >&2
shift 2
exec "$@"
`;

const SOURCE = hostSource('host:office', 'podreach-office-x7k2a');

describe('hostSource', () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  const within = (docker: string, work: () => Promise<void>): Promise<void> =>
    inFolder({ docker }, (folder) => {
      process.env.PATH = `${folder}:/usr/bin:/bin`;
      return work();
    });
  const exec = (script: string, deadlineMs = 10_000, signal?: AbortSignal) =>
    SOURCE.exec(['sh', '-c', script, 'probe', 'a b', '$(id)'], { deadlineMs, ...(signal && { signal }) });

  it('runs a command in the container, and gives its output and exit code as they are', () =>
    within(DOCKER, async () => {
      expect(SOURCE.endpoint).to.equal('host:office');
      expect(await exec('printf "%s\\n" "$@"')).to.deep.equal({
        stdout: 'a b\n$(id)\n',
        stderr: 'in podreach-office-x7k2a\n',
        exitCode: 0,
      });
      expect(await exec('printf cut; exit 42')).to.include({ stdout: 'cut', exitCode: 42 });
    }));

  it('gives the output of a command as it comes, and passes on its input', () =>
    within(DOCKER, async () => {
      const stdin = new PassThrough();
      const heard: string[] = [];
      const onStdout = (text: string): void => {
        heard.push(text);
        stdin.end(`${text.trim()} heard\n`);
      };
      const onStderr = (text: string): void => void heard.push(text);
      const script = 'echo asked; IFS= read -r line; printf "%s" "$line" >&2';
      const { exitCode } = await SOURCE.exec(['sh', '-c', script], { deadlineMs: 10_000, stdin, onStdout, onStderr });
      expect(exitCode).to.equal(0);
      expect(heard.join('')).to.contain('asked\n').and.to.contain('asked heard');
      expect(heard.join('')).to.contain('in podreach-office-x7k2a\n');
    }));

  it('fails, and never with an exit code, when there is no answer in time', () =>
    within(DOCKER, async () => {
      const error = await failureOf(exec('exec sleep 20', 300));
      expect(error).to.be.instanceOf(PodreachError);
      expect(error.message).to.equal('exec in host:office gave no answer within 300 ms');
    }));

  it('fails on an abort', () =>
    within(DOCKER, async () => {
      const stop = new AbortController();
      const failure = failureOf(exec('exec sleep 20', 10_000, stop.signal));
      stop.abort();
      expect((await failure).message).to.equal('exec in host:office was interrupted');
    }));

  it('fails when it breaks off: killed, endless, or no Docker', () =>
    within(DOCKER, async () => {
      // The endless one has an exit code all the same.
      for (const script of ['kill -9 $$', `trap "exit 0" TERM; yes ${'x'.repeat(4000)}`])
        expect((await failureOf(exec(script))).message).to.equal('exec in host:office broke off');
      process.env.PATH = '/nonexistent';
      expect((await failureOf(exec('true'))).message).to.equal('exec in host:office broke off');
    }));
});
