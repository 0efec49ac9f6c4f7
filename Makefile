# ConvScope needs Python 3.11 or newer and make; everything else is installed into .venv, once.
PYTHON ?= python3
BIN := .venv/bin
# Tests that run side by side, a thread each: PyTorch's would wait for one another. Some hold real networks, up to 4 GB.
JOBS ?= 2
ARGUMENTS ?=

.PHONY: help setup run test lint format bench

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile

setup: .venv/.development ## install everything that the targets below need

run: .venv/.installed ## open the dashboard in the browser
	$(BIN)/python -m streamlit run app.py --server.fileWatcherType=none $(ARGUMENTS)

test: .venv/.development ## run every test, those in Chromium included
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses $(JOBS) $(ARGUMENTS)

lint: .venv/.development ## ruff, mypy and the rules on imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.development ## rewrite the sources in the project's layout
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.development ## measure the static analysis beside its peers
	$(BIN)/python -m benchmarks.static_analysis $(ARGUMENTS)

.venv/.created:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and f'ConvScope needs Python 3.11 or newer, and $(PYTHON) is {sys.version.split()[0]}: run make PYTHON=python3.12, say')"
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: requirements.txt .venv/.created
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

.venv/.development: requirements-dev.txt .venv/.installed
	$(BIN)/python -m pip install --quiet --requirement requirements.txt --requirement requirements-dev.txt
	@touch $@
