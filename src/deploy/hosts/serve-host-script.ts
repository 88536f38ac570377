import { serving } from '../serve-script.ts';

/**
 * The command of an outside host: one server for each port, all in front of the same shell, which ends as soon as one of
 * them does. Constant text: the ports come as variables. netexec tells a caller by which address it sees him, at
 * /clientip, and its own name at /hostname.
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
