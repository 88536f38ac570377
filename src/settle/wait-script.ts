/** The state to wait for. */
export type PortState = 'open' | 'closed';

/** One TCP port at one IP address. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

/**
 * Waits in a pod until every target's port is open, or closed, all at once. Constant text; the arguments are
 * `<open|closed> <deadline in seconds> <address>,<port>…`. Prints a line per target, `<target> yes`, `<target> no` at
 * the deadline or `<target> broken <exit code>`, and `end` when all are done.
 *
 * `closed` requires six attempts in a row without an answer: a single one may just have been starved.
 *
 * An attempt is one `nc` that the shell ends with `kill` after 200 ms: BusyBox's `timeout` supports only whole seconds,
 * and Linux resends a dropped SYN only after one second. A refusal comes at once, so a pause follows it.
 */
export const WAIT_SCRIPT = `
wanted=$1 deadline=$2; shift 2
uptime_s() { IFS=. read -r seconds rest </proc/uptime; }
attempt() {
  nc -n -z "\${1%,*}" "\${1##*,}" >/dev/null 2>&1 &
  tool=$!
  { sleep 0.2; kill "$tool"; } >/dev/null 2>&1 &
  wait "$tool"
}
watch() {
  misses=0
  while :; do
    attempt "$1"
    code=$?
    case $wanted,$code in
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
for target; do watch "$target" & done
wait
echo end
`;

const targetText = ({ address, port }: Target): string => `${address},${port}`;

export const waitArgv = (wanted: PortState, deadlineMs: number, targets: readonly Target[]): readonly string[] => [
  'sh',
  '-c',
  WAIT_SCRIPT,
  'wait',
  wanted,
  String(Math.ceil(deadlineMs / 1000)),
  ...targets.map(targetText),
];

/** The result for one target; `broken` has the tool's exit code, or undefined if there was no sound line. */
export type WaitResult = 'yes' | 'no' | { readonly broken: number | undefined };

/** The result for each target, from the printed output. */
export const parseWait = (stdout: string): ((target: Target) => WaitResult) => {
  const lines = stdout.trimEnd().split('\n');
  const isWhole = lines.at(-1) === 'end';
  const states = new Map(
    lines
      .map((line) => /^(\S+) (yes|no|broken \d+)$/v.exec(line))
      .filter((found) => found !== null)
      .map(([, target, state]) => [target as string, state as string]),
  );
  return (target) => {
    const state = isWhole ? states.get(targetText(target)) : undefined;
    if (state === 'yes' || state === 'no') return state;
    return { broken: state === undefined ? undefined : Number(state.slice('broken '.length)) };
  };
};
