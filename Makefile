# Every target does its own set-up from the lock file; Python 3.11 or 3.12 and make are all it needs.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
STACK ?= .stack

.PHONY: demo test check format deploy stack stack-down clean

demo: $(READY)
	$(BIN)/longhop demo $(if $(MODEL),--model $(MODEL))

test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# To the Prefect server that PREFECT_API_URL names.
deploy: $(READY)
	$(BIN)/longhop deploy

# PostgreSQL, an S3 gateway, Prefect with a password, a worker and the rehearsal model, on loopback.
stack: $(READY)
	$(BIN)/python -m infra.stack --folder $(STACK) up

stack-down: $(READY)
	$(BIN)/python -m infra.stack --folder $(STACK) down

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 13) else f"Python 3.11 or 3.12 is needed, and this is {v[0]}.{v[1]}; set PYTHON=")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $(READY)

clean:
	rm -rf .venv demo build dist
