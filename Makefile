# The commands of this project. `make help` lists them; `make run` and `make test` are the two that matter.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Ports on loopback; the gateway's is the one to open. Override: make run PORT=8080
export PORT ?= 8000
export GATEWAY_PORT = $(PORT)
export PUBLIC_URL ?= http://127.0.0.1:$(PORT)
export ENGINE_PORT ?= 5005
export ACTIONS_PORT ?= 5055
export ENGINE_URL ?= http://127.0.0.1:$(ENGINE_PORT)
export ACTIONS_URL ?= http://127.0.0.1:$(ACTIONS_PORT)/webhook
# Rasa would otherwise report home, and each command would wait for it.
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export CUDA_VISIBLE_DEVICES :=
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export HF_HUB_OFFLINE := 1
export PYTHONPATH := .
export PYTHONWARNINGS := ignore::SyntaxWarning,ignore::DeprecationWarning

ENGINE := .venv-engine/bin
GATEWAY := .venv-gateway/bin
MODEL := models/assistant.tar.gz
ENCODER := models/encoder/encoder.onnx
SECOND_LOOK := models/second_look.npz
UV = $(shell command -v uv || echo .tools/uv/bin/uv)
TRAINING = config.yml $(shell find nlu_data stories bot/domain bot/engine bot/understanding -name "*.yml" -o -name "*.py")

.PHONY: help setup check run chat sms staff-user export forget key reseal train evaluate bakeoff bench lint audit data test test-unit test-deep test-stories test-processes test-faults test-browser widget docs second-look picture lock clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: .venv-engine/.installed .venv-gateway/.installed ## create both environments from the lock files

run: setup $(MODEL) ## set up what is missing, start everything, say what to open; Ctrl-C stops it
	@scripts/run.sh || test $$? -eq 130

chat: setup $(MODEL) ## talk to it in the terminal: make chat [CHANNEL=sms] [EXPLAIN=1]
	@$(GATEWAY)/python -m bot.terminal $(if $(CHANNEL),--channel $(CHANNEL)) $(if $(EXPLAIN),--explain)

export: setup ## all that is known of a patient, as a zip: make export PATIENT=<number, conversation id or its first 8 digits>
	@$(GATEWAY)/python -m bot.gateway.privacy export "$$PATIENT"

forget: setup ## delete all that is known of a patient: make forget PATIENT=<as for export>
	@$(GATEWAY)/python -m bot.gateway.privacy forget "$$PATIENT"

key: setup ## print a new key for ENCRYPTION_KEY
	@$(GATEWAY)/python -m bot.gateway.privacy key

reseal: setup ## after a new key was put before the old one: seal everything anew with it (docs/privacy.md)
	@$(GATEWAY)/python -m bot.gateway.privacy reseal

staff-user: setup ## an account for the desk, or one that is locked: make staff-user NAME=anna ROLE=admin [SECOND_STEP=off] [LINK=1]
	@$(GATEWAY)/python -m bot.gateway.staff_user "$$NAME" $(if $(ROLE),--role $(ROLE)) $(if $(SECOND_STEP),--second-step $(SECOND_STEP)) $(if $(LINK),--link)

sms: setup ## a text message to the running gateway: make sms TEXT="my crown fell out" [FROM=+15550100777]
	@$(GATEWAY)/python -m bot.gateway.sms "$$TEXT" $(if $(FROM),--sender "$$FROM")

train: setup $(MODEL) ## train the model, if anything it is made of changed

evaluate: setup $(MODEL) ## measure the real bot: make evaluate MESSAGES=file.jsonl OUT=dir [WHOLE=1]
	@$(GATEWAY)/python -m bot.evaluation --messages "$(or $(MESSAGES),tests/data/messages.jsonl)" \
		--out "$(or $(OUT),results/evaluation)" $(if $(WHOLE),--whole)

bakeoff: setup $(ENCODER) $(SECOND_LOOK) ## train and measure Rasa's own pipelines and ours (half an hour); or ONLY=chosen
	@$(GATEWAY)/python -m bot.evaluation.bakeoff $(if $(ONLY),--only $(ONLY))

bench: setup $(MODEL) ## how fast, beside the assistant of `rasa init` (trained the first time): make bench [OUT=dir]
	@$(GATEWAY)/python -m bot.evaluation.bench --out "$(or $(OUT),results/bench)"

check: setup ## is the content right? names file and line of what is not
	@$(GATEWAY)/python -m bot.checks

lint: setup ## style, types, import directions
	@$(GATEWAY)/ruff check . && $(GATEWAY)/ruff format --check .
	@$(GATEWAY)/lint-imports
	@$(GATEWAY)/mypy
	@$(GATEWAY)/mypy --config-file mypy-engine.ini
	@$(GATEWAY)/python scripts/rules_table.py --check

