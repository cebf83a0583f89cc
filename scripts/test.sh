#!/usr/bin/env bash
# Everything that CI runs, cheapest first. Each step says its name and its seconds; the first failure ends the run.
set -eu
started=$SECONDS
step() {
    local before=$SECONDS name=$1; shift
    echo "── $name"
    "$@" || { echo "✗ $name failed"; exit 1; }
    echo "   $((SECONDS - before)) s"
}
again() { # what needs the network gets a second try
    "$@" || { echo "   once more, in 20 s"; sleep 20; "$@"; }
}
export LC_ALL=C.UTF-8 UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-180}"
step "set-up" again make setup
step "style, types, import directions" make lint
step "content: clinic, responses, rules, training data" make check
step "Rasa's own data validation" make data
step "fast tests" make test-unit
step "training" make train
step "Rasa end-to-end test stories" make test-stories
step "evaluation of a small file through all processes" make evaluate MESSAGES=tests/data/small.jsonl OUT=results/small
step "the whole system as processes" make test-processes
step "the chat widget in a browser" make test-browser
echo "── all green in $((SECONDS - started)) s"
