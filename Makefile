# Targets explain themselves: `make help`.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/.runtime
DEVELOPMENT := .venv/.development
export PYTHONUTF8 := 1

.PHONY: help run demo test lint format unit screenshots pictures references bench soak bundle lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) ## Start the dashboard on http://localhost:8501, with the demo county unless DATABASE_URL is set
	@$(BIN)/streamlit run app.py

demo: $(RUNTIME) ## Make the embedded demo county anew
	@$(BIN)/python -m database demo

test: lint unit ## Check and test everything, on SQLite, a real PostgreSQL and a real browser

lint: $(DEVELOPMENT) ## Check style (ruff) and types (mypy strict)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: $(DEVELOPMENT) ## Put the code into the house format
	@$(BIN)/ruff check --fix-only . && $(BIN)/ruff format .

unit: $(DEVELOPMENT) ## Run the tests alone; T="tests/queries -k week" chooses some
	@sh tests/system_packages.sh $(BIN)
	@$(BIN)/pytest $(or $(T),-n 3 --dist loadfile --no-loadscope-reorder)

screenshots: $(DEVELOPMENT) ## Sign in with real Chromium and write each page to screenshots/ at 1920, 1366 and 390 wide
	@sh tests/system_packages.sh $(BIN)
	@$(BIN)/python -m driver.screenshots

references: $(DEVELOPMENT) ## Write the reference pictures of the pages anew, once they have been looked at
	@sh tests/system_packages.sh $(BIN)
	@WRITE_REFERENCES=1 $(BIN)/pytest tests/end_to_end/test_every_page.py -k as_it_was

bench: $(DEVELOPMENT) ## Measure speed and size beside floors of the same run (P="pages reads", O="--rounds 9"); keeps benchmarks/results/
	@sh tests/system_packages.sh $(BIN)
	@$(BIN)/python -m benchmarks $(P) $(O)

pictures: $(DEVELOPMENT) ## Write the pictures of the user guide anew
	@sh tests/system_packages.sh $(BIN)
	@$(BIN)/python -m driver.pictures

soak: $(DEVELOPMENT) ## Kill loads, refreshes, imports and exports 20 times on each database, then 50 visitors for 30 minutes (M=5 for fewer); writes docs/results/
	@mkdir -p docs/results
	@$(BIN)/python -m benchmarks.kills --times 20 --output docs/results/kills.md
	@$(BIN)/python -m benchmarks.soak --minutes $(or $(M),30) --output docs/results/soak.md

bundle: $(RUNTIME) ## Pack program and wheels for a machine without internet: dist/dashboard-*.tar.gz
	@sh deploy/bundle.sh $(BIN)

lock: $(DEVELOPMENT) ## Compile the pinned requirements anew
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --upgrade --python-version 3.11 requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --upgrade --python-version 3.11 requirements-dev.in -o requirements-dev.txt

clean: ## Remove the virtual environment, the demo data and all caches
	@rm -rf .venv var screenshots .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(RUNTIME): requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
