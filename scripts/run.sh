#!/usr/bin/env bash
# Starts all processes of the Procfile and says when they answer. Ctrl-C stops them all.
set -eu
gateway=.venv-gateway/bin
"$gateway/python" scripts/check_start.py
"$gateway/python" scripts/wait_ready.py &
exec "$gateway/honcho" start
