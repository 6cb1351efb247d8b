# Two commands do everything on a fresh machine: `make demo` and `make test`.
# Both make their own virtual environment in .venv and need only Python 3.11+, make and a C++ compiler
# (installed too where apt-get may be used).

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO_OUT ?= demo-out
WORKERS ?= auto
SOURCES := solver geo dispatch scenarios tests

.PHONY: demo test soak lint debug stubs bench system clean

demo: $(VENV)/.demo
	$(BIN)/servicenet demo --out $(DEMO_OUT) --open

test: $(VENV)/.dev
	@sh tools/postgresql.sh
	@sh tools/browser.sh
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile
	@$(MAKE) --no-print-directory debug
	@$(MAKE) --no-print-directory lint

soak: $(VENV)/.dev
	@sh tools/postgresql.sh
	@sh tools/browser.sh
	$(BIN)/python -m pytest --soak -n $(WORKERS) --dist loadfile

lint: $(VENV)/.dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports

# The core with assertions: every applied move is checked against the recomputed cost.
debug: $(VENV)/.dev
	$(BIN)/cmake -S solver/cpp -B build/debug -G Ninja -DCMAKE_BUILD_TYPE=Debug \
	  -DCMAKE_MAKE_PROGRAM=$(abspath $(BIN))/ninja -DPython_EXECUTABLE=$(abspath $(BIN))/python
	$(BIN)/cmake --build build/debug
	SERVICENET_DEBUG_CORE=build/debug $(BIN)/python -m pytest -q --timeout 600 -n $(WORKERS) --dist loadfile \
	  tests/solver

# Regenerates the committed stubs of the compiled modules; a test compares them.
stubs: $(VENV)/.dev
	$(BIN)/python -m nanobind.stubgen -i solver -m solver._engine -o solver/_engine.pyi
	$(BIN)/python -m nanobind.stubgen -i solver -m solver._graph -o solver/_graph.pyi

# Side-by-side benchmarks; BENCH names one, e.g. `make bench BENCH="matrix --roads city.osm.pbf"`.
BENCH ?= --help
bench: $(VENV)/.bench
	$(BIN)/servicenet bench $(BENCH)

$(VENV)/.made:
	@$(MAKE) --no-print-directory system
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	touch $@

CORE_SOURCES := pyproject.toml $(wildcard solver/cpp/*.txt solver/cpp/*/*)

$(VENV)/.demo: $(VENV)/.made $(CORE_SOURCES)
	$(BIN)/python -m pip install --quiet -e ".[demo]"
	touch $@

$(VENV)/.dev: $(VENV)/.made $(CORE_SOURCES)
	$(BIN)/python -m pip install --quiet -e ".[dev,demo,geo,live,postgres,serve]"
	touch $@

$(VENV)/.bench: $(VENV)/.made $(CORE_SOURCES)
	$(BIN)/python -m pip install --quiet -e ".[demo,bench]"
	touch $@

system:
	@sh tools/system.sh $(PYTHON)

clean:
	rm -rf build .venv $(DEMO_OUT)
