# The short names of what CMake, ./run and ./test do.
PRESET ?= debug

.PHONY: all test run bench fuzz drills deb format clean
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
fuzz:
	@bash -c 'set -eu; . tests/lib.sh; fuzz_all $(or $(SECONDS_EACH),30)'
drills:
	@cmake --preset release >/dev/null && cmake --build build/release
	@XJ_KILLS_SQLITE=100 XJ_KILLS_POSTGRES=10 tests/crash/run
	@XJ_BUILD=$(CURDIR)/build/release build/release/drill_oversell
	@XJ_LEDGER_SEQUENCES=100000 build/release/test_ledger model
deb:
	@cmake --preset release >/dev/null && cmake --build build/release --target xiangji
	@deploy/package
format:
	@find src tests tools -name node_modules -prune -o \( -name '*.c' -o -name '*.h' \) -print0 | xargs -0 clang-format -i
clean:
	rm -rf build .stamps ui/dist
