# Needs Python 3.11 or newer, git and make; the network only the first time.
#
# Tools are started as modules of the environment's Python: the scripts beside it
# carry the environment's path in their first line, which breaks when the clone
# moves or when its path has spaces.

ifeq ($(OS),Windows_NT)
PYTHON := .venv/Scripts/python.exe
OTHERS := .venv-bench/Scripts/python.exe
READS := .venv-ocr/Scripts/python.exe
BESIDE := .venv-datasette/Scripts/python.exe
CHANGES := .venv-mutants/Scripts/python.exe
GUIDED := .venv-guided/Scripts/python.exe
CANDIDATES := py python python3
else
PYTHON := .venv/bin/python
OTHERS := .venv-bench/bin/python
READS := .venv-ocr/bin/python
BESIDE := .venv-datasette/bin/python
CHANGES := .venv-mutants/bin/python
GUIDED := .venv-guided/bin/python
CANDIDATES := python3.13 python3.12 python3.11 python3 python
endif
LAWS := -c "from importlinter.cli import lint_imports_command; lint_imports_command()" --no-logo

.DEFAULT_GOAL := help
.PHONY: help venv environments arrivals licences pictures gallery demo test lint types laws tests ocr ocr-table datasette mutants fuzz-guided life format policy-docs manual lock bench bench-table clean

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /: /'

venv: .venv/installed.lock  ## the environment with the locked packages, and the program compiled
	@$(PYTHON) -m compileall -q sync.py disk policy ledger intake validators processors outbox service door demo || true  # a service that may not write here would compile at each start

# The stamp is a copy of the lock that was installed: a fresh date on the same
# lock (a checkout, a copy) asks nothing of the network.
# An interpreter counts only if it runs: version managers leave names that do not.
.venv/installed.lock: requirements.lock
	@if cmp -s requirements.lock $@ && $(PYTHON) -c ''; then touch $@; exit 0; fi; \
	set -e; \
	if ! $(PYTHON) -c 'import pip' 2>/dev/null; then \
	  for name in $(CANDIDATES); do \
	    if $$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	    then found=$$name; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then echo 'No Python 3.11 or newer with venv was found (Debian: apt install python3-venv).' >&2; exit 1; fi; \
	  echo "Making .venv with $$($$found --version)"; \
	  $$found -m venv --clear .venv; \
	fi; \
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; \
	cp requirements.lock $@

environments: .venv/installed.lock .venv-ocr/installed.lock .venv-datasette/installed.lock  # all that .ci/run needs

demo: venv  ## a company of a dozen people lives through a month, into demo-output/
	$(PYTHON) sync.py demo demo-output

test: lint types laws tests  ## everything that a change must pass

lint: venv  ## style
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

types: venv  ## types, strictly
	$(PYTHON) -m mypy

laws: venv  ## which room may import which
	$(PYTHON) $(LAWS)

tests: venv  ## behaviour
	$(PYTHON) -m pytest -n auto --dist worksteal

bench: venv .venv-bench/installed.lock  ## how fast, side by side with others; some ten minutes
	$(PYTHON) -m benchmarks

bench-table: venv .venv-bench/installed.lock  ## the same, into docs/performance.md
	rm -f benchmarks/results/now.jsonl
	$(PYTHON) -m benchmarks --save benchmarks/results/now.jsonl
	$(PYTHON) -m benchmarks.table

# Programs of other makers stand beside ours in an environment of their own.
.venv-bench/installed.lock: benchmarks/requirements.txt | .venv/installed.lock
	$(PYTHON) -m venv --clear .venv-bench
	$(OTHERS) -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.txt
	cp benchmarks/requirements.txt $@

ocr: venv .venv-ocr/installed.lock  ## what pictures say: an environment with the reader (410 MB), and its tests
	$(READS) -m pytest tests/ocr

ocr-table: venv .venv-ocr/installed.lock  ## how often pictures are read right, into docs/照片文字.md; some ten minutes
	$(READS) -m benchmarks.reading --write

# The reader weighs 410 MB: it has an environment of its own, with everything else in the versions of .venv.
.venv-ocr/installed.lock: requirements-ocr.lock | .venv/installed.lock
	@if cmp -s requirements-ocr.lock $@ && $(READS) -c ''; then touch $@; exit 0; fi; \
	set -e; \
	$(PYTHON) -m venv --clear .venv-ocr; \
	$(READS) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-ocr.lock; \
	cp requirements-ocr.lock $@

datasette: venv .venv-datasette/installed.lock  ## what stands beside the ledger (Datasette, Litestream): an environment with both (90 MB), and its tests
	$(PYTHON) -m pytest tests/beside

