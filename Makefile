# OKR Coach. `make` lists the commands; each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
export PIP_NO_INPUT := 1

.DEFAULT_GOAL := help
.PHONY: help review test serve bench fmt train lock

help: ## List the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(VENV)/default.stamp: requirements/default.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install -r requirements/default.txt
	$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/default.stamp
	$(PIP) install -r requirements/dev.txt
	@touch $@

$(VENV)/train.stamp: requirements/train.txt $(VENV)/default.stamp
	$(PIP) install torch==2.13.0
	$(PIP) install -r requirements/train.txt
	@touch $@

review: $(VENV)/default.stamp ## Review a sample draft with the embedded models
	@$(BIN)/okr-coach review corpus/sample-draft.md --context corpus/sample-context.yaml --fail-on never
	@echo
	@echo "Review your own:  $(BIN)/okr-coach review FILE      Serve the API and page:  make serve"

test: $(VENV)/dev.stamp ## Lint, types, tests and the eval gate
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile
	@tools/get-chromium.sh $(BIN)/python
	@tools/get-editors.sh
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile
	$(BIN)/okr-coach eval

serve: $(VENV)/default.stamp ## Serve on http://127.0.0.1:8000
	$(BIN)/okr-coach serve

bench: $(VENV)/dev.stamp $(VENV)/train.stamp ## Measure speed against named alternatives
	$(BIN)/python -m evals.bench

fmt: $(VENV)/dev.stamp ## Format and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train: $(VENV)/train.stamp ## Rebuild the embedded models from corpus/
	$(BIN)/okr-coach train

lock: $(VENV)/dev.stamp ## Renew the locked versions
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements/default.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --extra dev --unsafe-package pip --constraint requirements/default.txt --output-file requirements/dev.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --extra train --constraint requirements/default.txt --unsafe-package torch --output-file requirements/train.txt pyproject.toml
