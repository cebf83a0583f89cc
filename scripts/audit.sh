#!/usr/bin/env bash
# Known weaknesses of everything the lock files install. Those that docs/dependencies.md names and explains are passed over.
# Needs the advisories of PyPI, or with AUDIT_SERVICE=osv those of osv.dev; without them it fails instead of finding nothing.
set -eu
accepted=$(grep -oE 'CVE-[0-9]{4}-[0-9]+|GHSA(-[a-z0-9]{4}){3}' docs/dependencies.md | sort -u | sed 's/^/--ignore-vuln /')
failed=0
for lock in gateway engine; do
    echo "── requirements/$lock.lock"
    # shellcheck disable=SC2086  one word for each
    .venv-gateway/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
        --vulnerability-service "${AUDIT_SERVICE:-pypi}" --requirement "requirements/$lock.lock" $accepted || failed=1
done
exit $failed
