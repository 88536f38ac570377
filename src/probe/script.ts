import type { Family } from '../scenario/index.ts';

/**
 * The command that carries all probes of one source. The script is constant text; everything else comes as arguments
 * `<nonce> <seconds> <whole seconds> <probe>…`, where a probe is
 * `<id>,<tool>,<host>,<port>,<what is asked>,<-4, -6 or nothing>,<source port>`. All probes run at the same time. Each
 * prints one line,
 *
 *     <nonce> <id> <exit code> <uptime before> <uptime after> <output> <nonce>:<id>
 *
 * An `all <nonce>` says that all have started, and `end <nonce> <count>` that all are done. Uptimes are seconds in steps
 * of 10 ms, read without a separate process. Output is the tool's first bytes; word splitting folds all white space to
 * single blanks, so that output can't end its line. The id at the end exposes a line that lost its middle.
 *
 * POSIX sh for BusyBox ash and dash. Background jobs read from /dev/null there (POSIX, 2.9.3.1). Starting a program is
 * what a probe costs, so each probe forks twice and executes nothing but the tool, without a `timeout` in front; the
 * tool is BusyBox's wget where there is one, which costs half of GNU's. A watch ends all tools that have had their
 * time; it finds them as the children of their jobs. Its clock is a sleep that starts when every job has begun. Pipes
 * carry the news, because a shell that is forking can lose a signal: each job closes its end of the clock's pipe when
 * it begins, and of the relay's when it ends. The relay then kills the sleep, and the end of the sleep wakes the watch.
 * The relay passes lines on in groups, because every piece of output goes through four processes. A shell forks faster
 * than tools connect, so it waits after every 8 until a program of the lowest priority had the processor: none of the
 * pod's tools wants it then, and answers are seen when they come. `timeout` ends the tools if the kernel does not list
 * children (CONFIG_PROC_CHILDREN), and always ends lookups and the tools for existing servers; BusyBox's gets whole
 * seconds, because it cuts off fractions. The shell waits for every process, because the first process of a container
 * may not reap what others leave.
 *
 * wget's own limit is 900 seconds, so it never ends by itself; Debian's BusyBox crashes if it is given one (-T). There is
 * no -v on UDP, because nc would then send datagrams of its own. Datagrams leave from their given source port
 * (source-ports.ts says why). A name lookup goes to the first server of /etc/resolv.conf, with a prepared message in
 * octal; the answer is printed as hexadecimal bytes.
 *
 * In an existing container, `connect` uses the tool that it has: PODREACH_CONNECT is nc, bash or wget (only GNU's,
 * because it reports when it connected, whatever the server does then, and can be kept from following to another
 * address).
 */
