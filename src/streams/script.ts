import type { Protocol } from '../scenario/index.ts';

/**
 * A connection that stays open: `nc` in a source, and a shell that makes it carry something. The script is constant text;
 * the rest comes as arguments `<TCP or UDP> <host> <port> <what is asked> <seconds>`. For each line of its input, the number
 * of a tick, it sends a request and says so on standard error: `passed <tick>`. What the other end answers is all that
 * comes on standard output. `ready` comes first, and `ended <exit code>` when nc has ended.
 *
 * Over TCP a request is one of HTTP on a connection that stays open, over UDP `echo <tick>;`, because these are what the
 * servers of the probe image answer. Tick 0 asks a UDP server who it is.
 *
 * It ends with the line `stop`, with its input, and after so many seconds at the latest, so it does not outlive its
 * connection for long. There is no -v on UDP, because nc would then send datagrams of its own.
 */
const STREAM_SCRIPT = `
protocol=$1 host=$2 port=$3 ask=$4 seconds=$5
echo ready >&2
{
  while IFS= read -r tick && [ "$tick" != stop ]; do
    case $protocol,$tick in
      UDP,0) printf '%s\\n' "$ask" ;;
      UDP,*) printf 'echo %s;\\n' "$tick" ;;
      *) printf 'GET /%s HTTP/1.1\\r\\nHost: podreach\\r\\n\\r\\n' "$ask" ;;
    esac
    printf 'passed %s\\n' "$tick" >&2
  done
} | {
  case $protocol in UDP) how=-u ;; *) how=-v ;; esac
  timeout "$seconds" nc -n "$how" -q 0 "$host" "$port"
  printf 'ended %s\\n' "$?" >&2
}
`;

/** Where a stream goes, and what it asks there. */
export interface StreamTarget {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  /** For a web server a path without the leading slash; over UDP a command. */
  readonly ask: string;
}

export const streamArgv = ({ protocol, host, port, ask }: StreamTarget, lifetimeSeconds: number): readonly string[] => [
  'sh',
  '-c',
  STREAM_SCRIPT,
  'stream',
  ...[protocol, host, port, ask, lifetimeSeconds].map(String),
];
