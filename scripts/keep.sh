#!/usr/bin/env bash
# keep.sh [NAME=value…] COMMAND…: starts it again whenever something kills it, so that the others of the house live on.
# Ends when the command ends by itself (a wrong key, a port in use): to start it again would not help.
set -u
child=
stop() { kill "$child" 2>/dev/null; wait "$child"; exit 0; }
trap stop TERM INT
while :; do
    env "$@" &
    child=$!
    wait "$child"
    code=$?
    [ "$code" -gt 128 ] || exit "$code"
    echo "Killed (signal $((code - 128))), starts again." >&2
    sleep 1
done
