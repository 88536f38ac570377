import { renameSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Way } from './network.ts';

/**
 * The tools of a pod: stubs that look a connection up in the pod's table instead of making it, so that podreach's own
 * scripts run as they are, whatever their text. Options stand before host and port, which come last.
 */
const LOOK_UP = `state=dropped answer= pod=
look_up() {
  while read -r p a n s pod_ answer_; do
    [ "$p $a $n" = "$1 $2 $3" ] || continue
    state=$s answer=$answer_ pod=$pod_
    break
  done <"$PODREACH_TABLE"
}
case $PODREACH_MISSING in *"\${0##*/}"*) echo "sh: \${0##*/}: not found" >&2; exit 127 ;; esac
`;

const NC = `#!/bin/sh
${LOOK_UP}
protocol=tcp host= port=
for argument; do
  case $argument in -*u*) protocol=udp ;; esac
  host=$port port=$argument
done
look_up "$protocol" "$host" "$port"
case $protocol,$state in
  *,dropped) exec sleep 900 ;;
  tcp,open) exit 0 ;;
  udp,open)
    # As agnhost's netexec answers.
    while read -r command rest; do
      case $command in
        echo) printf %s "$rest" ;;
        hostname) printf %s "$pod" ;;
        clientip) printf '%s:%s' "$PODREACH_ADDRESS" 40000 ;;
      esac
    done ;;
  tcp,rejected) echo "nc: $host ($host:$port): Connection refused" >&2; exit 1 ;;
  udp,rejected) exit 0 ;;
esac
`;

const WGET = `#!/bin/sh
${LOOK_UP}
for url; do :; done
rest=\${url#*://} rest=\${rest%%/*}
port=\${rest##*:} host=\${rest%:*} host=\${host#[} host=\${host%]}
look_up tcp "$host" "$port"
case $state in
  dropped) exec sleep 900 ;;
  rejected) exit 4 ;;
  open) printf %s "$answer" ;;
esac
`;

const NSLOOKUP = `#!/bin/sh
echo "Server: 10.96.0.10"
`;

/** The tools and tables of every pod of one simulated cluster, in a folder of its own. */
export interface Tools {
  /** Writes what a pod's tools see from now on. */
  see(pod: string, ways: readonly Way[]): void;
  environment(pod: string, address: string, missing?: string): Record<string, string>;
  dispose(): Promise<void>;
}

export const createTools = async (): Promise<Tools> => {
  const folder = await mkdtemp(join(tmpdir(), 'podreach-simulated-'));
  const [programs, tables] = [join(folder, 'bin'), join(folder, 'tables')];
  await mkdir(programs);
  await mkdir(tables);
  const stubs = { nc: NC, wget: WGET, nslookup: NSLOOKUP };
  for (const [name, text] of Object.entries(stubs)) await writeFile(join(programs, name), text, { mode: 0o755 });
  const tableOf = (pod: string): string => join(tables, pod.replace('/', '_'));
  return {
    see: (pod, ways) => {
      const lines = ways.map(({ protocol, address, port, state, hostname, answer }) =>
        [protocol, address, port, state, hostname, answer].join(' '),
      );
      // Whole at any moment, for the tools read it while it is written.
      writeFileSync(`${tableOf(pod)}.new`, lines.map((line) => `${line}\n`).join(''));
      renameSync(`${tableOf(pod)}.new`, tableOf(pod));
    },
    environment: (pod, address, missing = '') => ({
      PATH: `${programs}:/usr/bin:/bin`,
      PODREACH_TABLE: tableOf(pod),
      PODREACH_ADDRESS: address,
      PODREACH_MISSING: missing,
    }),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
};
