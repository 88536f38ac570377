import { serving } from '../serve-script.ts';

/**
 * The command of an outside host: one server per port, all under one shell, which ends as soon as one of them does.
 * Constant text: the ports come as variables. At /clientip, netexec tells callers the address that it sees, and at
 * /hostname its own name.
 */
export const SERVE_HOST_SCRIPT = serving(`for port in $PODREACH_TCP; do
  ( /agnhost netexec --http-port "$port" --udp-port 0; kill -USR1 $$ ) &
done
for port in $PODREACH_SCTP; do
  /agnhost netexec --http-port 0 --udp-port -1 --sctp-port "$port" &
done
for port in $PODREACH_UDP; do
  ( /agnhost netexec --http-port 0 --udp-port "$port"; kill -USR1 $$ ) &
done`);
