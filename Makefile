# Everything is installed into .venv in this folder and nowhere else; `rm -rf .venv` undoes it.
# Each stamp carries the checksum of the file it stands for, so a step runs again only when that file changed.

.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
checksum = $(shell cat $(1) | cksum | cut -d' ' -f1)

RUN_STAMP := $(VENV)/.spruce-requirements-$(call checksum,requirements.txt)
DEV_STAMP := $(VENV)/.spruce-requirements-dev-$(call checksum,requirements-dev.txt)
SELF_STAMP := $(VENV)/.spruce-project-$(call checksum,pyproject.toml)
# The development requirements hold all others in the same versions, so where they are, nothing is missing.
DEVELOPING := $(or $(wildcard $(DEV_STAMP)),$(filter bench check lint test,$(MAKECMDGOALS)))
INSTALLED := $(if $(DEVELOPING),$(DEV_STAMP),$(RUN_STAMP))

.PHONY: help demo test check lint bench lock clean ready

help: ## Say what can be made
	@echo "Spruce watches Meta ads from Slack. These commands install what they need into $(VENV) first:"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-14s%s\n", $$1, $$2}'
	@echo
	@echo "Another Python: make demo PYTHON=/path/to/python3.12. Options of a command: make demo ARGS=--check"

demo: ready ## Start Spruce beside a stand-in Slack and a stand-in ad account, and print the page's address
	@echo "spruce: starting the demo"
	@$(VENV)/bin/spruce demo $(ARGS)

test: ready ## Run every test, on this machine alone
	@echo "spruce: running the tests"
	@$(PY) -m pytest -n 2 --dist loadfile $(ARGS)

check: lint test ## Everything a change must pass: format, lint, types, import contracts, tests

lint: ready ## Check format, style, types and import contracts
	@echo "spruce: checking format and style"
	@$(VENV)/bin/ruff format --check --quiet . || { echo "spruce: run $(VENV)/bin/ruff format ."; exit 1; }
	@$(VENV)/bin/ruff check --quiet .
	@echo "spruce: checking types"
	@$(VENV)/bin/mypy
	@echo "spruce: checking import contracts"
	@$(VENV)/bin/lint-imports --no-logo

bench: ready ## Run the benchmarks
	@for file in bench/[a-z]*.py; do echo "spruce: running $$file"; $(PY) "$$file" || exit 1; done

UV ?= uv
LOCK = $(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate --no-strip-extras
lock: ## Write the requirements files anew from pyproject.toml (needs uv; UPGRADE=--upgrade for newer versions)
	@echo "spruce: locking what running needs"
	@$(LOCK) $(UPGRADE) --group build pyproject.toml -o requirements.txt
	@echo "spruce: locking what developing needs, in the same versions"
	@$(LOCK) $(UPGRADE) --constraint requirements.txt --group dev pyproject.toml -o requirements-dev.txt

clean: ## Remove what these commands installed and cached; databases and settings stay
	@echo "spruce: removing $(VENV) and caches"
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find bot handlers jobs storage tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

ready: $(INSTALLED) $(SELF_STAMP)

$(PY):
	@set -e; found=; for name in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$$name; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "spruce: Python 3.11 or newer is needed and was not found (make demo PYTHON=/path/to/python3.11)" >&2; exit 1; \
	fi; \
	rm -rf $(VENV); \
	echo "spruce: creating $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv $(VENV) || { rm -rf $(VENV); \
		echo "spruce: this Python cannot make virtual environments; on Debian: sudo apt-get install python3-venv" >&2; exit 1; }

$(RUN_STAMP): | $(PY)
	@echo "spruce: installing what running needs (requirements.txt, checked by hash; about a minute)"
	@$(PIP) install --require-hashes -r requirements.txt
	@rm -f $(VENV)/.spruce-requirements-* && touch $@

$(DEV_STAMP): | $(PY)
	@echo "spruce: installing what developing needs (requirements-dev.txt, checked by hash; about a minute)"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@rm -f $(VENV)/.spruce-requirements-* && touch $@

$(SELF_STAMP): | $(INSTALLED)
	@echo "spruce: installing Spruce itself, editable"
	@$(PIP) install --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/.spruce-project-* && touch $@
