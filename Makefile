# Blue Heart. `make serve` starts everything, `make test` proves it.
# Options: PORT=9000 make serve · make test ARGS='-k pledge' · PYTHON=/path/to/python3 make serve

.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
ARGS ?=
ifdef PORT
export BLUEHEART_PORT := $(PORT)
endif

test check bench: export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help serve test check bench gallery pictures lock clean

help: ## Says what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

serve: ## Installs what is missing, then serves http://127.0.0.1:8000 (PORT=9000 make serve)
	@sh .ci/setup serve
	@exec $(BIN)/blueheart serve $(ARGS)

test: ## Installs what the tests need, then runs them (make test ARGS='-k name')
	@sh .ci/setup test
	@$(BIN)/python -m pytest $(ARGS)

check: ## Holds format, lint, types, import rules, templates and the built widgets
	@sh .ci/setup check
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/blueheart check
	rm -rf out/widgets && mkdir -p out && cp -R widgets/v1 out/widgets
	npm run --prefix widgets --silent build
	diff -r out/widgets widgets/v1

bench: ## Times the work beside its peers, one JSON line a measurement (make bench ARGS=card-png)
	@sh .ci/setup bench
	@$(BIN)/python tests/bench/run.py $(ARGS)

gallery: ## Draws every example of every template to out/gallery/index.html
	@sh .ci/setup serve
	$(BIN)/blueheart gallery -o out/gallery $(ARGS)

pictures: ## Draws the pictures of README.md anew, into docs/img/
	@sh .ci/setup serve
	@$(BIN)/python docs/pictures.py

lock: ## Writes the lock files anew from pyproject.toml (ARGS=--upgrade for the newest versions)
	@sh .ci/setup check
	@$(BIN)/python -m pip install --quiet 'uv>=0.9'
	$(COMPILE) pyproject.toml --extra cjk --extra s3 --group build -o requirements.lock $(ARGS)
	$(COMPILE) pyproject.toml --extra cjk --extra s3 --group build --group test --group check --group bench \
	  -c requirements.lock -o requirements-dev.lock $(ARGS)

COMPILE := UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --no-config --universal \
  --generate-hashes --no-annotate --python-version 3.11

clean: ## Removes what was installed and built here; data and pledges stay
	rm -rf .venv out dist build widgets/node_modules tests/bench/node_modules
