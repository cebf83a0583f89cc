#!/usr/bin/env bash
# The widget in a real browser. Gets Chromium, and npm for axe-core and the rebuilding of the bundle, where it may; says
# in one line what it leaves out where it may not. With CI set nothing is left out.
set -eu
cd "$(dirname "$0")/.."
missing=()
command -v chromium chromium-browser google-chrome >/dev/null || missing+=(chromium)
command -v npm >/dev/null || missing+=(npm)
if (( ${#missing[@]} )) && command -v apt-get >/dev/null; then
    may=()
    (( EUID == 0 )) || may=(sudo -n)
    "${may[@]}" apt-get -o Acquire::Retries=5 update -qq 2>/dev/null && "${may[@]}" apt-get -o Acquire::Retries=5 install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || true # what follows says what is left out
fi
if ! command -v chromium chromium-browser google-chrome >/dev/null; then
    echo "Left out: the browser tests, for want of Chromium (not root, and no sudo without a password)."
    [ -z "${CI:-}" ]
    exit
fi
if ! { command -v npm >/dev/null && npm ci --silent --fetch-retries=5 --prefix bot/widget 2>/dev/null; }; then
    echo "Left out: axe-core and rebuilding the widget's bundle, for want of npm or of its registry."
    [ -z "${CI:-}" ]
fi
exec .venv-gateway/bin/pytest tests/browser "$@"
