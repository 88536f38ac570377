/**
 * Programs that stand in for those of this machine. What they made stands in files below $STUB_STATE: `containers/NAME` with
 * its labels, `images/TAG`, and `calls`, one line for each call. Where a call begins with $STUB_AT the fault
 * happens: `fail`, `hang`, or a signal to podreach, which is the parent, in the middle of it.
 */
const PRELUDE = `#!/bin/sh
call=$(printf '%s ' "\${0##*/}" "$@" | sed 's/-[0-9a-f]\\{4,\\}//g; s#/[^ ]*/##g' | cut -c1-60)
case $call in "go build"*|"go mod"*) call="$call in \${PWD##*/}" ;; esac
echo "$call" >>"$STUB_STATE/calls"
if [ -n "$STUB_AT" ]; then
  case $call in "$STUB_AT"*)
    case $STUB_FAULT in
      fail) echo "broken on purpose" >&2; exit 1 ;;
      hang) exec sleep 900 ;;
      KILL) kill -KILL $PPID; sleep 0.5; exit 1 ;;
      *) kill -"$STUB_FAULT" $PPID; exec sleep 900 ;;
    esac ;;
  esac
fi
`;

const DOCKER = `${PRELUDE}
containers=$STUB_STATE/containers images=$STUB_STATE/images
for last; do :; done
# As Docker fills in a format: the name, and labels.
filled() {
  text=$(printf %s "$2" | sed "s/{{\\.\\(Names\\|Name\\|ID\\)}}/$1/g")
  while IFS='=' read -r label value; do
    text=$(printf %s "$text" | sed "s|{{\\.Label \\"$label\\"}}|$value|g")
  done <"$containers/$1"
  printf '%s\\n' "$text" | sed 's/{{[^}]*}}//g'
}
case $1 in
  version) echo 28.0.0 ;;
  info) echo '{}' ;;
  inspect)
    for one; do
      [ -e "$containers/$one" ] || continue
      printf '{"Id":"%s","Name":"/%s","Created":"2026-01-01T00:00:00Z","Config":{"Labels":{' "$one" "$one"
      sed 's/^\\([^=]*\\)=\\(.*\\)$/"\\1":"\\2"/' "$containers/$one" | paste -s -d , | tr -d '\\n'
      echo '}}}'
    done ;;
  images) ;;
  image) [ -n "$STUB_HAS_IMAGES" ] || [ -e "$images/$(printf %s "$last" | tr / _)" ] ;;
  import) cat "$4" >/dev/null; : >"$images/$(printf %s "$last" | tr / _)" ;;
  load) cat >/dev/null ;;
  run)
    name= labels=
    while [ $# -gt 0 ]; do
      case $1 in
        --name) name=$2 ;;
        --label) labels="$labels$2
" ;;
      esac
      shift
    done
    printf %s "$labels" >"$containers/$name" ;;
  cp) [ "$2" != - ] || cat >/dev/null ;;
  exec) [ "$2" != --interactive ] || cat >/dev/null ;;
  commit) : >"$images/$(printf %s "$last" | tr / _)" ;;
  rm) shift; for one; do case $one in -*) ;; *) rm -f "$containers/$one" ;; esac; done ;;
  rmi) rm -f "$images/$(printf %s "$last" | tr / _)" ;;
  ps)
    format='{{.ID}}'
    filter=
    while [ $# -gt 0 ]; do
      case $1 in --format) format=$2 ;; --filter) case $2 in label=*) filter=\${2#label=} ;; esac ;; esac
      shift
    done
    for file in "$containers"/*; do
      [ -e "$file" ] || continue
      case $filter in
        '') ;;
        *=*) grep -qxF -- "$filter" "$file" || continue ;;
        *) grep -qF -- "$filter=" "$file" || continue ;;
      esac
      filled "\${file##*/}" "$format"
    done ;;
esac
`;

const KIND = `${PRELUDE}
name= kubeconfig=
for argument; do
  case $before in --name) name=$argument ;; --kubeconfig) kubeconfig=$argument ;; esac
  before=$argument
done
case "$1 $2" in
  'version '*) echo 'kind v0.33.0 go1.26.8 linux/amd64' ;;
  'create cluster')
    cat >/dev/null
    for node in control-plane worker; do
      echo "io.x-k8s.kind.cluster=$name" >"$STUB_STATE/containers/$name-$node"
      # A worker that does not come up: what is there by then is half a cluster.
      [ "$STUB_KIND" != half ] || { echo 'ERROR: failed to create cluster: could not start the worker' >&2; exit 1; }
      [ "$STUB_KIND" != hang ] || exec sleep 900
      [ "$STUB_KIND" != interrupted ] || { kill -INT $PPID; exec sleep 900; }
    done ;;
  'delete cluster') rm -f "$STUB_STATE/containers/$name-"* ;;
  'get clusters') ls "$STUB_STATE/containers" | sed -n 's/-control-plane$//p' ;;
esac
`;

const GO = `${PRELUDE}
case "$1 $2" in
  'version '*) echo 'go version go1.26.8 linux/amd64' ;;
  'build '*)
    while [ $# -gt 0 ]; do [ "$1" != -o ] || target=$2; shift; done
    cp "$STUB_STATE/binaries/\${PWD##*/}/"* "$target" ;;
  'list -m') echo "$STUB_STATE/modules" ;;
esac
`;

const MMDEBSTRAP = `${PRELUDE}
for argument; do case $argument in */root.tar) echo "$*" >"$argument" ;; esac; done
`;

export const STUBS: Readonly<Record<string, string>> = { docker: DOCKER, kind: KIND, go: GO, mmdebstrap: MMDEBSTRAP };
