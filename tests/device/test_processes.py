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


def test_an_awaited_launch_is_a_new_one_and_an_app_that_does_not_run_is_none() -> None:
    assert TargetMatcher([Await("com.tencent")], known=[10]).matching(ALL) == [SHARE, XIN]
    assert TargetMatcher([Identifier("com.jd.jdmobile")]).matching(ALL) == []


def test_a_process_that_several_targets_mean_is_watched_once() -> None:
    assert TargetMatcher([Pid(10), Either("com.tencent.xin")]).matching([WECHAT]) == [WECHAT]
