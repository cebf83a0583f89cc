#!/usr/bin/env bash
# Prints a Python that works: `find_python.sh engine` one of 3.10, `find_python.sh gateway` the newest of 3.11 to 3.13
# (what the wheels of the lock file serve). Looks on PATH, then at pyenv's versions, then asks uv.
set -u
uv=${UV:-uv}

works() { # a shim may be on PATH for a version that is not installed: only a Python that runs counts
    "$1" -c "import sys, ssl, sqlite3, venv; sys.exit(sys.version_info[:2] != (${2/./, }))" 2>/dev/null
}

find_version() {
    local candidate
    for candidate in $(type -aP "python$1") \
        $(ls -d "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python 2>/dev/null | sort -rV); do
        works "$candidate" "$1" && { echo "$candidate"; return 0; }
    done
    candidate=$("$uv" python find --no-python-downloads "$1" 2>/dev/null) && works "$candidate" "$1" && echo "$candidate"
}

case $1 in
    engine)
        find_version 3.10 && exit 0
        "$uv" python install 3.10 >&2 && find_version 3.10 && exit 0
        echo "Rasa needs Python 3.10 and none was found: install it with 'uv python install 3.10', 'pyenv install 3.10' or your system's packages, then try again." >&2
        exit 1 ;;
    gateway)
        for version in 3.13 3.12 3.11; do find_version $version && exit 0; done
        "$uv" python install 3.13 >&2 && find_version 3.13 && exit 0
        echo "The gateway needs Python 3.11, 3.12 or 3.13 and none was found: install one with 'uv python install 3.13', 'pyenv install 3.13' or your system's packages, then try again." >&2
        exit 1 ;;
esac
