#!/bin/sh
# Builds or checks the pages. The node of Debian 12 is too old for today's tools, and its npm silently leaves out their
# compiled parts; so the machine's npm installs only node/ (Node 22 and an npm of its own), and those do all the rest.
# Usage: sh build.sh [install|build|check|test|types OPENAPI_JSON|node ARGS...]
set -eu
cd "$(dirname "$0")"

case "$(uname -m)" in
x86_64) machine=x64 ;;
aarch64 | arm64) machine=arm64 ;;
*) echo "ui: no Node 22 for the machine $(uname -m)" >&2; exit 1 ;;
esac
node="$PWD/node/node_modules/node-linux-$machine/bin/node"
quiet="--no-audit --no-fund --no-update-notifier --loglevel=error"

# npm writes this file last, so an installation that broke off is done again.
is_installed() {
    [ -f "$1/node_modules/.package-lock.json" ] && [ ! "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ]
}

step="${1:-build}"
if [ ! -x "$node" ] || ! is_installed node; then
    (cd node && npm ci $quiet)
fi
if ! is_installed .; then
    PATH="$(dirname "$node"):$PATH" "$node" node/node_modules/npm/bin/npm-cli.js ci $quiet
fi

case "$step" in
install) ;;
build)
    for part in shop console; do
        "$node" node_modules/vite/bin/vite.js build --config $part/vite.config.ts --logLevel warn
    done
    ;;
check) "$node" node_modules/vue-tsc/bin/vue-tsc.js --noEmit -p tsconfig.json ;;
test) "$node" --disable-warning=ExperimentalWarning --experimental-strip-types --import ./tests/names.mjs --test tests/*.test.ts ;;
types) "$node" node_modules/openapi-typescript/bin/cli.js "$2" --output kit/api.gen.ts ;;
node) shift && exec "$node" "$@" ;;
*) echo "ui: unknown step $step" >&2; exit 2 ;;
esac
