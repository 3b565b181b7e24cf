# Every entry point of braid. `make` lists them.
#
# Each kind of build has its own folder under build/; the main one, with g++ -O3, is build/ itself.

.DEFAULT_GOAL := help
.NOTPARALLEL:  # the builds below use all cores themselves
.PHONY: help setup build demo install deb test test-all binaries unit properties volume examples \
	hunt asan asan-pool tsan clang compilers includes go package-test bench bench-go layers tidy \
	format clean

# $(call build-in,FOLDER,TARGETS,CMAKE OPTIONS); with BUILT=yes nothing is built.
build-in = $(if $(BUILT),@:,@cmake -S . -B $1 -G Ninja --log-level=WARNING $3 >/dev/null && \
	cmake --build $1 -j $(shell nproc) --target $2)
gcc   := -DCMAKE_CXX_COMPILER=g++
clang := -DCMAKE_CXX_COMPILER=clang++
# Without -g, which only costs time here.
O0    := -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O0
O1    := -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O1
# Files of a folder as one: half of the time for all of them, but more for one that has changed. Who
# works on braid sets UNITY=OFF in the environment.
unity := -DCMAKE_UNITY_BUILD=ON
UNITY ?= ON
main  := $(gcc) -DCMAKE_UNITY_BUILD=$(UNITY)

help:  ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

setup:  ## install the Debian packages that are missing
	@scripts/setup

build:  ## build/braid, with g++ -O3
	$(call build-in,build,braid,$(main))

demo:  ## explore a small program and show one of its schedules
	@scripts/setup --build-only
	@$(MAKE) --no-print-directory build
	build/braid explore foo-vs-after
	build/braid replay foo-vs-after 3g1

PREFIX ?= /usr/local
# The prefix is no part of what is built, so that another one does not need another configuration.
install:  ## braid, its libraries and headers, to PREFIX=/usr/local (under DESTDIR, if given)
	$(call build-in,build,braid-package,$(main) -UCMAKE_INSTALL_LIBDIR)
	@cmake --install build --prefix $(abspath $(PREFIX)) >/dev/null
	@echo "installed in $(DESTDIR)$(abspath $(PREFIX))"

# Debian has libraries for several architectures beside each other.
deb:  ## the Debian packages braid and libbraid-dev, in build/deb
	$(call build-in,build,braid-package,$(main) \
	  -DCMAKE_INSTALL_LIBDIR=lib/$(shell g++ -print-multiarch))
	@rm -rf build/deb
	@cpack --config build/CPackConfig.cmake -B build/deb >build/deb.log 2>&1 || \
	  { cat build/deb.log; exit 1; }
	@ls build/deb/*.deb

test: setup  ## what must pass at each commit; in CI more; ends with "N passed, N failed"
	@scripts/run-tests

test-all: setup  ## all that CI does, all under AddressSanitizer, and g++ -O0: before a release
	@scripts/run-tests --all

binaries:  ## what `make test` runs
	$(call build-in,build,braid braid-tests braid-examples braid-outcomes,$(main))

unit:  ## the Catch2 tests, but for the two kinds below
	$(call build-in,build,braid-tests,$(main))
	RC_PARAMS=seed=1 build/braid-tests "~[properties]~[volume]"

# The same random programs each time; `make hunt` tries others.
properties:  ## those over random programs
	$(call build-in,build,braid-tests,$(main))
	RC_PARAMS=seed=1 build/braid-tests "[properties]"

volume:  ## those of much volume
	$(call build-in,build,braid-tests,$(main))
	build/braid-tests "[volume]"

examples:  ## the tests of examples/
	$(call build-in,build,braid-examples,$(main))
	build/braid-examples

hunt:  ## the property tests on other, and more, random programs
	$(call build-in,build,braid-tests,$(main))
	RC_PARAMS=max_success=3000 build/braid-tests "[properties]"

# [volume]: hundreds of thousands of executions, or of states of a search, or hundreds of processes,
# of code that other tests run too. [dropped]: a fatal error drops a stack that holds an exception, which leaks.
asan:  ## the Catch2 tests with AddressSanitizer and UndefinedBehaviorSanitizer
	$(call build-in,build/asan,braid-tests,$(gcc) $(unity) -DBRAID_SANITIZE=address)
	RC_PARAMS="seed=1 max_success=20" build/asan/braid-tests "~[volume]~[dropped]"

asan-pool:  ## the tests of the runtime with the same sanitizers
	$(call build-in,build/asan,braid-pool-tests,$(gcc) $(unity) -DBRAID_SANITIZE=address)
	build/asan/braid-pool-tests "~[dropped]"

tsan:  ## the tests of the runtime with ThreadSanitizer
	$(call build-in,build/tsan,braid-pool-tests,$(gcc) $(unity) -DBRAID_SANITIZE=thread)
	build/tsan/braid-pool-tests

clang:  ## braid with clang -O0, in build/clang
	$(call build-in,build/clang,braid,$(clang) $(O0) $(unity))

compilers:  ## braid with clang -O1, in build/clang-O1, and with g++ -O0, in build/gcc-O0
	$(call build-in,build/clang-O1,braid,$(clang) $(O1) $(unity))
	$(call build-in,build/gcc-O0,braid,$(gcc) $(O0) $(unity))

includes:  ## whether each file includes what it uses, which precompiled headers hide
	$(call build-in,build/bare,braid braid-tests,$(gcc) $(O0) -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON)

go:  ## whether what Go does with small programs is what braid explores; nothing where go is missing
	$(call build-in,build,braid-outcomes,$(main))
	scripts/compare-go

package-test:  ## projects of others, built with what `make install` and `make deb` hold
	$(call build-in,build,braid-package,$(main))
	scripts/package-test

bench:  ## the benchmarks
	$(call build-in,build,braid-bench,$(main))
	build/braid-bench

bench-go:  ## what operations of the production scheduler cost, beside Go where it is installed
	$(call build-in,build,braid-beside-go,$(main))
	scripts/bench-go build/braid-beside-go

layers:  ## who may include whom
	@scripts/check-layers

tidy:  ## the rules of style that a script can check
	@scripts/tidy

format:  ## rewrite all sources in the project's form
	find $(wildcard runtime checker scenarios examples tests) -name '*.[ch]pp' | xargs -r clang-format -i

clean:  ## remove everything that was built
	rm -rf build
