/** How long an attempt hangs that nobody kills. */
export const HANG_S = 3;

/**
 * An `nc` that talks, and whose attempts at a target come out by a plan, one letter each, the last for ever: `o`pen,
 * `c`losed, `h`anging, or an exit code. A file gets the time of each. Only one that hangs can be killed (SIGTERM is
 * ignored from the start), because a busy machine would otherwise kill attempts before they say how they come out.
 */
export const ncStub = (folder: string, plans: Readonly<Record<string, string>>): string => `#!/bin/sh
[ "$1 $2 $#" = "-n -z 4" ] || exit 99
read -r seconds rest </proc/uptime
echo "$seconds" >>"${folder}/$3,$4"
echo "$3 $4 open"
count=0
while read -r line; do count=$((count + 1)); done <"${folder}/$3,$4"
case $3,$4 in
${Object.entries(plans)
  .map(([target, plan]) => `  ${target}) set -- ${plan} ;;`)
  .join('\n')}
esac
while [ "$count" -gt 1 ] && [ $# -gt 1 ]; do shift; count=$((count - 1)); done
case $1 in
  o) exit 0 ;;
  c) exit 1 ;;
  h) exec env --default-signal=TERM sh -c 'sleep ${HANG_S}; exit 143' ;;
  *) exit "$1" ;;
esac
`;
