# Gatehouse: what can be done here. "make" alone lists it.

.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-builtin-rules

ADDR ?= localhost:8080
DB ?= data/gatehouse.db
CASES ?= 100000000
SEED ?= 1
VULNDB ?=
ROWS ?=
OF ?= eval
# Packages with fast tests: everything but the browser's.
UNIT := $$(go list ./... | grep -v '/e2e$$')
# Packages with tests that -short makes fewer rounds of: they run once more, whole, without the race detector. In internal are
# tests of our source alone.
SHORTENED := ./internal ./internal/center ./internal/eval ./internal/handlers ./internal/signin
# Tests that take long under the race detector and do one thing after another: they run in the packages above alone.
UNRACED := HostileInput|NoFormSets|TwoEvaluators|NotTheirs|LearnsWhoExists|LearnsNothing|NoCellOfAFile|OtherMethodsDo|AClientClaims
UNRACED := $(UNRACED)|ReadingChangesNothing|EveryChangeToOneEvent|AnHourOfGuessing|FourWrongCodes|ASlowDownForMany|OnlySoManyRequests
# Packages whose tests run on PostgreSQL as well: those nearest to the database. Of those of the center make test takes what an
# engine may do in its own way: turns of writers, what counts once, orders and pages of lists, searches, counts.
STORED := ./internal/store ./internal/access ./internal/securecart
ENGINE := Process|AtOnce|Once|Twice|Pag|List|Search|Filter|Count|Report|Purge|Slow|Guess|Trail|Rotat|Session|Import|Export|Link|Invit|Recover|Approv|Key

# The race detector looks at our code and at what it calls in Go. SQLite is C in Go's clothes with locks of its own: to
# watch each of its memory accesses finds nothing of ours and takes ten times as long.
RACE := -race '-gcflags=modernc.org/...=-race=false'
# Tests keep their databases in memory where the machine has room for that: thousands of commits wait for no disk.
MEMORY := $(shell [ -w /dev/shm ] && [ $$(df -k --output=avail /dev/shm | tail -1) -gt 4000000 ] && echo /dev/shm)
# Lint vets all of it before.
GOTEST := $(if $(MEMORY),TMPDIR=$(MEMORY)) go test -vet=off -timeout 30m

# Checks and tests have memory rather than time: the collector runs less often, and where there are 6 GB for each core not
# before a process has 3 of them, but for the console in the journeys, whose memory is looked at.
ROOMY := $(shell awk -v cores="$$(nproc 2>/dev/null)" '/^MemAvailable:/ && $$2 > 6000000 * cores { print 1 }' /proc/meminfo 2>/dev/null)
MAKERS := check coverage driver engines lint postgres race test whole
$(MAKERS): export GOGC = $(if $(ROOMY),off,400)
$(MAKERS): export GOMEMLIMIT = 3GiB
e2e: export GOGC = 100
e2e: export GOMEMLIMIT = off

MODULES := web/node_modules/.package-lock.json
ASSETS := web/static/dist/app.css
ASSET_SOURCES := $(shell find web/assets web/templates internal/handlers e2e -type f \
	\( -name '*.mjs' -o -name '*.js' -o -name '*.css' -o -name '*.svg' -o -name '*.templ' -o -name '*.go' \) \
	! -name '*_templ.go' ! -name '*_test.go' 2>/dev/null)
LEAKED := internal/vault/data/leaked.txt
CATALOG := $(if $(wildcard internal/catalog/generate),internal/catalog/data/.stamp)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-21s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: assets
assets: $(ASSETS) $(CATALOG) $(LEAKED) ## Build what the binary embeds: scripts, styles, icons, the policy catalogue, leaked passwords

$(MODULES): web/package.json web/package-lock.json
	cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(ASSETS): $(MODULES) $(ASSET_SOURCES)
	node web/assets/build.mjs

$(LEAKED): $(MODULES) web/assets/passwords.mjs
	node web/assets/passwords.mjs

