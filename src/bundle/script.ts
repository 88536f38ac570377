import { commandLine } from '../command-line.ts';

/** The cell that a script tries, by the bundle's names. */
export interface ScriptCell {
  readonly from: { readonly namespace: string; readonly pod: string };
  readonly to: { readonly namespace: string; readonly pod: string };
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly family: 'IPv4' | 'IPv6';
}

export interface ScriptOptions {
  /** One sentence. */
  readonly finding: string;
  readonly cell: ScriptCell;
  /** What should be seen. */
  readonly isAllowed: boolean;
  readonly image: string;
  readonly container: string;
  /** How many nodes the pods were on. */
  readonly nodes: number;
}

const word = (value: string | number): string => commandLine([String(value)]);

/**
 * A script for a POSIX shell that needs kubectl alone: it creates the pods, tries the cell, and removes what it created.
 * What is put into it is quoted.
 */
export const reproduceScript = ({
  finding,
  cell,
  isAllowed,
  image,
  container,
  nodes,
}: ScriptOptions): string => `#!/bin/sh
# ${finding.replaceAll(/[^\x20-\x7e]/g, '?')}
#
# Needs kubectl, and a cluster in which it may create namespaces, pods and policies. It creates namespaces of its own
# and removes them in the end.
#
#   IMAGE=...    another place for the image of the pods
#   NODES='a b'  the nodes for the pods; by default the first ones of the cluster
#   KUBECTL=...  another kubectl
#   WAIT=30      for how many seconds the CNI may still be at work
#
# Exit codes: 0 reproduced, 1 not reproduced, 2 could not be tried.
set -u

KUBECTL=\${KUBECTL:-kubectl}
IMAGE=\${IMAGE:-${word(image)}}
WAIT=\${WAIT:-20}
from_namespace=${word(cell.from.namespace)}
from_pod=${word(cell.from.pod)}
to_namespace=${word(cell.to.namespace)}
to_pod=${word(cell.to.pod)}
port=${word(cell.port)}
protocol=${word(cell.protocol.toLowerCase())}
expected=${isAllowed ? 'allowed' : 'blocked'}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2

fail() {
  printf 'could not be tried: %s\\n' "$1" >&2
  exit 2
}

# The arguments are the namespaces that were created.
clean_up() {
  code=$?
  trap - EXIT INT TERM HUP
  # Waits, so that the script can run again at once.
  [ "$#" -eq 0 ] || "$KUBECTL" delete namespace "$@" --timeout=60s >/dev/null || printf 'remove them yourself: %s\\n' "$*" >&2
  exit "$code"
}
set --
trap 'clean_up "$@"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# Prints allowed or blocked, and otherwise what went wrong.
probe() {
  output=$("$KUBECTL" exec -n "$1" "$2" -c ${word(container)} -- \\
    /agnhost connect "$target" --timeout=3s --protocol="$protocol" 2>&1)
  code=$?
  case "$code $output" in
    '0 '*) echo allowed ;;
    *TIMEOUT* | *REFUSED* | *'OTHER: '*'no route to host'* | *'OTHER: '*unreachable*) echo blocked ;;
    *) printf 'the probe broke: %s\\n' "$output" ;;
  esac
}

command -v "$KUBECTL" >/dev/null || fail "$KUBECTL is not there"
[ "$("$KUBECTL" auth can-i create namespaces 2>/dev/null)" = yes ] || fail "$KUBECTL may not create namespaces in this cluster"
# shellcheck disable=SC2086
set -- \${NODES:-$("$KUBECTL" get nodes -o 'jsonpath={.items[*].metadata.name}')}
[ "$#" -gt 0 ] || fail 'the cluster has no nodes'
first_node=$1
second_node=\${2:-$1}
[ "$#" -ge ${nodes} ] || echo 'note: the pods were on ${nodes} nodes; here they share one'
set --

for file in "$here"/manifests/namespaces/*.yaml; do
  namespace=$(basename "$file" .yaml)
  "$KUBECTL" create -f "$file" >/dev/null || fail "the namespace $namespace could not be created"
  set -- "$@" "$namespace"
done
for namespace in "$@"; do
  left=30
  until "$KUBECTL" get serviceaccount default -n "$namespace" >/dev/null 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "the namespace $namespace has no service account"
    sleep 1
  done
done
sed -e "s|@IMAGE@|$IMAGE|g" -e "s|@NODE_1@|$first_node|g" -e "s|@NODE_2@|$second_node|g" "$here/manifests/pods.yaml" |
  "$KUBECTL" create -f - >/dev/null || fail 'the pods could not be created'
for namespace in "$@"; do
  [ -z "$("$KUBECTL" get pods -n "$namespace" -o name)" ] ||
    "$KUBECTL" wait --for=condition=Ready pod --all -n "$namespace" --timeout=120s >/dev/null ||
    fail "the pods in $namespace are not ready"
done

target=
for address in $("$KUBECTL" get pod "$to_pod" -n "$to_namespace" -o 'jsonpath={.status.podIPs[*].ip}'); do
  case $address in
${cell.family === 'IPv6' ? '    *:*) target="[$address]:$port" ;;' : '    *:*) ;;\n    *) target="$address:$port" ;;'}
  esac
done
[ -n "$target" ] || fail "$to_namespace/$to_pod has no ${cell.family} address"

# A pod always reaches itself, so this shows that the server listens. Servers take a moment.
left=20
until [ "$(probe "$to_namespace" "$to_pod")" = allowed ]; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || fail "the server does not even answer itself: $(probe "$to_namespace" "$to_pod")"
  sleep 1
done

if [ -f "$here/manifests/policies.yaml" ]; then
  printf 'without policies: %s\\n' "$(probe "$from_namespace" "$from_pod")"
  "$KUBECTL" create -f "$here/manifests/policies.yaml" >/dev/null || fail 'the policies could not be created'
fi
began=$(date +%s)
while :; do
  seen=$(probe "$from_namespace" "$from_pod")
  case $seen in
    allowed | blocked) ;;
    *) fail "$seen" ;;
  esac
  [ "$seen" != "$expected" ] || break
  [ "$(($(date +%s) - began))" -lt "$WAIT" ] || break
  sleep 1
done
control=$(probe "$to_namespace" "$to_pod")
[ "$control" = allowed ] || fail "the server no longer answers itself: $control"

printf 'seen: %s, expected: %s\\n' "$seen" "$expected"
if [ "$seen" = "$expected" ]; then
  echo 'not reproduced'
  exit 1
fi
echo reproduced
`;
