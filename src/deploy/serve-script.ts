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