const PROBE_SCRIPT = `
LC_ALL=C; export LC_ALL; unset http_proxy HTTP_PROXY all_proxy ALL_PROXY
set -f
nonce=$1 limit=$2 whole=$3; shift 3
seconds=$limit bound=
[ -r "/proc/$$/task/$$/children" ] || bound=timeout
case $bound,$* in timeout*|*,name,*|*,connect,*|*,knock,*)
  case $(readlink -f "$(command -v timeout)") in *busybox*) seconds=$whole ;; esac ;;
esac
[ -z "$bound" ] || bound="timeout $seconds"
fetch=wget; ! command -v busybox >/dev/null || fetch='busybox wget'
connect() {
  case \${PODREACH_CONNECT:-nc} in
    nc) exec timeout "$seconds" nc -n -z -v "$1" "$2" 2>&1 ;;
    bash) exec timeout "$seconds" bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "$1" "$2" 2>&1 ;;
    wget)
      said=$(exec timeout "$seconds" wget --spider --no-proxy --max-redirect=0 -T 900 -t 1 "http://$host:$2/" 2>&1)
      code=$?
      case $said in *'... connected.'*) code=0 ;; esac
      printf %s "\${said#*Connecting to }"
      return "$code" ;;
    *) return 127 ;;
  esac
}
lookup() {
  server=
  while IFS=' 	' read -r word value rest; do
    case $word in nameserver) server=$value; break ;; esac
  done </etc/resolv.conf
  [ -n "$server" ] || { echo 'no nameserver in /etc/resolv.conf'; return 1; }
  exec 4>&1
  code=$({ { printf "$1" | timeout "$seconds" nc -n -u -W 1 -p "$2" "$server" 53 2>&4; echo $? >&3; } | od -An -v -tx1 >&4; } 3>&1)
  return "$code"
}
attempt() {
  read -r before rest </proc/uptime
  exec >&9 9>&-
  IFS=,; set -- $1
  IFS=' 	
'
  case $3 in *:*) host="[$3]" ;; *) host=$3 ;; esac
  numeric=-n; case $3 in *[g-z]*) numeric=$6 fetch=wget ;; esac
  most=160
  case $2 in
    nc) output=$(exec $bound nc $numeric -z -v "$3" "$4" 2>&1) ;;
    wget|seen) output=$(exec $bound $fetch -q $6 -t 1 -O - "http://$host:$4/$5" 2>&1) ;;
    sctp) output=$(exec $bound /agnhost connect --protocol sctp --timeout 900s "$host:$4" 2>&1) ;;
    connect) output=$(connect "$3" "$4") ;;
    name) most=1600 output=$(lookup "$5" "$7") ;;
    udp|knock)
      [ "$2" = udp ] || bound="timeout $seconds"
      output=$(exec $bound nc $numeric -u -W 1 -p "$7" "$3" "$4" 2>&1 <<EOF
$5
EOF
) ;;
    *) output="no tool $2"; (exit 127) ;;
  esac
  code=$? id=$1
  read -r after rest </proc/uptime
  set -- $output
  printf "%s %s %s %s %s %.\${most}s %s:%s\\n" "$nonce" "$id" "$code" "$before" "$after" "$*" "$nonce" "$id"
}
start() {
  watched= count=0
  for probe; do
    attempt "$probe" &
    case $probe in *,name,*|*,connect,*|*,knock,*) ;; *) watched="$watched $!" ;; esac
    count=$((count + 1))
    [ "$((count % 8))" -ne 0 ] || nice -n 19 true 2>/dev/null
  done
  [ -z "$bound" ] || watched=
  echo "$watched"
  printf 'all %s\\n' "$nonce" >&9
  exec >/dev/null 9>&-
  wait
}
clock() {
  read -r watched
  read -r begun
  [ -n "$watched" ] || exit
  read -r pid rest </proc/self/stat
  echo "clock $pid" >&9
  echo "$watched"
  exec 9>&-
  exec sleep "$limit"
}
end_tools() {
  exec >/dev/null 2>&1 9>&-
  read -r watched
  read -r over
  for job in $watched; do
    tool=
    read -r tool rest <"/proc/$job/task/$job/children"
    [ -z "$tool" ] || kill "$tool"
  done
}
relay() {
  clock= lines= count=0
  while IFS= read -r line; do
    case $line in
      clock*) clock=\${line#clock }; continue ;;
      all*) count=16 ;;
      *) count=$((count + 1)) ;;
    esac
    lines="$lines$line
"
    [ "$count" -lt 16 ] || { printf %s "$lines"; lines= count=0; }
  done
  printf %s "$lines"
  [ -z "$clock" ] || kill "$clock" 2>/dev/null
}
{
  exec 9>&1
  start "$@" | clock | end_tools &
  exec >/dev/null 9>&-
  wait
} | relay
printf 'end %s %s\\n' "$nonce" "$#"
`;

/**
 * How a connection can be tried; the script's second field. `seen` is a wget that asks which address the server sees,
 * `name` looks up the host's name. For existing servers, `connect` only connects, and `knock` sends a datagram.
 */
export type Tool = 'nc' | 'wget' | 'seen' | 'name' | 'udp' | 'sctp' | 'connect' | 'knock';

/** The tools that send a datagram, each from its own source port. */
const DATAGRAM_TOOLS: ReadonlySet<Tool> = new Set(['name', 'udp', 'knock']);
export const sendsDatagram = ({ tool }: Pick<Trial, 'tool'>): boolean => DATAGRAM_TOOLS.has(tool);

export interface Trial {
  readonly tool: Tool;
  /** An IP address or a DNS name. */
  readonly host: string;
  readonly port: number;
  /** The request: for a web server a path without the leading slash; over UDP a command. */
  readonly ask?: string;
  /** For a name: the family of its addresses. */
  readonly family?: Family | undefined;
  /** The source port of a datagram. */
  readonly sourcePort?: number | undefined;
}

/** The argv of a batch. The trials' ids are their indices. */
export const probeArgv = (nonce: string, timeoutMs: number, trials: readonly Trial[]): readonly string[] => [
  'sh',
  '-c',
  PROBE_SCRIPT,
  'probe',
  nonce,
  String(timeoutMs / 1000),
  String(Math.ceil(timeoutMs / 1000)),
  ...trials.map(({ tool, host, port, ask = '', family, sourcePort }, id) =>
    [id, tool, host, port, ask, family === undefined ? '' : `-${family.slice(-1)}`, sourcePort ?? ''].join(),
  ),
];

/** Text that a shell's printf turns back into these bytes. */
export const inOctal = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
