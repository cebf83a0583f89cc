#!/usr/bin/env bash
# Starts all processes of the Procfile and says when they answer. Ctrl-C stops them all; one that is killed starts again.
set -eu
gateway=.venv-gateway/bin
export PROMETHEUS_MULTIPROC_DIR=${PROMETHEUS_MULTIPROC_DIR:-var/metrics} # gateways and worker count together
mkdir -p "$PROMETHEUS_MULTIPROC_DIR" && rm -f "$PROMETHEUS_MULTIPROC_DIR"/*.db
"$gateway/python" scripts/check_start.py
"$gateway/python" scripts/wait_ready.py &
exec "$gateway/honcho" --app-root . --procfile <(sed -E 's|^([a-z0-9]+): |\1: scripts/keep.sh |' Procfile) start
