#!/usr/bin/env bash
# together.sh NAME…: starts these lines of the Procfile. One that is killed is started again; all end with the first
# that ends by itself, so that whoever watches the container sees it. What a killed one leaves stands in the records.
set -eu
cd "$(dirname "$0")/.."
[ -z "${PROMETHEUS_MULTIPROC_DIR:-}" ] || { mkdir -p "$PROMETHEUS_MULTIPROC_DIR" && rm -f "$PROMETHEUS_MULTIPROC_DIR"/*.db; }
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT TERM INT
for name in "$@"; do
    command=$(sed -n "s/^$name: //p" Procfile)
    [ -n "$command" ] || { echo "no $name in the Procfile" >&2; exit 2; }
    bash -c "exec scripts/keep.sh $command" &
done
wait -n
