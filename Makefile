# On a machine with Python 3.11+ and pip: run, test, check, bench. Everything lives in .venv and var/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := bot channels console handlers knowledge matching outreach records scheduler

# Tests start many processes: none is to compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run talk test check format bench kill-test fuzz browser demo-wecom wecom-week year manual audit scan site chaos soak several sbom plans growth

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed requirements-test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-test.lock
	@touch $@

run: setup
	@$(BIN)/guiyan demo
	$(BIN)/guiyan run

talk: setup
	$(BIN)/guiyan talk

# The service and a stand-in for WeCom's servers, with a page to be a customer, staff and steward on.
demo-wecom: setup
	$(BIN)/python -m tests.support.wecom.demo $(if $(PORT),--port $(PORT))

# A week of two thousand people on that stand-in, and its account; then a few with the service killed.
wecom-week: $(VENV)/.tested
	$(BIN)/python -m tests.wecom_week $(if $(PEOPLE),--people $(PEOPLE)) $(if $(DAYS),--days $(DAYS))

# A year of five thousand people on a clock that jumps: caps, quiet hours, stops, slots, kills.
year: $(VENV)/.tested
	$(BIN)/python -m tests.year $(if $(PEOPLE),--people $(PEOPLE)) $(if $(DAYS),--days $(DAYS)) $(if $(SEED),--seed $(SEED))

# The system's Chromium for the pages: installed where we may, else the tests say that they skip.
browser:
	@sh tests/support/install-chromium.sh

# Known holes in what we depend on; asks PyPI and OSV, so it needs the internet.
audit: setup
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/pip install --quiet pip-audit
	.venv/audit/bin/pip-audit --requirement requirements.lock --disable-pip --require-hashes --strict

# What is shipped, for machines: a bill of materials by CycloneDX in var/sbom.json, checked against its schema.
sbom:
	$(PYTHON) -m venv .venv/sbom
	.venv/sbom/bin/pip install --quiet --disable-pip-version-check cyclonedx-bom
	mkdir -p var
	.venv/sbom/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --spec-version 1.6 --validate -o var/sbom.json

# An independent scanner of web pages over the console, as each post; minutes for each.
scan: $(VENV)/.tested
	$(PYTHON) -m venv .venv/scan
	.venv/scan/bin/pip install --quiet wapiti3
	$(BIN)/python -m tests.scan

# The manual of the console: every step gone through in Chromium, its pictures taken anew.
manual: $(VENV)/.tested browser
	GUIYAN_WRITE_MANUAL=1 $(BIN)/python -m pytest -n 0 tests/browser/test_manual.py

# The documentation as a site in var/site, for any web server; nothing in it comes from elsewhere.
site: $(VENV)/.installed
	$(PYTHON) -m venv .venv/site
	.venv/site/bin/pip install --quiet --disable-pip-version-check --requirement tests/site/requirements.txt
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m tests.site .venv/site/bin/mkdocs
	@echo "to read it: $(BIN)/python -m http.server --directory var/site 8000"

# What failed beside others, on a busy machine, gets one more try alone.
test: $(VENV)/.tested browser
	$(BIN)/python -m pytest -n 2 --dist worksteal || $(BIN)/python -m pytest --last-failed --last-failed-no-failures none

check: $(VENV)/.tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory test

format: $(VENV)/.tested
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup
	$(BIN)/guiyan bench answer
	$(BIN)/guiyan bench intake

# A thousand random kills, and a hundred during campaigns; CI does twenty and three.
kill-test: $(VENV)/.tested
	GUIYAN_TEST_KILLS=1000 $(BIN)/python -m pytest tests/journeys/test_kill.py
	GUIYAN_TEST_KILLS=100 $(BIN)/python -m pytest -n 0 -s tests/journeys/test_campaign_kill.py

# Eight processes on one PostgreSQL, each round something goes wrong while people talk; the report on stdout.
chaos: $(VENV)/.tested
	$(BIN)/python -m tests.chaos --rounds $(or $(ROUNDS),50) --seeds $(or $(SEEDS),1-20) \
	  --results docs/reference/chaos/seeds.jsonl --page docs/reference/chaos.md

# Everybody at work for an hour, with a campaign; memory, waits and the plot as a page.
soak: $(VENV)/.tested
	$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),60) --page docs/reference/soak.md

# What tests the real program from outside, over four workers, two senders and PostgreSQL.
several: $(VENV)/.tested browser
	GUIYAN_TEST_KILLS=5 GUIYAN_TEST_PARTS=web,worker,worker,worker,worker,sender,sender,scheduler $(BIN)/python -m pytest \
	  -k "not sqlite" $$(grep -rl "the_program(" tests/journeys tests/browser)

# How the hot statements are answered on large tables of messages: DATABASE is one of its own, filled if it is empty.
plans: $(VENV)/.tested
	$(BIN)/python -m tests.plans --database $(or $(DATABASE),sqlite:///$(CURDIR)/var/plans.db) --rows $(or $(ROWS),1000000) --parts $(or $(PARTS),0)

# What a contact more costs: a database for each size of CONTACTS, on the server of DATABASE or as files, removed afterwards.
growth: $(VENV)/.tested
	$(BIN)/python -m tests.plans.growth --database $(or $(DATABASE),sqlite:///$(CURDIR)/var/growth.db) \
	  --contacts $(or $(CONTACTS),10000 100000 1000000) --rounds $(or $(ROUNDS),4) --page docs/reference/growth.md

# Fifty thousand inputs that nobody would type; or callbacks, spreadsheets and expressions for so many SECONDS.
fuzz: $(VENV)/.tested
	$(BIN)/python -m tests.fuzz $(if $(SECONDS),--seconds $(SECONDS),--count 50000) $(if $(SEED),--seed $(SEED))
