/**
 * A shell that starts servers and ends as soon as one of them does; each server must be followed by `kill -USR1 $$`.
 * The shell is process 1, which ignores a signal without a trap. Its `wait` also reaps what execs leave.
 */
export const serving = (servers: string): string => `
trap 'exit 0' TERM INT
trap 'exit 70' USR1
${servers}
while :; do
  sleep 86400 &
  wait $!
done
`;

/**
 * The command of every pod: starts the servers and ends as soon as one of them does, so that a dead server shows as a
 * dead pod. SCTP servers are exempt, because many kernels open no SCTP socket. Constant text: the TCP ports come as
 * SERVE_PORT_* variables, the SCTP ports in PODREACH_SCTP, the UDP ports as arguments.
 */
export const SERVE_SCRIPT = serving(`if [ -n "$PODREACH_TCP" ]; then
  ( /agnhost porter; kill -USR1 $$ ) &
fi
for port in $PODREACH_SCTP; do
  /agnhost netexec --http-port 0 --udp-port -1 --sctp-port "$port" &
done
for port; do
  ( /agnhost netexec --http-port 0 --udp-port "$port"; kill -USR1 $$ ) &
done`);

const [INPUT, OUTPUT] = ['/dev/shm/podreach-recorder-in', '/dev/shm/podreach-recorder-out'];

/**
 * The same, but first the recorder is started, so that it sees the container's first moment; JOIN_RECORDER reads what it
 * says, until then a pipe holds it. Its arguments come as PODREACH_RECORDER. In addition it tries the pod's own TCP ports,
 * which no policy can forbid: those of its first address, then those of the next.
 */
export const RECORDED_SERVE_SCRIPT = `
if [ -x /recorder ]; then
  mkfifo ${INPUT} ${OUTPUT}
  own=
  left=$PODREACH_ADDRESSES
  while [ -n "$left" ]; do
    for port in $PODREACH_TCP; do own="$own \${left%%,*},$port"; done
    case $left in *,*) left=\${left#*,} ;; *) left= ;; esac
  done
  /recorder $PODREACH_RECORDER $own <>${INPUT} 1<>${OUTPUT} &
fi
${SERVE_SCRIPT}`;

/**
 * What goes in comes to the recorder of RECORDED_SERVE_SCRIPT, and what it says comes out. Both pipes have their other end. The
 * output is opened first: a recorder that ends before anybody reads it would take what it said with it.
 */
export const JOIN_RECORDER = `
[ -x /recorder ] || { echo missing; exit; }
exec 3<&0 4<${OUTPUT}
cat <&3 >${INPUT} 2>/dev/null 4<&- &
exec cat <&4 3<&-
`;
