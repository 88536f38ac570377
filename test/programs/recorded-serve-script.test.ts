import { expect } from 'chai';
import { execa } from 'execa';
import { JOIN_RECORDER, RECORDED_SERVE_SCRIPT } from '../../src/deploy/serve-script.ts';
import { inFolder } from '../unit/scripts/temporary-folder.ts';

/** Says its arguments, and what it is told until it is to stop. */
const RECORDER =
  '#!/bin/sh\necho "begin $*"\nwhile read -r line; do\necho "heard $line"\n[ "$line" = stop ] && exit\ndone\n';
const ENV = {
  PODREACH_TCP: '80 81',
  PODREACH_ADDRESSES: '10.9.0.1,fd00::1',
  PODREACH_RECORDER: '15 250 60 10.0.0.1,80',
};

describe('the recorder of a container', () => {
  it('runs beside the servers with the ports of each address of the pod, and is joined later', async () => {
    const files = { recorder: RECORDER, agnhost: '#!/bin/sh\nexec sleep 3\n' };
    await inFolder(files, async (folder) => {
      const here = (script: string): string =>
        script
          .replace(/\/(recorder|agnhost)(?=[ \n])/g, `${folder}/$1`)
          .replaceAll('/dev/shm', folder)
          .replace('sleep 86400', 'sleep 1');
      const serving = execa('sh', ['-c', here(RECORDED_SERVE_SCRIPT), 'serve'], {
        env: ENV,
        reject: false,
        stdio: 'ignore',
      });
      const until = `until [ -p ${folder}/podreach-recorder-out ]; do sleep 0.02; done`;
      // A busy machine may let the recorder read its input, and end, before anybody reads what it says.
      const slow = here(JOIN_RECORDER).replace('exec cat', 'sleep 0.3\nexec cat');
      const joined = await execa('sh', ['-c', `${until}\n${slow}`], { input: 'ping 7\nstop\n', timeout: 10_000 });
      expect(joined.stdout.split('\n')).to.deep.equal([
        'begin 15 250 60 10.0.0.1,80 10.9.0.1,80 10.9.0.1,81 fd00::1,80 fd00::1,81',
        'heard ping 7',
        'heard stop',
      ]);
      serving.kill();
      expect((await serving).exitCode).to.equal(0);
    });
  });

  it('is missing in an image without it, and that is said', async () => {
    await inFolder({}, async (folder) => {
      const script = JOIN_RECORDER.replace('/recorder', `${folder}/recorder`);
      expect((await execa('sh', ['-c', script])).stdout).to.equal('missing');
    });
  });
});
