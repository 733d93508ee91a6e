# Shared by ./run, ./test and the scripts under tests/. Sourced by bash with `set -eu` and the repository's root as the
# working directory. Each step looks whether it is needed first, so a second run does next to nothing.

say() { printf '%s\n' "$@"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# as_root COMMAND...: as it is for root, else through sudo.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "Please install sudo or run this as root: $*"; fi
}

# ---- packages ----

# What the build and the server need, and what the tests need on top.
build_packages="ca-certificates cmake gcc libc6-dev ninja-build pkg-config libsqlite3-dev libpq-dev libmicrohttpd-dev
    libjansson-dev libsodium-dev libcurl4-openssl-dev libvips-dev zlib1g-dev libcsv-dev
    libxlsxwriter-dev"
test_packages="postgresql-15 chromium-headless-shell curl dpkg-dev fakeroot file nginx-light openssl clang libclang-rt-14-dev clang-format fonts-wqy-zenhei
    slowhttptest"

# need_packages NAME...: one apt-get call for those that are missing.
need_packages() {
    local have missing="" name
    have=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' "$@" 2>/dev/null || true)"
    for name in "$@"; do
        case $have in *" installed:$name "*) ;; *) missing="$missing $name" ;; esac
    done
    # A node and npm from elsewhere serve as well as Debian's.
    command -v npm >/dev/null && command -v node >/dev/null || missing="$missing nodejs npm"
    [ -n "$missing" ] || return 0
    say "Installing with apt:$missing"
    # The database cluster that Debian would make, and services that it would start, are not wanted here.
    case $missing in *postgresql*)
        as_root mkdir -p /etc/postgresql-common
        [ -s /etc/postgresql-common/createcluster.conf ] ||
            echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null ;;
    esac
    local held=""
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        held=/usr/sbin/policy-rc.d
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$held" >/dev/null
        as_root chmod 755 "$held"
    fi
    local code=0 log
    log=$(mktemp)
    { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends -o Dpkg::Options::=--force-confold $missing; } >"$log" 2>&1 || code=$?
    [ -z "$held" ] || as_root rm -f "$held"
    [ "$code" = 0 ] || { tail -n 20 "$log" >&2; rm -f "$log"; fail "apt-get could not install:$missing"; }
    rm -f "$log"
}

# node_ready: the pinned Node 22 and npm of ui/node stand first in PATH. Whatever npm is there fetches them once; Debian 12's
# own would silently leave out packages that need a newer node.
node_ready() {
    local machine=x64
    case $(uname -m) in aarch64 | arm64) machine=arm64 ;; esac
    npm_ci ui/node
    PATH="$PWD/ui/node/node_modules/node-linux-$machine/bin:$PWD/ui/node/node_modules/.bin:$PATH"
    export PATH
}

# npm_ci FOLDER: its node_modules are those of its lock file.
npm_ci() {
    local stamp="$1/node_modules/.xiangji-stamp" want
    want=$(sha256sum <"$1/package-lock.json")
    [ "$(cat "$stamp" 2>/dev/null)" != "$want" ] || return 0
    say "Installing the npm packages of $1"
    (cd "$1" && npm ci --no-audit --no-fund --no-progress --loglevel=error) >/dev/null ||
        fail "npm ci failed in $1"
    printf '%s\n' "$want" >"$stamp"
}

# ---- building ----

