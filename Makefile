PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: app test check format screenshots clean

app: $(VENV)/.app  ## installs what is missing and opens the dashboard
	@$(BIN)/python -m mtl_core app

test: $(VENV)/.dev  ## all tests, those in a real browser too where there is one
	$(BIN)/python -m pytest -n logical --dist loadfile -m "not browser"
	$(BIN)/python -m pytest -m browser

check: $(VENV)/.dev  ## what must be green before each commit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n logical --dist loadfile -m "not browser"
	$(BIN)/python -m pytest -m browser

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: $(VENV)/.dev  ## makes the pictures in docs/ again
	$(BIN)/python -m tests.browser.screenshots

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tandem needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 app")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.app: requirements.txt $(VENV)/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt $(VENV)/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements-dev.txt
	@touch $(VENV)/.app $@

clean:
	rm -rf $(VENV)
