# `make run` shows the demonstration, `make test` runs every check. Both set themselves up.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STATE := $(CURDIR)/.state
WORKERS ?= 2
# Over the workers, those that are done taking from those that are not: some tests are a hundred times as long as others.
SPREAD := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -p tests.weighed
# What tries everything again and again: lines are traced in the tests beside it, which reach as many (decision 0026).
UNTRACED := exhaustive or mutants or browser
# A mechanism or a chapter of them: no two are called alike.
OF = $(or $(NAME),$(CHAPTER))
FOLDER = $(if $(OF),$(wildcard src/qingfeng/mechanisms/$(OF) src/qingfeng/mechanisms/*/$(OF)))
NAMES = $(notdir $(FOLDER) $(patsubst %/,%,$(wildcard $(FOLDER:=/*/))))
OWN = $(wildcard tests/mechanisms/$(OF) tests/mechanisms/*/$(OF) $(NAMES:%=tests/scenarios/test_%.py))
PARTS := $(wildcard src/qingfeng/locale/*/parts/*.po)

# What is compiled is kept, whatever the machine is set to: else each of hundreds of processes compiles it again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test toys-sqlite toys-postgresql quick quick-style quick-tests lint messages requirements clean

help:
	@echo "make run    set up, load the demonstration and serve it (PORT=8000)"
	@echo "make test   set up and run every check"
	@echo "make quick NAME=leave   one mechanism's own checks, on SQLite; CHAPTER=restraint: a chapter's"
	@echo "make clean  remove what the two have made"

setup: $(VENV)/run.stamp $(VENV)/messages.stamp

$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	@PYTHON=$(PYTHON) sh tools/system.sh run
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/messages.stamp: $(VENV)/run.stamp $(PARTS) tools/messages.py
	$(BIN)/python tools/messages.py compile
	@touch $@

run: setup
	@$(BIN)/python tools/port.py $(PORT)
	QINGFENG_HOME="$(STATE)/demonstration" QINGFENG_DEMO=true $(BIN)/qingfeng demo
	QINGFENG_HOME="$(STATE)/demonstration" QINGFENG_DEMO=true $(BIN)/qingfeng serve --port $(PORT)

lint: setup $(VENV)/test.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	QINGFENG_HOME="$(STATE)/lint" $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/messages.py check

# What runs on one core goes side by side; tests share the cores between them.
test:
	@PYTHON=$(PYTHON) sh tools/system.sh test
	@$(MAKE) --no-print-directory setup $(VENV)/test.stamp
	@$(MAKE) --no-print-directory -j 3 --output-sync=target lint toys-sqlite toys-postgresql
	$(SPREAD) -m "not ($(UNTRACED))" -p tests.traced
	$(SPREAD) -m "$(UNTRACED)"
	$(SPREAD) --database=postgresql -m "database and not browser and not mutants"

# Few tests: more processes would take longer to begin than they save.
toys-sqlite toys-postgresql: toys-%:
	$(BIN)/python -m pytest --ds=tests.toys.settings tests/toys --database=$*

quick: setup $(VENV)/test.stamp
	@test -n "$(FOLDER)" || { echo "NAME=… or CHAPTER=… is one of:"; ls -d src/qingfeng/mechanisms/[!_]*/ \
		src/qingfeng/mechanisms/[!_]*/[!_]*/ | xargs -n 1 basename; exit 2; }
	@$(MAKE) --no-print-directory -j 2 --output-sync=target quick-style quick-tests

quick-style:
	$(BIN)/ruff check $(OWN) $(FOLDER)
	$(BIN)/ruff format --check $(OWN) $(FOLDER)
	QINGFENG_HOME="$(STATE)/lint" $(BIN)/mypy $(FOLDER)

quick-tests:
	$(SPREAD) $(OWN) tests/walk/test_walk.py --of $(OF)

requirements:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes --no-strip-extras --no-annotate --no-header \
		--no-emit-index-url pyproject.toml requirements/build.in -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes --no-strip-extras --no-annotate --no-header \
		--no-emit-index-url --extra test -c requirements/run.txt pyproject.toml requirements/build.in \
		-o requirements/test.txt

clean:
	rm -rf $(VENV) $(STATE) .mypy_cache .pytest_cache .ruff_cache .hypothesis src/*.egg-info
	find src -name '*.mo' -delete
