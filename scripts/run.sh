#!/usr/bin/env bash
# Starts all processes of the Procfile, waits until they answer, says what to open. Ctrl-C stops them all.
set -eu
gateway=.venv-gateway/bin
"$gateway/python" scripts/check_start.py

wait_until_ready() {
    local started=$SECONDS
    until curl --silent --fail --output /dev/null "http://127.0.0.1:$PORT/readyz"; do
        kill -0 $$ 2>/dev/null || return
        (( SECONDS - started > 180 )) && { echo "Not ready after 3 minutes: see the messages above."; return; }
        sleep 0.5
    done
    cat <<END

  Ready after $((SECONDS - started)) s.
  Chat in the browser:  http://127.0.0.1:$PORT/
  Chat in a terminal:   make chat
  Stop:                 Ctrl-C

END
}
wait_until_ready &
exec "$gateway/honcho" start