data: setup $(ENCODER) $(SECOND_LOOK) ## check training data, domain, rules and stories
	@# Responses are uttered by action_respond, which stories cannot show; tests/content proves that each is used.
	@$(ENGINE)/rasa data validate --fail-on-warnings --domain bot/domain --data nlu_data stories --config config.yml 2>&1 \
		| grep -vE "is not used in any story or rule|^Processed |Deprecat"

test: setup ## everything that CI runs: from nothing to a green run
	@scripts/test.sh

test-unit: setup $(ENCODER) $(SECOND_LOOK) ## the fast tests only
	@# the gateway's tests watch the clock: they run after the others, not beside them
	@$(GATEWAY)/pytest -n 2 --dist loadfile tests $(foreach room,engine actions processes faults browser gateway,--ignore tests/$(room))
	@$(GATEWAY)/pytest -n 2 --dist loadfile tests/gateway
	@$(ENGINE)/python -W ignore -m pytest -W ignore tests/engine tests/actions

test-deep: setup $(ENCODER) $(SECOND_LOOK) ## the invariants of urgency, 10,000 examples each (an hour); says how many ran
	@HYPOTHESIS_PROFILE=deep $(GATEWAY)/pytest -q --hypothesis-show-statistics tests/triage/test_invariants.py \
		| grep -vE "^ +- (Typical|during reuse|during shrink)|^ +- Stopped"

test-stories: setup $(MODEL) ## Rasa's end-to-end test stories
	@$(ENGINE)/rasa test core --e2e --fail-on-prediction-errors -m $(MODEL) -s tests/conversations --out results/stories

test-faults: setup $(MODEL) ## kill -9 of each process while 200 messages come in (four minutes)
	@$(GATEWAY)/pytest tests/faults

test-processes: setup $(MODEL) ## the whole system as processes
	@$(GATEWAY)/pytest tests/processes

test-browser: setup ## the chat widget in a real browser
	@scripts/test_browser.sh

widget: ## build the chat widget's bundle anew (needs Node 20)
	@cd bot/widget && npm ci --silent && npm run --silent build && npm test --silent

second-look: setup $(ENCODER) ## measure the learned second look: its curve and table in docs/triage.md
	@$(GATEWAY)/python -W ignore scripts/measure_second_look.py

audit: setup ## known weaknesses of what the lock files install (needs PyPI's advisories, or AUDIT_SERVICE=osv)
	@scripts/audit.sh

docs: setup ## make the table of rules in docs/triage.md anew
	@$(GATEWAY)/python scripts/rules_table.py

pictures: setup ## draw the parts of bot/pictures/parts.yml anew
	@$(GATEWAY)/python scripts/draw_parts.py

picture: setup ## make the README's picture anew, from the running bot
	@$(GATEWAY)/python scripts/picture.py

lock: .tools/uv/bin/uv ## make the lock files anew from requirements/*.in
	@scripts/lock.sh

clean: ## remove what set-up and training made; records in var/ stay
	@rm -rf .venv-engine .venv-gateway .tools models results bot/widget/node_modules

.tools/uv/bin/uv: requirements/uv.lock
	@python3 -m venv --clear .tools/uv
	@.tools/uv/bin/pip install -qq --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@touch $@

.venv-%/.installed: requirements/%.lock scripts/find_python.sh | $(if $(shell command -v uv),,.tools/uv/bin/uv)
	@echo "Installing the $* environment from requirements/$*.lock…"
	@UV=$(UV) python=$$(UV=$(UV) scripts/find_python.sh $*) && $(UV) venv --quiet --allow-existing --python "$$python" .venv-$*
	@$(UV) pip sync --quiet --require-hashes --python .venv-$*/bin/python requirements/$*.lock
	@touch $@

$(ENCODER): scripts/build_encoder.py | .venv-engine/.installed
	@rm -f $@
	@$(ENGINE)/python scripts/build_encoder.py

$(SECOND_LOOK): scripts/train_second_look.py $(wildcard bot/understanding/second_look/*.yml nlu_data/reports/*.yml nlu_data/talk/*.yml) bot/triage/red_flag_examples.yml $(ENCODER) | .venv-gateway/.installed
	@$(GATEWAY)/python scripts/train_second_look.py

$(MODEL): $(TRAINING) $(ENCODER) $(SECOND_LOOK) | .venv-engine/.installed .venv-gateway/.installed
	@$(GATEWAY)/python -m bot.checks
	@$(ENGINE)/rasa train --skip-validation --domain bot/domain --data nlu_data stories --config config.yml --out models --fixed-model-name assistant
	@touch $@
