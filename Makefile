# make serve   build the release and serve it on http://localhost:8000/ (PORT=9000 make serve for another port)
# make test    install and run every test and check
# make thorough   run the tests that look at some of very many cases with all of them (about ten minutes)
# make coverage   run the tests and say which lines none of them ran
# make editor  bundle the query editor and the script of pictures again after a change in workbench/ (needs npm)
# make benchmarks   time our endpoint against others: tests/benchmarks/README.md
# All create the virtual environment .venv first where it is missing or out of date.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: serve build check test thorough coverage lint benchmarks editor screenshots clean

serve: .venv/installed
	@$(BIN)/publisher serve --port $(PORT)

build check: .venv/installed
	@$(BIN)/publisher $@

test: .venv/tested lint
	$(BIN)/python -m pytest -n auto --dist worksteal

thorough: .venv/tested
	THOROUGH=1 $(BIN)/python -m pytest -n auto --dist worksteal tests/test_fuzz.py tests/test_every_iri.py \
	  tests/test_browser.py tests/test_workbench.py tests/test_views.py

coverage: .venv/tested
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term

lint: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/tested: .venv/installed
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

benchmarks: .venv/installed
	$(BIN)/python -m pip install --quiet --editable '.[benchmarks]'
	$(BIN)/python -m tests.benchmarks

editor:
	cd workbench && npm ci && npm run check && npm run build

screenshots: .venv/tested
	$(BIN)/python docs/screenshots.py http://localhost:$(PORT)/

clean:
	rm -rf .venv releases build *.egg-info .coverage* .mypy_cache .ruff_cache .pytest_cache
