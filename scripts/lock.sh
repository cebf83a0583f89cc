#!/usr/bin/env bash
# Makes the hashed lock files anew. Pins without addresses: any index serves.
set -eu
uv=${UV:-$(command -v uv || echo .tools/uv/bin/uv)}
compile() { # NAME, extra arguments
    local name=$1; shift
    "$uv" pip compile --quiet --generate-hashes --no-annotate --no-header \
        "$@" "requirements/$name.in" --output-file "requirements/$name.lock"
    sed -i "1i # Made by \`make lock\` from $name.in. Do not edit." "requirements/$name.lock"
}
compile uv --universal --python-version 3.8
# PyTorch is a dependency of the model's package only on paper: its files are read without it.
compile engine --python "$(UV=$uv scripts/find_python.sh engine)" --python-version 3.10 --override requirements/engine-overrides.txt
compile gateway --universal --python-version 3.11