internal/catalog/data/.stamp: $(MODULES) $(wildcard internal/catalog/*.go internal/catalog/generate/*.go)
	go run ./internal/catalog/generate
	@touch $@

.PHONY: generate
generate: ## Write the Go code of the templates
	go tool templ generate

.PHONY: run
run: assets ## Start the console on http://localhost:8080 with data/gatehouse.db
	go run ./cmd/console --addr $(ADDR) --db $(DB)

.PHONY: dev
dev: assets ## Start the console and reload the browser when a template changes (port 7331)
	go tool templ generate --watch --proxy=http://$(ADDR) --open-browser=false \
		--cmd="go run ./cmd/console --addr $(ADDR) --db $(DB)"

.PHONY: build
build: assets ## Build bin/console
	GOTOOLCHAIN=$$(.ci/toolchain) CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o bin/console ./cmd/console

.PHONY: sbom
sbom: build ## List what bin/console is made of, as CycloneDX: bin/console.cdx.json
	.ci/sbom bin/console bin/console.cdx.json

.PHONY: gosec
gosec: assets ## Look for insecure code; what stays as it is carries its reason
	.ci/gosec

.PHONY: vulnerabilities
vulnerabilities: assets ## Look for known vulnerabilities: VULNDB=https://... or file:///... in place of vuln.go.dev
	VULNDB=$(VULNDB) .ci/vulnerabilities

.PHONY: lint
lint: # format, vet, staticcheck
	@unformatted=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); \
		[ -z "$$unformatted" ] || { echo "not formatted:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	go tool staticcheck ./...

.PHONY: check
check: assets lint ## The fast checks before a commit
	$(GOTEST) $(UNIT)

.PHONY: test
test: ## Everything: checks, race detector, PostgreSQL, journeys in a browser
	@$(MAKE) -j assets driver packages
	@$(MAKE) lint race
	@$(MAKE) -j --output-sync=target whole engines
	@$(MAKE) e2e

.PHONY: driver
driver: # what compiles longest and needs nothing of ours, while other things are fetched
	go build modernc.org/sqlite
	@go tool -n staticcheck >/dev/null

.PHONY: race
race: assets
	@# Backwards, for the templates compile longest and stand last.
	$(GOTEST) $(RACE) -short -skip '$(UNRACED)' $$(go list ./... | grep -v '/e2e$$\|/internal$$' | tac)

.PHONY: whole
whole: assets
	DIFFERENTIAL_CASES=500000 $(GOTEST) $(SHORTENED)

.PHONY: test-differential
test-differential: ## Hold the evaluator against its reference: CASES=100000000 SEED=1; interrupt it at will
	DIFFERENTIAL_CASES=$(CASES) DIFFERENTIAL_SEED=$(SEED) GOGC=800 \
		go test -count=1 -timeout=0 -v -run TwoEvaluators ./internal/eval

.PHONY: test-signin
test-signin: assets ## Put signing in through a million random sequences of events, and 10,000 of requests
	$(GOTEST) -count=1 -run NeverSignedIn ./internal/signin
	$(GOTEST) -count=1 -run NobodyIsSignedInOverHTTP ./internal/handlers -sequences 10000

.PHONY: test-long
test-long: assets browser ## Everything that takes long, a line for each row of docs/security.md: ROWS="S5 Q2a" for some
	$(if $(MEMORY),TMPDIR=$(MEMORY)) ROWS="$(ROWS)" CASES=$(CASES) VULNDB=$(VULNDB) .ci/long

.PHONY: compare-iam-simulate
compare-iam-simulate: ## Hold the evaluator against the npm package iam-simulate, installed for the time of the run
	folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
		npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$$folder" @cloud-copilot/iam-simulate@0.1.173; \
		go run ./internal/eval/compare "$$folder"

.PHONY: mutate
mutate: ## Change decision code in many small ways and count what the tests notice: OF=eval, signin, mfa, vault or center
	go run ./internal/mutate $(OF)

.PHONY: coverage
coverage: assets ## Count the statements that tests run, of the packages that sign in, decide and keep; fails below 95 %
	$(if $(MEMORY),TMPDIR=$(MEMORY)) .ci/coverage

.PHONY: postgres
postgres: assets ## The tests of what is stored, on a PostgreSQL that is started for them
	.ci/postgres go test -vet=off -timeout 30m $(STORED) ./internal/center

.PHONY: engines
engines: assets
	.ci/postgres bash -c "go test -vet=off -timeout 30m $(STORED) && go test -vet=off -timeout 30m -short -run '$(ENGINE)' ./internal/center"

.PHONY: e2e
e2e: assets browser ## Journeys through the real binary in Chromium
	$(GOTEST) -count=1 -parallel 4 ./e2e

.PHONY: bench-peers
bench-peers: ## Compare the evaluator with other policy engines (minutes; makes the workloads once)
	cd internal/eval/peerbench && go run ./cmd/gen && go run ./cmd/bench

.PHONY: bench-bulk
bench-bulk: assets ## Decide all actions of AWS for all AWS-managed policies; compile the largest
	go test ./internal/eval -run - -bench EveryManagedPolicy -benchtime 1x
	go test ./internal/eval -run - -bench CompileReadOnlyAccess

# The tests that take pictures.
PICTURES := TestEveryPage|TestEveryComponent|TestAnEmptyOrganization|TestANewPersonGets|HoldUpInEveryView|HoldsUpInEveryView

.PHONY: screenshots
screenshots: assets browser ## Pictures of every page, light and dark, wide and narrow, into e2e/shots
	rm -rf e2e/shots
	E2E_SHOTS=1 $(GOTEST) -count=1 -timeout 40m -run '$(PICTURES)' ./e2e

.PHONY: measure
measure: build ## Measure start, weight and time of the main pages of bin/console
	go run ./e2e/measure

.PHONY: browser
browser: # Chromium, installed where that is possible; in CI it must be there
	@.ci/browser

.PHONY: packages
packages: browser # the same with PostgreSQL
	@.ci/postgres true

.PHONY: clean
clean: ## Remove what was built
	rm -rf bin e2e/shots internal/catalog/data/.stamp
	find web/static/dist internal/catalog/data internal/vault/data -mindepth 1 ! -name .gitkeep -delete