# Programs that only look at the ledger or copy it: nothing of ours is installed beside them.
.venv-datasette/installed.lock: requirements-datasette.lock | .venv/installed.lock
	@if cmp -s requirements-datasette.lock $@ && $(BESIDE) -c ''; then touch $@; exit 0; fi; \
	set -e; \
	$(PYTHON) -m venv --clear .venv-datasette; \
	$(BESIDE) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-datasette.lock; \
	cp requirements-datasette.lock $@

mutants: venv .venv-mutants/installed.lock  ## change the product in one place after the other, and see whether tests notice (Linux, macOS): KEBU_ROOM=ledger KEBU_SAMPLE=10 make mutants
	$(CHANGES) -m tests.mutants $${KEBU_ROOM:-processors} --sample $${KEBU_SAMPLE:-10}
	$(CHANGES) -m tests.mutants.telling mutants.jsonl

# What makes the changes stands beside everything of .venv, in an environment of its own.
.venv-mutants/installed.lock: requirements.lock tests/mutants/requirements.txt | .venv/installed.lock
	$(PYTHON) -m venv --clear .venv-mutants
	$(CHANGES) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(CHANGES) -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/mutants/requirements.txt
	cat requirements.lock tests/mutants/requirements.txt > $@

fuzz-guided: venv .venv-guided/installed.lock  ## wrong files guided by the code that they reach, through parsers of ours (Linux): KEBU_MINUTES=5 for each
	$(GUIDED) -m tests.torture.fuzz.guided --minutes $${KEBU_MINUTES:-5}

# What guides it stands beside everything of .venv, in an environment of its own.
.venv-guided/installed.lock: requirements.lock tests/torture/fuzz/requirements.txt | .venv/installed.lock
	$(PYTHON) -m venv --clear .venv-guided
	$(GUIDED) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(GUIDED) -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/torture/fuzz/requirements.txt
	cat requirements.lock tests/torture/fuzz/requirements.txt > $@

life: venv  ## an installation's whole life: blank sheets, a year, an upgrade, another machine; some minutes
	$(PYTHON) -m tests.life

simulate: venv  ## more lives of the simulator: KEBU_SEEDS=20 make simulate
	KEBU_SEEDS=$${KEBU_SEEDS:-12} $(PYTHON) -m pytest -n auto tests/service/test_simulator.py

arrivals: venv  ## plays of what people do in their drop folders, against a model: KEBU_SEEDS=2000 make arrivals
	$(PYTHON) -m tests.arrivals --seeds $${KEBU_SEEDS:-1000}

format: venv  ## put the code into shape
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

policy-docs: venv  ## docs/policy.md, from the clauses, the rules and their cases
	$(PYTHON) -m tests.policy_doc

manual: venv  ## docs/手册/表单/, a page for each form, from the forms and config.toml
	$(PYTHON) -m tests.manual_pages

licences: venv  ## docs/licences.md, from the lock and the packages' own metadata
	$(PYTHON) -m tests.licences

pictures: gallery  ## docs/pictures/: those that README and 手册 show, from the gallery, and each form with its example row
	$(PYTHON) -m tests.gallery.chosen
	$(PYTHON) -m tests.manual_pictures

gallery: venv  ## gallery/: every kind of workbook and page as people see it, from a month of the demo (LibreOffice, poppler, Chromium)
	$(PYTHON) -m tests.gallery

lock:  ## choose versions anew (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --extra dev --extra door --extra messages --extra dask --python-version 3.11 --output-file requirements.lock pyproject.toml
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --extra dev --extra door --extra messages --extra dask --extra ocr --constraint requirements.lock --python-version 3.11 \
	  --output-file requirements-ocr.lock pyproject.toml
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --output-file requirements-datasette.lock deploy/datasette/requirements.in

clean:  ## take away what was made; environments stay
	rm -rf demo-output gallery .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +

# One after the other: they take some hours.
.PHONY: torture
torture: venv  ## faults, power cuts, tampering, wrong files and a soak for hours (Linux, a C compiler): KEBU_MINUTES=60 for each
	$(PYTHON) -m tests.torture.faults --minutes $${KEBU_MINUTES:-60} --points 200
	$(PYTHON) -m tests.torture.power --minutes $${KEBU_MINUTES:-60} --states 12000
	$(PYTHON) -m tests.torture.tamper --minutes $${KEBU_MINUTES:-60} --changes 100000
	$(PYTHON) -m tests.torture.fuzz --minutes $${KEBU_MINUTES:-60} --files 100000
	$(PYTHON) -m tests.torture.soak --minutes $${KEBU_MINUTES:-60}
