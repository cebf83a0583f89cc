"""What every answer of the desk carries, whoever gave it."""

from __future__ import annotations

PREFIX = "/desk"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    # with no-referrer a browser sends `Origin: null` with a form, and its origin could not be checked
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "no-store",
}
"""A route may say another policy and caching for what it serves, such as a photo or a static file."""
