# The commands of this project. Each sets up what it needs: make run and make test work in a fresh clone.
#   PYTHON=...         the CPython to use: 3.13, 3.14 or 3.15 (default: a 3.13 on PATH, or pyenv's, else the newest of the others)
#   BUILDTYPE=debug    with assertions, and traces verified between passes
#   JIT=interpreter    what is built: yes, yes-off, interpreter (no native code: needs no clang), interpreter-off, no

export PYTHON BUILDTYPE JIT
VENV = .venv/bin/python
SCRIPT = examples/mandelbrot.py

.PHONY: $(shell sed -n 's/^\([a-z][a-z-]*\):.*/\1/p' Makefile)

build:
	@tools/build

# make run [SCRIPT=app.py ARGS="..."]: the same program on stock Python and under copypatch: output compared, times, what the JIT did
run: build
	@$(VENV) tools/run.py $(SCRIPT) $(ARGS)

test: build
	@tools/setup-tests
	@$(VENV) -m pytest

# the longer proofs, one after another: with `make test` everything that is tested
PROOFS = stress test-versions test-targets test-link conformance test-modes test-llvm test-unoptimized test-dist test-arm64
# those that .ci/run has time for: of the two longest the programs alone
GATE = stress test-versions test-targets test-link conformance test-modes test-llvm gate-unoptimized test-dist gate-arm64

test-all: build
	@set -e; for proof in $(PROOFS); do echo "==== make $$proof"; start=$$(date +%s); \
	  $(MAKE) --no-print-directory $$proof; echo "==== make $$proof: $$(($$(date +%s) - start)) s"; done

# what .ci/run calls
test-gate: build
	@$(MAKE) --no-print-directory test-all PROOFS="$(GATE)"

# the case table (tests/cases/) on the stencils of every target: natively, under an emulator, in a 32-bit build; for each layout of objects and frames
# (CPython 3.13; 3.14 and 3.15); and on a debug build's of each machine
test-targets: build
	@tools/setup-targets
	@$(VENV) tests/targets/case_table.py $(ARGS)
	@$(VENV) tests/targets/case_table.py --layout 314 $(ARGS)
	@$(VENV) tests/targets/case_table.py --debug x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu i686-pc-windows-msvc
	@$(VENV) tests/targets/case_table.py --layout 314 --debug x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu i686-pc-windows-msvc

# what we write into the stencils of every target, against what lld links from the same object files
test-link: build
	@tools/setup-targets
	@$(VENV) tests/link/compare.py $(ARGS)

# the other versions of CPython, those of Debian sid: every program of tests/programs in four modes. make test-versions [ARGS="3.15 --only fourway stress conformance suite"]
test-versions: build
	@$(VENV) tests/other_versions.py $(ARGS)

# the same on a CPython 3.13 built --with-pydebug, which is made where it is not there: make test-pydebug [ARGS="--only suite"]
test-pydebug: build
	@$(VENV) tests/other_versions.py "$$(tools/debug-python)" $(ARGS)

# the product on arm64 Linux, under qemu: tests/programs, random traces, files of CPython's tests
test-arm64: build
	@$(VENV) tests/arm64.py $(ARGS)

# its programs in one mode, without the files of CPython's tests
gate-arm64: build
	@$(VENV) tests/arm64.py --only traces,sampler,programs --mode jit

# no LEAF runs Python code: proven from CPython's source (fetched if it is not there); tests/leaves.txt written anew, look at the diff
leaves:
	@python3 tools/leaves.py --source $$(tools/cpython-source) --write tests/leaves.txt

# make t T=name: the tests whose name contains it
t: build
	@$(VENV) -m pytest -x -k '$(T)'

# make bless T=name: rewrites the expectations of the pass tests (tests/pass/) whose names contain it; look at the diff
bless: build
	@$(VENV) tests/test_passes.py $(T)

bench: build
	@$(VENV) bench/run.py $(ARGS)

# on every version: stock, CPython's own JIT, copypatch. make bench-versions [ARGS="--rounds 3 nbody"]
bench-versions: build
	@$(VENV) bench/versions.py $(ARGS)

# programs around real libraries (bench/real/): none may be below 0.98 of stock's speed. make bench-real [ARGS="--rounds 5 sqlparse"]
bench-real: build
	@$(VENV) bench/real/run.py $(ARGS)

# what recording, optimizing and emitting a trace cost, by stage: PASS or FAIL against the limits
cost: build
	@$(VENV) bench/cost.py $(ARGS)

# how much runs natively, how soon, and what that takes, against the limits: make limits [ARGS="--real", ARGS="--real --bytecodes"]
limits: build
	@$(VENV) bench/limits.py $(ARGS)

# random programs, compared with stock in every mode: make fuzz ARGS="--seconds 60 --seed 1"
fuzz: build
	@$(VENV) tests/fuzz.py $(ARGS)

# every program of tests/programs in every mode: forced exits, the uop interpreter, unoptimized
stress: build
	@$(VENV) -m pytest tests/test_fourway.py --all-modes

# make conformance [T="test_int test_float"]: files of CPython's own test suite, in eager mode and on stock: does each test end alike?
conformance: build
	@$(VENV) tests/conformance.py $(T)

# all of them, and with every third guard failing: takes hours, goes on where it was. make conformance-all [ARGS="--part 1/4 -j 2"] [ARGS=--report]
conformance-all: build
	@$(VENV) tests/conformance_all.py $(ARGS)

# every value of the option jit, and a debug build: built in folders of their own, installed, tested: make test-modes [T="interpreter no"]; T=sanitize: with ASan and UBSan
test-modes: build
	@$(VENV) tests/modes.py $(T)

# the programs, random traces and the case table with stencils made by another LLVM: 19 and 22, installed where that is possible
test-llvm: build
	@tools/setup-llvm 19 22
	@$(VENV) tests/modes.py llvm-19 llvm-22

# the whole suite with traces unoptimized natively, the programs in the uop interpreter too
UNOPTIMIZED = tests
test-unoptimized: build
	@$(VENV) -m pytest --switches "PYTHON_UOPS_OPTIMIZE=0" $(UNOPTIMIZED)
	@$(VENV) -m pytest --switches "PYTHON_UOPS_OPTIMIZE=0 COPYPATCH_INTERPRET=1" tests/test_fourway.py tests/test_attach.py

# without the tests that are about something else than what programs do
gate-unoptimized: build
	@$(MAKE) --no-print-directory test-unoptimized UNOPTIMIZED="tests/test_fourway.py tests/test_attach.py"

# dist/: the source distribution and wheels for x86-64 and arm64 Linux, tried where there is no clang (ARGS=--no-trial: not tried)
dist: build
	@$(VENV) tools/dist.py $(ARGS)

# the same for 3.13 alone: what CI has time for
test-dist: build
	@$(VENV) tools/dist.py 3.13

# the stencils made anew, though nothing has changed, and the build
regen-jit:
	@tools/setup
	@mkdir -p build
	@rm -rf stencils/generated
	@$(VENV) tools/stencils/build.py -f -o build
	@tools/build

clean-jit-stencils:
	rm -f build/stencils-*.h

# docs/uops.md from src/ir/uops.def
docs:
	@tools/setup
	@$(VENV) tools/gen_uops.py markdown src/ir/uops.def src/runtime/runtime.def > docs/uops.md

clean:
	rm -rf build .venv .pytest_cache copypatch/*.so copypatch/__pycache__