# pages_ready: ui/dist is built from the sources that stand in ui/.
pages_ready() {
    local want
    want=$(find ui \( -name node_modules -o -path ui/dist \) -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
    [ ! -d ui/dist ] || [ "$(cat .stamps/ui 2>/dev/null)" != "$want" ] || return 0
    npm_ci ui
    say "Building the pages"
    sh ui/build.sh build >.stamps/ui.log 2>&1 || { cat .stamps/ui.log >&2; fail "The pages did not build."; }
    printf '%s\n' "$want" >.stamps/ui
}

# build PRESET [TARGET...]
build() {
    local preset=$1 log=".stamps/build-$1.log"
    shift
    {
        { [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset"; } &&
            cmake --build "build/$preset" ${1:+--target "$@"}
    } >"$log" 2>&1 || { grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking)' "$log" | tail -n 60 >&2; fail "The build '$preset' failed."; }
}

# fuzz_all SECONDS [TARGET...]: each target of tests/fuzz (or only those named) for that long, two at a time, from its kept
# inputs in tests/fuzz/corpus/NAME/. An input that breaks a target is left in build/fuzz/.
fuzz_all() {
    local program name code=0 names="" seconds=$1
    shift
    build fuzz fuzzers
    for program in build/fuzz/fuzz_*; do
        [ -x "$program" ] || continue
        name=${program##*/fuzz_}
        case " ${*:-$name} " in *" $name "*) ;; *) continue ;; esac
        names="$names $name"
        mkdir -p "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name"
        # The file with the exit status is there only when the target ended by itself.
        rm -f "build/fuzz/$name.status"
        {
            "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1 \
                -artifact_prefix="build/fuzz/$name-" "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name" \
                >"build/fuzz/$name.log" 2>&1 && : >"build/fuzz/$name.status"
        } &
        [ "$(jobs -rp | wc -l)" -lt 2 ] || wait -n || true
    done
    wait
    for name in $names; do
        if [ -e "build/fuzz/$name.status" ]; then
            say "  fuzz $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log") inputs, clean"
        else
            code=1
            say "  fuzz $name: BROKEN"
            tail -n 40 "build/fuzz/$name.log"
        fi
    done
    rmdir tests/fuzz/corpus/*/ 2>/dev/null || true
    return $code
}

# ---- a PostgreSQL of our own ----

# postgres_start FOLDER [OPTION=VALUE...]: makes a cluster in a new FOLDER and starts it on a unix socket there. initdb
# refuses root, so root hands it to the user postgres; the folder must be where that user can go (not below a 0700 home).
postgres_start() {
    local folder=$1 bin=/usr/lib/postgresql/15/bin as="" setting
    shift
    mkdir -p "$folder"
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$folder"
        as="runuser -u postgres --"
        # A system that was unpacked into a private folder has a root that only root may enter.
        runuser -u postgres -- /bin/true 2>/dev/null || chmod a+rx /
    fi
    # The user postgres may not be able to enter the working directory.
    (cd / && $as "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --lc-collate=C -N) \
        >"$folder.log" 2>&1 || { cat "$folder.log" >&2; fail "initdb failed"; }
    {
        say "listen_addresses = ''"
        say "unix_socket_directories = '$folder'"
        say "max_connections = 200"
        say "shared_buffers = 128MB"
        say "log_min_messages = fatal"
        for setting in "$@"; do say "${setting%%=*} = ${setting#*=}"; done
    } | $as tee -a "$folder/data/postgresql.conf" >/dev/null
    (cd / && $as "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 30 start) >/dev/null ||
        { cat "$folder/server.log" >&2; fail "PostgreSQL did not start"; }
}

# The address of the cluster in FOLDER, for libpq and for DATABASE_URL.
postgres_address() { say "postgres:///postgres?host=$1&user=postgres"; }

postgres_stop() {
    local as=""
    [ "$(id -u)" != 0 ] || as="runuser -u postgres --"
    (cd / && $as /usr/lib/postgresql/15/bin/pg_ctl -D "$1/data" -m immediate stop) >/dev/null 2>&1 || true
    rm -rf "$1" "$1.log"
}

# ---- processes ----

# A number for a listener and the few after it: below those that the kernel gives to clients (32768 and more), because a client's
# connection that is just over keeps its number from a listener for a minute.
random_port() { say $((20000 + RANDOM % 12000)); }
# wait_http PORT PATH SECONDS PID [PAUSE]: until the server there answers 200, or PID ends.
wait_http() {
    local until=$((SECONDS + $3)) status
    while [ $SECONDS -lt $until ]; do
        kill -0 "$4" 2>/dev/null || return 1
        if { exec 9<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null; then
            printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&9
            status=""
            read -r -t 5 status <&9 || true
            exec 9>&- 9<&-
            case $status in *" 200 "*) return 0 ;; esac
        fi
        sleep "${5:-0.05}"
    done
    return 1
}

# stop PID...: asks them to end and waits; after 15 s they are ended.
stop() {
    local pid tries
    for pid in "$@"; do [ -z "$pid" ] || kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "$@"; do
        [ -n "$pid" ] || continue
        tries=0
        while kill -0 "$pid" 2>/dev/null && [ $tries -lt 300 ]; do sleep 0.05; tries=$((tries + 1)); done
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}
