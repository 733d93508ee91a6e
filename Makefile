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
	@tests/drills/run
tsan:
	@tests/tsan/run
coverage:
	@tests/coverage/run
lighthouse:
	@bash -c 'set -eu; . tests/lib.sh; node_ready; npm_ci ui; pages_ready; build release; npm_ci tests/browser/lighthouse'
	@tests/browser/run --lighthouse
deb:
	@bash -c 'set -eu; . tests/lib.sh; mkdir -p .stamps; need_packages $$build_packages dpkg-dev file; node_ready; npm_ci tools/places-data; pages_ready; build release xiangji'
	@deploy/package
format:
	@find src tests tools -name node_modules -prune -o \( -name '*.c' -o -name '*.h' \) -print0 | xargs -0 clang-format -i
clean:
	rm -rf build .stamps ui/dist
