# What a person runs. Every target does the set-up it needs; a second call costs nothing.
#   make demo ARGS=--compliant      make tests ARGS="-k bandwidth"      make PYTHON=python3.12 demo

VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# The environments of tox.ini, run in the virtual environment that is there already.
TOX := $(BIN)/tox run --current-env -qq

.DEFAULT_GOAL := help
.NOTPARALLEL:
export PYTHON
.PHONY: help demo test tests lint types docs setup clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

demo: $(VENV)/.packages-demo $(VENV)/.installed ## Build the lab, scan it, write the report
	@$(BIN)/hnth demo $(ARGS)

test: $(VENV)/.packages-test $(VENV)/.installed-dev ## Everything that CI checks: lint, types, docs, tests
	@status=0; \
	$(TOX) -e lint,types,docs || status=1; \
	$(TOX) -e tests -- $(ARGS) || status=1; \
	exit $$status

tests: $(VENV)/.packages-test $(VENV)/.installed-dev ## Only the tests: make tests ARGS="-k demo"
	@$(TOX) -e tests -- $(ARGS)

lint types docs: $(VENV)/.installed-dev
	@$(TOX) -e $@

lint: ## Style and likely mistakes (ruff)
types: ## Types (mypy, strict outside tests)
docs: ## Links, help texts and generated pages

setup: $(VENV)/.packages-test $(VENV)/.installed-dev ## Everything that developing needs, and nothing run

clean: ## Remove what make, tox and the tools created; demo/ stays
	rm -rf $(VENV) .tox .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

NEED_VENV := $(if $(wildcard $(BIN)/python),, venv)

# The stamps: each is renewed when what it depends on has changed.
PACKAGES := tools/packages.txt tools/install-packages
PROJECT := pyproject.toml tools/make-venv

$(VENV)/.packages-demo: $(PACKAGES)
	@mkdir -p $(VENV)
	@sh tools/install-packages demo$(NEED_VENV)
	@touch $@

$(VENV)/.packages-test: $(PACKAGES)
	@mkdir -p $(VENV)
	@sh tools/install-packages demo$(NEED_VENV) test browser
	@touch $@ $(VENV)/.packages-demo

$(VENV)/.installed: $(PROJECT)
	@sh tools/make-venv $(VENV)
	@touch $@

$(VENV)/.installed-dev: $(PROJECT)
	@sh tools/make-venv $(VENV) test,lint
	@touch $@ $(VENV)/.installed
