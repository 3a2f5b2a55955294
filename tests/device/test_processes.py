"""Which process a target means."""

from __future__ import annotations

import pytest

from lightleak.device.processes import ProcessInfo, choose_process
from lightleak.device.target_matcher import TargetMatcher
from lightleak.device.targets import Await, Either, Identifier, Name, Pid
from lightleak.errors import DeviceError

WECHAT = ProcessInfo(10, "WeChat", "com.tencent.xin")
SHARE = ProcessInfo(11, "WeChatShare", "com.tencent.xin.share")
IDLE = ProcessInfo(0, "JD", "com.jd.jdmobile")
XIN = ProcessInfo(12, "com.tencent.xin", None)
DAEMON = ProcessInfo(13, "assetsd", None)
ALL = [WECHAT, SHARE, IDLE, XIN, DAEMON]


@pytest.mark.parametrize(
    ("target", "process"),
    [
        (Identifier("com.TENCENT.xin"), WECHAT),
        (Name("wechat"), WECHAT),
        (Name("wechats*"), SHARE),
        (Either("com.tencent.xin"), WECHAT),
        (Either("assetsd"), DAEMON),
        (Pid(11), SHARE),
    ],
)
def test_a_target_means_one_process(target: object, process: ProcessInfo) -> None:
    assert choose_process(target, ALL) == process


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (Name("we*"), r"ambiguous, it matches com.tencent.xin \(pid 10\), com.tencent.xin.share \(pid 11\)"),
        (Either("JD"), "JD does not run"),
        (Identifier("assetsd"), "there is no app assetsd"),
        (Pid(99), "there is no process with pid 99"),
    ],
)
def test_a_target_that_does_not_mean_one_is_told_why(target: object, message: str) -> None:
    with pytest.raises(DeviceError, match=message):
        choose_process(target, ALL)


def test_a_typing_error_is_answered_with_what_is_close() -> None:
    with pytest.raises(DeviceError) as caught:
        choose_process(Either("com.tencent.xim"), ALL)
    assert "com.tencent.xin" in caught.value.hint


def test_an_app_is_watched_with_its_extensions() -> None:
    assert TargetMatcher([Either("com.tencent.xin")]).matching(ALL) == [WECHAT, SHARE]
    assert TargetMatcher([Name("WeChat")]).matching(ALL) == [WECHAT]


_WECHAT = "/private/var/containers/Bundle/Application/1A/WeChat.app"
UPLOAD = ProcessInfo(14, "WeChatUpload", path=f"{_WECHAT}/Extensions/WeChatUpload.appex/WeChatUpload")
"""As a phone lists an extension: by its program, without an identifier."""


@pytest.mark.parametrize(
    "app",
    [
        ProcessInfo(10, "WeChat", "com.tencent.xin", path=f"{_WECHAT}/WeChat"),
        # It does not run: the system launched its extension. Both spellings of the folder are one.
        ProcessInfo(0, "WeChat", "com.tencent.xin", path=_WECHAT.removeprefix("/private")),
    ],
)
def test_an_extension_is_found_by_the_folder_of_its_app_whether_that_runs_or_not(app: ProcessInfo) -> None:
    other = ProcessInfo(15, "Notes", path="/private/var/containers/Bundle/Application/2B/Notes.app/PlugIns/N.appex/N")
    daemon = ProcessInfo(16, "helper", path=f"{_WECHAT}/helper")
    seen = TargetMatcher([Either("com.tencent.xin")]).matching([app, UPLOAD, other, daemon])
    assert seen == [process for process in (app, UPLOAD) if process.pid]
    assert TargetMatcher([Either("WeChat")]).matching([UPLOAD, other]) == [UPLOAD]
    assert TargetMatcher([Either("com.tencent")]).matching([UPLOAD, other]) == []


def test_an_extension_that_is_named_by_its_identifier_is_answered_with_those_that_run() -> None:
    app = ProcessInfo(10, "WeChat", "com.tencent.xin", path=f"{_WECHAT}/WeChat")
    with pytest.raises(DeviceError, match="there is no app or process com") as caught:
        choose_process(Either("com.tencent.xin.upload"), [app, UPLOAD, DAEMON])
    assert caught.value.hint == "an extension is named by its pid; of that app these run: WeChatUpload (pid 14)"


def test_the_folder_of_an_app_is_remembered_when_the_device_does_not_list_it_again() -> None:
    matcher = TargetMatcher([Identifier("com.tencent.xin")])
    matcher.matching([ProcessInfo(0, "WeChat", "com.tencent.xin", path=_WECHAT)])
    assert matcher.matching([ProcessInfo(0, "WeChat", "com.tencent.xin"), UPLOAD]) == [UPLOAD]


def test_the_name_of_an_extensions_service_names_its_app() -> None:
    held = ProcessInfo(17, "x", "xpcservice<com.tencent.xin.upload([app<com.tencent.xin>])>", held=True)
    assert TargetMatcher([Either("com.tencent.xin")]).matching([held]) == [held]
    assert TargetMatcher([Either("tencent.xin")]).matching([held]) == []


def test_an_awaited_launch_is_a_new_one_and_an_app_that_does_not_run_is_none() -> None:
    assert TargetMatcher([Await("com.tencent")], known=[10]).matching(ALL) == [SHARE, XIN]
    assert TargetMatcher([Identifier("com.jd.jdmobile")]).matching(ALL) == []


def test_a_process_that_several_targets_mean_is_watched_once() -> None:
    assert TargetMatcher([Pid(10), Either("com.tencent.xin")]).matching([WECHAT]) == [WECHAT]
