/**
 * The command of every pod: starts the servers and ends as soon as one of them does, so that a dead server is seen as
 * a dead pod. Constant text: the TCP ports come as SERVE_PORT_* variables, the UDP ports as arguments.
 * The shell is process 1, to which a signal without a trap does nothing; its `wait` also collects what execs leave.
 */
export const SERVE_SCRIPT = `
trap 'exit 0' TERM INT
trap 'exit 70' USR1
if [ -n "$PODREACH_TCP" ]; then
  ( /agnhost porter; kill -USR1 $$ ) &
fi
for port; do
  ( /agnhost netexec --http-port 0 --udp-port "$port"; kill -USR1 $$ ) &
done
while :; do
  sleep 86400 &
  wait $!
done
`;
