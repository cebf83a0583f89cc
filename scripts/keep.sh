#!/usr/bin/env bash
# keep.sh [NAME=value…] COMMAND…: starts it again whenever something kills it, so that the others of the house live on.
# Ends when the command ends by itself (a wrong key, a port in use): to start it again would not help.
set -u
# $! and no name of our own for it: a signal may come between the start and the naming
stop() { [ -z "${!-}" ] || { kill "$!" 2>/dev/null; wait "$!"; }; exit 0; }
trap stop TERM INT
while :; do
    env "$@" &
    wait "$!"
    code=$?
    [ "$code" -gt 128 ] || exit "$code"
    echo "Killed (signal $((code - 128))), starts again." >&2
    sleep 1
done
