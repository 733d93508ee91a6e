# The short names of what CMake, ./run and ./test do.
PRESET ?= debug

.PHONY: all test run bench scale fuzz drills tsan coverage lighthouse deb format clean
all: build/$(PRESET)/build.ninja
	@cmake --build build/$(PRESET)
build/$(PRESET)/build.ninja:
	@cmake --preset $(PRESET)
test:
	@./test
run:
	@./run
bench:
	@cmake --preset release >/dev/null && cmake --build build/release
	@tests/load/run
scale:
	@cmake --preset release >/dev/null && cmake --build build/release --target xiangji
	@tests/scale/run
fuzz:
	@bash -c 'set -eu; . tests/lib.sh; fuzz_all $(or $(SECONDS_EACH),30)'
drills:
	@cmake --preset release >/dev/null && cmake --build build/release
	@XJ_KILLS_SQLITE=1000 XJ_KILLS_POSTGRES=50 XJ_FAULT_ROUNDS=50 XJ_POWER_CUTS=20000 tests/crash/run
	@XJ_FAILOVERS=20 tests/standby/run
	@tests/mutants/run
	@tests/security/run full
	@tests/soak/run
	@tests/scale/run
	@XJ_SEEDS=5000 build/release/drill_simulation
	@XJ_BUILD=$(CURDIR)/build/release build/release/drill_oversell
	@XJ_FAULTS_LONG=1 build/release/drill_faults
	@XJ_FULL_ROUNDS=100 build/release/drill_disk_full
	@XJ_LEDGER_SEQUENCES=100000 build/release/test_ledger model
tsan:
	@tests/tsan/run
coverage:
	@tests/coverage/run
lighthouse:
	@bash -c 'set -eu; . tests/lib.sh; node_ready; npm_ci ui; pages_ready; build release; npm_ci tests/browser/lighthouse'
	@tests/browser/run --lighthouse
deb:
	@cmake --preset release >/dev/null && cmake --build build/release --target xiangji
	@deploy/package
format:
	@find src tests tools -name node_modules -prune -o \( -name '*.c' -o -name '*.h' \) -print0 | xargs -0 clang-format -i
clean:
	rm -rf build .stamps ui/dist
