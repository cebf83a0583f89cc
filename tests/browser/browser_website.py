"""A clinic's website on another address than the chat's, with a strict content security policy of its own."""

from __future__ import annotations

import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A clinic</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/own.css"></head>
<body><h1>A clinic</h1><p><a href="/">Home</a></p>
<script src="{chat}/widget.js" data-clinic="far" data-colour="#ffd54a" async></script></body></html>"""
STYLE = "* { color: #123 !important; font: 7px monospace !important; margin: 0 } button { display: none !important }"


class _Handler(BaseHTTPRequestHandler):
    chat = ""

    def do_GET(self) -> None:
        style = self.path == "/own.css"
        body = (STYLE if style else PAGE.replace("{chat}", self.chat)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/css" if style else "text/html; charset=utf-8")
        ours = "; ".join(f"{kind}-src {self.chat}" for kind in ("script", "connect", "img"))
        policy = f"default-src 'none'; style-src 'self'; {ours}"
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(port: int, chat: str) -> ThreadingHTTPServer:
    """The website at `port`, which shows the chat of the address `chat`."""
    handler = type("Handler", (_Handler,), {"chat": chat})
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(handler))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
