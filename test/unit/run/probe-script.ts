import type { ExecResult } from '../../../src/kube/client.ts';
import type { Behaviour } from '../attach/fake-cluster.ts';

/** Does as the probe script does; `answer` is the exit code, the times and the words for `from host:port`. */
export const probeScript =
  (answer: (probe: string) => string): NonNullable<Behaviour['exec']> =>
  ({ namespace, pod }, argv): ExecResult => {
    const [nonce = '', , , ...trials] = argv.slice(argv.indexOf('probe') + 1);
    const lines = trials.map((trial) => {
      const [id, , host, port] = trial.split(',');
      return `${nonce} ${id} ${answer(`${namespace}/${pod} ${host}:${port}`)} ${nonce}:${id}\n`;
    });
    return { stdout: `${lines.join('')}end ${nonce} ${trials.length}\n`, stderr: '', exitCode: 0 };
  };

export const OPEN = '0 100.00 100.01 ok';
export const SILENT = '124 100.00 102.00 ';
export const REFUSED = '1 100.00 100.01 Connection refused';
