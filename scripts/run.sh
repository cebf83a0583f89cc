#!/usr/bin/env bash
# Starts all processes of the Procfile and says when they answer. Ctrl-C stops them all.
set -eu
gateway=.venv-gateway/bin
export PROMETHEUS_MULTIPROC_DIR=${PROMETHEUS_MULTIPROC_DIR:-var/metrics} # gateway and worker count together
mkdir -p "$PROMETHEUS_MULTIPROC_DIR" && rm -f "$PROMETHEUS_MULTIPROC_DIR"/*.db
"$gateway/python" scripts/check_start.py
"$gateway/python" scripts/wait_ready.py &
exec "$gateway/honcho" start
