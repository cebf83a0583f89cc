"""Two gateway processes on PostgreSQL and Redis behind nginx with deploy/nginx.conf: one patient, whichever answers."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from gateway_fakes import FakeEngine
from redis_server import RedisServer

from bot.content import ROOT
from bot.evaluation.processes import free_port
from bot.gateway.settings import Settings

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
NAME = "chat.your-clinic.example"
MESSAGES = "/api/conversation/messages"


@dataclass
class Site:
    """The address of nginx, those of the gateways behind it, their processes, and who trusts its certificate."""

    url: str
    behind: list[str]
    processes: list[subprocess.Popen[bytes]]
    trusts: ssl.SSLContext

    def client(self, token: str | None = None, **headers: str) -> httpx.Client:
        headers |= {"authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, verify=self.trusts, headers={"host": NAME} | headers, timeout=10)

    def begin(self) -> str:
        return str(self.client().post("/api/conversations").json()["token"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Site]:
    if NGINX is None:
        assert not os.environ.get("CI"), "nginx is not installed"
        pytest.skip("left out: no nginx on this machine (Debian's package of that name)")
    folder = tmp_path_factory.mktemp("site")
    with ExitStack() as stack:
        redis, engine = RedisServer(folder), FakeEngine()
        postgres = request.getfixturevalue("postgres")
        redis.start(), stack.callback(redis.stop)
        engine.start(), stack.callback(engine.stop)
        env = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "gateway")]),
            "DATABASE_URL": postgres.migrated(),
            "ENCRYPTION_KEY": postgres.key,
            "SECRET_KEY": "y" * 32,
            "QUEUE_URL": redis.url,
            "ENGINE_URL": engine.url,
            "TRUSTED_PROXIES": "127.0.0.1",
            "LIMIT_CONVERSATION": "12/minute",
            "LIMIT_NEW_CONVERSATIONS": "4/minute",
        }
        ports, processes = [free_port(), free_port()], []
        for port in ports:
            log = stack.enter_context((folder / f"{port}.log").open("w"))
            command = [sys.executable, str(ROOT / "tests/gateway/serve_behind.py"), str(folder), str(port)]
            processes.append(subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log))
            stack.callback(processes[-1].wait, 10)
            stack.callback(processes[-1].kill)
        behind = [f"http://127.0.0.1:{port}" for port in ports]
        url, trusts = nginx(stack, folder, ports)
        for address, process in zip(behind, processes, strict=True):
            until_ready(address, process, folder)
        yield Site(url, behind, processes, trusts)


def until_ready(address: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            assert httpx.get(f"{address}/readyz").json()["ready"]
            return
        except httpx.HTTPError:
            logs = "".join(log.read_text() for log in folder.glob("*.log"))
            assert process.poll() is None, logs
            assert time.monotonic() < end, logs
            time.sleep(0.1)


def nginx(stack: ExitStack, folder: Path, ports: list[int]) -> tuple[str, ssl.SSLContext]:
    """The very file of deploy/, with the addresses of this machine for its own. Its address, and who trusts it."""
    certificate(folder)
    port, plain = free_port(), free_port()
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for theirs, ours in {
        "assistant-1:8000": f"127.0.0.1:{ports[0]}",
        "assistant-2:8000": f"127.0.0.1:{ports[1]}",
        "listen 443": f"listen 127.0.0.1:{port}",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "/etc/nginx/certs": str(folder),
        "/var/log/nginx": str(folder),
    }.items():
        assert theirs in text
        text = text.replace(theirs, ours)
    folders = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = (
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}} http {{ {folders}\n{text}\n}}"
    )
    (folder / "nginx.conf").write_text(conf)
    process = subprocess.Popen([str(NGINX), "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    stack.callback(process.wait, 10)
    stack.callback(process.terminate)
    trusts = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    trusts.check_hostname = False  # it is for the clinic's name, not for 127.0.0.1
    return f"https://127.0.0.1:{port}", trusts


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now, years = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=3650)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + years)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "privkey.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))


def events(response: httpx.Response) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_a_stream_hears_what_either_gateway_was_told(site: Site) -> None:
    token = site.begin()
    with site.client(token) as web, web.stream("GET", "/api/conversation/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        heard = events(stream)
        assert next(heard)[0] == "message"  # the disclosure, at once: nothing is held back
        for number, address in enumerate(site.behind, 1):
            said = f"to gateway {number}"
            began = time.monotonic()
            answer = httpx.post(
                f"{address}{MESSAGES}", json={"text": said}, headers={"authorization": f"Bearer {token}"}, timeout=10
            )
            assert [reply["text"] for reply in answer.json()["replies"]] == [f"answer {number}"]
            for name, data in heard:
                if name == "message" and data["text"] == f"answer {number}":
                    break
            assert time.monotonic() - began < 10


def test_limits_hold_over_both(site: Site, within_a_minute: None) -> None:
    token = site.begin()
    with site.client(token) as web:
        found = [web.post(MESSAGES, json={"text": "hi"}) for _ in range(15)]
    assert [answer.status_code for answer in found] == [200] * 12 + [429] * 3
    assert "911" in found[-1].json()["help"]


def test_whom_the_proxy_speaks_for_is_believed_and_what_a_client_claims_is_not(
    site: Site, within_a_minute: None
) -> None:
    begin = "/api/conversations"
    told = {"x-forwarded-for": "203.0.113.7"}
    # as nginx would write it, straight to the gateways in turn
    straight = [httpx.post(f"{site.behind[n % 2]}{begin}", headers=told).status_code for n in range(6)]
    assert straight == [201] * 4 + [429] * 2
    with site.client(**told) as web:  # through nginx: this machine asks, and is not limited
        assert {web.post(begin).status_code for _ in range(6)} == {201}


@pytest.mark.parametrize("path", ["/metrics", "/dev/sms", "/dev/sms/phone.js"])
def test_what_is_for_this_machine_alone_is_not_there(site: Site, path: str) -> None:
    with site.client() as web:
        assert web.get(path).status_code == 404


def test_the_demo_page_comes_with_its_policy_and_the_promise_of_tls(site: Site) -> None:
    with site.client() as web:
        page = web.get("/")
    assert page.status_code == 200
    assert "max-age" in page.headers["strict-transport-security"]
    assert "script-src 'self'" in page.headers["content-security-policy"]


def test_nobody_is_logged_by_nginx(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "site0"
    site.begin()
    lines = (folder / "assistant.log").read_text().splitlines()
    assert lines
    assert not [line for line in lines if "127.0.0.1" in line or "/api" in line]


def test_a_killed_gateway_costs_nobody_a_message(site: Site) -> None:
    """The last test: one of the two is gone from then on."""
    token = site.begin()
    sent = 0
    with site.client(token) as web:
        for number in range(10):
            if number == 3:
                site.processes[0].kill()
            for _ in range(20):  # as the widget does, with the same id
                answer = web.post(MESSAGES, json={"text": f"text {number}", "client_id": f"id-{number}"})
                if answer.status_code == 200:
                    sent += 1
                    break
                assert answer.status_code in (502, 503, 504)
                time.sleep(0.1)
        talk = web.get(MESSAGES).json()["messages"]
    assert sent == 10
    assert [m["text"] for m in talk if m["from"] == "patient"] == [f"text {number}" for number in range(10)]
    assert len([m for m in talk if m["from"] == "assistant"]) == 11


def test_the_compose_file_sets_what_there_is_to_set() -> None:
    """It cannot be run here; names that no setting has would be silently ignored."""
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text())
    names = {name.upper() for name in Settings.model_fields}
    assert set(compose["x-settings"]) <= names
    assert set(re.findall(r"server (assistant-\d):8000", (ROOT / "deploy/nginx.conf").read_text())) <= set(
        compose["services"]
    )
    lines = {line.partition(":")[0] for line in (ROOT / "Procfile").read_text().splitlines()}
    started = re.findall(r'CMD \["deploy/together.sh", (.+)\]', (ROOT / "deploy/Dockerfile").read_text())
    assert {name for names in started for name in re.findall(r"\w+", names)} == lines
