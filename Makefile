# Two commands matter: `make demo` and `make test`. `make help` lists the rest.
BOOTSTRAP := sh upstream/dev/bootstrap.sh
PYTHON_BIN := .venv/bin/python
UV := .venv/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"
# `make test ARGS="tests/claims -k reversal"` runs only those tests; without ARGS everything is checked.
ARGS ?=
# `make demo ONCE=1` exits when it has shown what it found, instead of serving the portal.
ONCE ?=

.DEFAULT_GOAL := help
.PHONY: help demo test lint lint-style lint-format lint-layers lint-types format venv venv-demo lock up down

help:
	@echo "make demo          build the two demo practices and serve the portal on http://127.0.0.1:8000"
	@echo "make demo ONCE=1   the same, and exit"
	@echo "make test          lint, types, layers and every test (ARGS=... narrows to those tests)"
	@echo "make lint          lint, types and layers only"
	@echo "make format        let ruff format the code"
	@echo "make venv          make .venv with everything needed to develop"
	@echo "make lock          resolve requirements*.txt into the hashed locks"
	@echo "make up, make down start and stop the embedded PostgreSQL and Redis"

demo:
	@$(BOOTSTRAP) system demo
	@$(BOOTSTRAP) venv demo
	@$(PYTHON_BIN) -m upstream.dev run -- $(PYTHON_BIN) manage.py demo $(if $(ONCE),--once)

test:
	@$(BOOTSTRAP) system test
	@$(BOOTSTRAP) venv dev
ifeq ($(strip $(ARGS)),)
	@status=0; $(MAKE) --no-print-directory --keep-going lint || status=1; \
	$(PYTHON_BIN) -m upstream.dev run -- $(PYTHON_BIN) -m pytest -n 2 || status=1; \
	exit $$status
else
	@$(PYTHON_BIN) -m upstream.dev run -- $(PYTHON_BIN) -m pytest $(ARGS)
endif

lint: lint-style lint-format lint-layers lint-types

lint-style: venv
	@.venv/bin/ruff check --output-format concise .

lint-format: venv
	@.venv/bin/ruff format --check --output-format concise .

lint-layers: venv
	@.venv/bin/lint-imports

lint-types: venv
	@$(PYTHON_BIN) -m upstream.dev run -- .venv/bin/mypy

format: venv
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

venv:
	@$(BOOTSTRAP) system base
	@$(BOOTSTRAP) venv dev

venv-demo:
	@$(BOOTSTRAP) system base
	@$(BOOTSTRAP) venv demo

lock: venv
	@$(UV) requirements.txt -o requirements-lock.txt
	@$(UV) requirements-demo.txt -c requirements-lock.txt -o requirements-demo-lock.txt
	@$(UV) requirements-dev.txt -c requirements-demo-lock.txt -o requirements-dev-lock.txt

up: venv-demo
	@$(PYTHON_BIN) -m upstream.dev up

down: venv-demo
	@$(PYTHON_BIN) -m upstream.dev down
