"""Several gateways of one house share a port; another house or program is never joined, nor let in."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.evaluation.processes import free_port
from bot.gateway.locks import Lock
from bot.gateway.port import CannotListen, listening
from bot.gateway.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return house(tmp_path, "records", free_port())


def house(folder: Path, records: str, port: int, host: str = "127.0.0.1") -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder}/{records}.sqlite3",
        queue_file=f"{folder}/huey.sqlite3",
        gateway_host=host,
        gateway_port=port,
    )


def test_two_of_a_house_share_it_and_one_takes_all_when_the_other_is_gone(settings: Settings) -> None:
    heard = {"one": 0, "two": 0}
    address = ("127.0.0.1", settings.gateway_port)
    with listening(settings) as one:
        with listening(settings) as two:
            for _ in range(60):
                with socket.create_connection(address, timeout=5):
                    for name, door in (("one", one), ("two", two)):
                        door.settimeout(0.02)
                        try:
                            door.accept()[0].close()
                            heard[name] += 1
                        except TimeoutError:
                            continue
        assert sum(heard.values()) == 60
        assert min(heard.values()) > 5, heard
        one.settimeout(5)
        for _ in range(20):
            with socket.create_connection(address, timeout=5):
                one.accept()[0].close()


def test_another_house_is_told_that_the_port_is_taken(settings: Settings, tmp_path: Path) -> None:
    other = house(tmp_path, "others", settings.gateway_port)
    with (
        listening(settings),
        pytest.raises(CannotListen, match=f"Port {settings.gateway_port} is in use"),
        listening(other),
    ):
        pass
    with listening(other):  # and may have it afterwards
        pass


@pytest.mark.parametrize("generous", [False, True])
def test_another_program_is_not_joined(settings: Settings, generous: bool) -> None:
    with (
        socket.create_server(("127.0.0.1", settings.gateway_port), reuse_port=generous),
        pytest.raises(CannotListen, match="is in use"),
        listening(settings),
    ):
        pass


def test_another_program_finds_the_port_taken(settings: Settings) -> None:
    with listening(settings), pytest.raises(OSError, match="in use"):
        socket.create_server(("127.0.0.1", settings.gateway_port))


def test_an_address_that_is_none_of_ours_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotListen, match=r"Cannot listen on 192\.0\.2\.1, port"), listening(
        house(tmp_path, "records", free_port(), "192.0.2.1")
    ):  # fmt: skip
        pass


def test_a_lock_is_for_one_and_for_one_house(settings: Settings, tmp_path: Path) -> None:
    mine, same, theirs = (Lock(each, "x") for each in (settings, settings, house(tmp_path, "others", 1)))
    assert mine.take()
    assert mine.take()
    assert not same.take()
    assert theirs.take()
    mine.release()
    assert same.take()
