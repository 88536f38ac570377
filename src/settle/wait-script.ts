/** What the canary's ports are waited to become. */
export type PortState = 'open' | 'closed';

/**
 * Waits in a pod until a port is open, or closed, at every address at once. Constant text; the arguments are
 * `<open|closed> <deadline in seconds> <port> <address>…`. Prints a line per address, `<address> yes`, `<address> no`
 * at the deadline or `<address> broken <exit code>`, and `end` when all are done.
 *
 * `closed` takes six attempts in a row that get no answer: one alone may only have been starved.
 *
 * An attempt is one `nc`, ended after 200 ms by a `kill` of the shell's own: BusyBox's `timeout` knows whole seconds
 * only, and Linux repeats a dropped SYN only after one. A refusal comes at once, so a pause follows it.
 */
export const WAIT_SCRIPT = `
LC_ALL=C; export LC_ALL
wanted=$1 deadline=$2 port=$3; shift 3
uptime_s() { IFS=. read -r seconds rest </proc/uptime; }
attempt() {
  nc -n -z "$1" "$port" >/dev/null 2>&1 </dev/null &
  tool=$!
  { sleep 0.2; kill "$tool"; } >/dev/null 2>&1 &
  wait "$tool" 2>/dev/null
}
watch() {
  misses=0
  while :; do
    attempt "$1"
    code=$?
    case $wanted,$code in
      *,12[67]) echo "$1 broken $code"; return ;;
      open,0) echo "$1 yes"; return ;;
      open,1) sleep 0.2 ;;
      closed,0) misses=0; sleep 0.2 ;;
      closed,1 | closed,143)
        misses=$((misses + 1))
        [ "$misses" -lt 6 ] || { echo "$1 yes"; return; }
        [ "$code" = 143 ] || sleep 0.2 ;;
      open,143) ;;
      *) echo "$1 broken $code"; return ;;
    esac
    uptime_s
    [ "$seconds" -lt "$end" ] || { echo "$1 no"; return; }
  done
}
uptime_s
end=$((seconds + deadline + 1))
for address; do watch "$address" & done
wait
echo end
`;

export const waitArgv = (
  wanted: PortState,
  deadlineMs: number,
  port: number,
  addresses: readonly string[],
): readonly string[] => [
  'sh',
  '-c',
  WAIT_SCRIPT,
  'wait',
  wanted,
  String(Math.ceil(deadlineMs / 1000)),
  String(port),
  ...addresses,
];

/** What became of each address, by what was printed; an address that has no sound line is missing. */
export const parseWait = (stdout: string): ReadonlyMap<string, string> => {
  const lines = stdout.split('\n');
  if (!lines.includes('end')) return new Map();
  return new Map(
    lines
      .map((line) => /^(\S+) (yes|no|broken \d+)$/v.exec(line))
      .filter((found) => found !== null)
      .map(([, address, state]) => [address as string, state as string]),
  );
};
