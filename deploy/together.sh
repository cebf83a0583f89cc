#!/usr/bin/env bash
# together.sh NAME…: starts these lines of the Procfile and ends with the first that ends, so that whoever watches the
# container starts it again. What a killed process leaves stands in the records.
set -eu
cd "$(dirname "$0")/.."
[ -z "${PROMETHEUS_MULTIPROC_DIR:-}" ] || { mkdir -p "$PROMETHEUS_MULTIPROC_DIR" && rm -f "$PROMETHEUS_MULTIPROC_DIR"/*.db; }
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT TERM INT
for name in "$@"; do
    command=$(sed -n "s/^$name: //p" Procfile)
    [ -n "$command" ] || { echo "no $name in the Procfile" >&2; exit 2; }
    bash -c "exec env $command" &
done
wait -n
