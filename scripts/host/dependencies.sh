# The first stage, sourced by scripts/start and scripts/test: Node.js and the packages, wherever the clone stands and
# whatever Node.js the machine has. Plain POSIX sh, for nothing else can be counted on yet.

fail() { # fail WHAT HINT
	printf 'podreach: %s\n%s\n' "$1" "$2" >&2
	exit 2
}

cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"
# Where Go's own installer puts it; a non-login shell often does not know.
command -v go >/dev/null 2>&1 || [ ! -x /usr/local/go/bin/go ] || export PATH="$PATH:/usr/local/go/bin"

installed=node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ -n "$(find package-lock.json -newer "$installed")" ]; then
	command -v npm >/dev/null 2>&1 || fail 'npm is not on this machine' 'install Node.js: https://nodejs.org/'
	echo 'podreach: installing the npm packages of package-lock.json' >&2
	# --include=dev: Node.js itself is one of them, and must come where NODE_ENV=production is set, too.
	options='--include=dev --no-audit --no-fund --loglevel=error'
	# shellcheck disable=SC2086
	npm ci $options </dev/null >&2 ||
		fail 'the npm packages could not be installed' \
			"npm's own words are above; npm 7 or later and a package registry are needed"
fi

node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 22) ? 0 : 1)' </dev/null ||
	fail "Node.js $(node --version) is too old, and the npm package that brings a newer one did not install it" \
		'npm rebuild node --ignore-scripts=false brings it; or install Node.js 22.22 or later'
