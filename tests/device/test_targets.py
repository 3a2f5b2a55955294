"""Device choice and bare targets, as Frida's own tools read them."""

from __future__ import annotations

from typing import Any

import pytest

from lightleak.device.targets import (
    DeviceChoice,
    Either,
    Pid,
    SpawnFile,
    choose_device,
    parse_running,
    parse_target,
    target_words,
)
from lightleak.errors import UsageError


def choose(environment: dict[str, str] | None = None, **options: Any) -> DeviceChoice:
    return choose_device(environment=environment or {}, **options)


def test_without_any_option_it_is_this_machine() -> None:
    assert choose() == DeviceChoice(kind="local")


@pytest.mark.parametrize(
    ("options", "kind"),
    [({"device_id": "abc"}, "id"), ({"usb": True}, "usb"), ({"remote": True}, "remote"), ({"host": "h:1"}, "remote")],
)
def test_each_option_names_its_kind_of_device(options: dict[str, Any], kind: str) -> None:
    assert choose(**options).kind == kind


def test_two_devices_are_wrong_usage() -> None:
    with pytest.raises(UsageError, match="only one of"):
        choose(usb=True, host="h")


def test_the_environment_names_the_device_where_no_option_does() -> None:
    environment = {"FRIDA_DEVICE": "abc", "FRIDA_HOST": "h"}

    assert choose(environment).id == "abc"
    assert choose({"FRIDA_HOST": "h", "FRIDA_TOKEN": "t"}) == DeviceChoice(kind="remote", host="h", token="t")
    assert choose(environment, usb=True) == DeviceChoice(kind="usb")


def test_an_option_goes_before_the_environment() -> None:
    choice = choose({"FRIDA_TOKEN": "old", "FRIDA_ORIGIN": "o"}, host="h", token="new", keepalive_interval=5)

    assert choice.remote_options == {"token": "new", "origin": "o", "keepalive_interval": 5}


def test_a_token_for_a_device_that_takes_none_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="--token is for a remote device"):
        choose(usb=True, token="t")


def test_secrets_do_not_show() -> None:
    assert "s3cret" not in repr(choose(host="h", token="s3cret", certificate="s3cret"))


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("./app", SpawnFile(("./app",))),
        ("/bin/app", SpawnFile(("/bin/app",))),
        ("123", Pid(123)),
        ("com.tencent.xin", Either("com.tencent.xin")),
        ("WeChat", Either("WeChat")),
        ("1_000", Either("1_000")),
        ("-5", Either("-5")),
        ("٣", Either("٣")),
    ],
)
def test_a_bare_target_is_a_path_a_pid_or_a_name(text: str, target: object) -> None:
    assert parse_target(text) == target


def test_only_a_program_takes_arguments() -> None:
    assert parse_target("./app", ["-x"]) == SpawnFile(("./app", "-x"))
    with pytest.raises(UsageError, match="unexpected argument"):
        parse_target("WeChat", ["-x"])


def test_an_empty_target_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="empty"):
        parse_target("")


def test_what_runs_already_is_never_spawned() -> None:
    assert parse_running("./app") == Either("./app")


@pytest.mark.parametrize("name", ["com.example.app", "Ann's app", "--force", "-U", "4711", "./sh", "/bin/sh"])
def test_the_words_for_an_app_name_it_whatever_it_is_called(name: str) -> None:
    words = target_words(name)

    assert words in ((name,), ("-n", name))
    assert len(words) == 2 or parse_target(name) == Either(name)
