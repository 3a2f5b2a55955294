"""Every row of the doctor is provoked: on the stand-in phone, on a real portal, or by a script that answers otherwise."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from device.rig import Portal, free_port, sleeper
from lightleak.device.clocks import ClockOffset
from lightleak.device.doctor import CHECKS, Examination, Finding, checks_host, checks_server, examine, known_issues
from lightleak.device.doctor.checks_server import jailbreak_kind
from lightleak.device.helpers import script
from lightleak.device.targets import Await, DeviceChoice, Pid, SpawnFile
from lightleak.errors import UsageError
from standin import Phone

LOCAL = DeviceChoice()
HERE = Path()


def doctor(choice: DeviceChoice = LOCAL, pid: int | None = None) -> Examination:
    examination = examine(choice, None if pid is None else Pid(pid), HERE)
    assert tuple(finding.check for finding in examination.findings) == CHECKS
    for finding in examination.findings:
        assert finding.found
        if finding.status in ("warning", "problem"):
            assert finding.why
            assert finding.remedy
    return examination


def remote(portal: Portal, **options: Any) -> DeviceChoice:
    return DeviceChoice(kind="remote", host=f"127.0.0.1:{portal.control}", **options)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make the device's own script answer otherwise."""
    source = script.tool_source

    def lie(export: str, answer: str) -> None:
        more = f"{{ const honest = rpc.exports.{export}; rpc.exports.{export} = (...asked) => ({{ ...honest(...asked), {answer} }}); }}"
        monkeypatch.setattr(script, "tool_source", lambda name: f"{source(name)}\n{more}")

    return lie


@pytest.fixture(scope="module")
def phone() -> Iterator[Phone]:
    with Phone(idle_s=1) as phone:
        yield phone


def test_without_a_target_the_app_is_not_checked_and_nothing_prevents_a_recording() -> None:
    examination = doctor()

    assert not examination.prevents_recording
    assert {examination.of(check).status for check in CHECKS[:12]} == {"ok"}
    assert {examination.of(check).found for check in CHECKS[12:]} == {"no app was named"}


@pytest.mark.standin
def test_on_an_app_that_is_ready_every_check_is_made_and_holds(phone: Phone) -> None:
    app = phone.launch("hardcases")

    examination = doctor(pid=app.pid)

    assert {finding.status for finding in examination.findings} == {"ok"}
    assert "would install" in examination.of("bridge").found


@pytest.mark.parametrize(
    ("version", "status", "why"),
    [
        ("16.4.4", "problem", "major versions"),
        ("17.15.2", "warning", "arm64e"),
        ("17.99.0", "warning", "tested together"),
    ],
)
def test_another_frida_on_the_device_is_named_with_what_is_known_of_it(
    version: str, status: str, why: str, answering: Any
) -> None:
    answering("ground", f"frida: '{version}'")

    finding = doctor().of("device-frida")

    assert (finding.status, version in finding.found) == (status, True)
    assert why in finding.why


def test_a_frida_here_that_is_known_to_fail_is_named() -> None:
    assert checks_host.check_host_frida("17.16.2").status == "problem"
    assert checks_host.check_host_frida("17.16.4").status == "ok"


def test_known_issues_are_reported_only_for_the_jailbreak_and_system_they_concern() -> None:
    def told(version: str, **phone: Any) -> set[str]:
        return {row.source for row in known_issues.known_issues(version, "device", **phone)}

    assert "frida issue 2916" in told("16.4.4", jailbreak="rootless", ios="15.4")
    assert "frida issue 2916" not in told("16.4.4", jailbreak="rootless", ios="16.5")
    assert "frida issue 2916" not in told("16.4.4", jailbreak="rootful", ios="15.4")
    assert "frida issue 3562, open" in told("17.25.2", ios="15.8.4")
    assert told("17.25.2", jailbreak="rootless", ios="18.4") == set()
    assert all(row.source and row.remedy for row in known_issues.KNOWN_ISSUES)


def test_a_server_that_is_not_root_is_a_problem(answering: Any) -> None:
    answering("ground", "uid: 501")

    finding = doctor().of("root")

    assert (finding.status, "501" in finding.found) == ("problem", True)
    assert "sudo frida-server" in finding.remedy


def test_the_kind_of_jailbreak_is_told_by_what_lies_there(monkeypatch: pytest.MonkeyPatch, answering: Any) -> None:
    assert jailbreak_kind(["/var/jb", "/Applications/Cydia.app"]) == "rootless"
    assert jailbreak_kind(["/Applications/Cydia.app"]) == "rootful"
    answering("ground", "present: ['/var/jb'], platform: 'darwin'")
    assert doctor().of("jailbreak").found == "rootless (/var/jb)"
    answering("ground", "present: [], platform: 'darwin'")
    monkeypatch.setattr(checks_server, "jailbreak_kind", lambda _: "none")
    assert doctor().of("jailbreak").found.startswith("full access")


def test_a_phone_without_a_jailbreak_is_told_what_cannot_be_watched() -> None:
    look = SimpleNamespace(present=[], platform="darwin")

    finding, kind = checks_server.check_jailbreak(look, "jailed")  # type: ignore[arg-type]

    assert (finding.status, kind) == ("warning", "none")
    assert "Gadget" in finding.why


def test_a_wrong_token_is_the_token_s_problem_and_never_shown() -> None:
    portal = Portal(token="secret")
    try:
        examination = doctor(remote(portal, token="hunter2"))
    finally:
        portal.close()

    assert examination.of("reach").status == "ok"
    assert examination.of("token").status == "problem"
    assert examination.of("root").status == "unknown"
    assert "hunter2" not in str(examination.to_dict())


def test_a_missing_token_is_the_token_s_problem() -> None:
    portal = Portal(token="secret")
    try:
        finding = doctor(remote(portal)).of("token")
    finally:
        portal.close()

    assert (finding.status, "--token" in finding.remedy) == ("problem", True)


def test_a_wrong_certificate_is_the_certificate_s_problem(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("no certificate")

    examination = doctor(DeviceChoice(kind="remote", host="127.0.0.1:9", certificate=str(tmp_path / "missing.pem")))

    assert examination.of("certificate").status == "problem"


def test_a_server_with_another_certificate_is_the_certificate_s_problem(tmp_path: Path) -> None:
    for name in ("right", "wrong"):
        files = ["-keyout", tmp_path / f"{name}.key", "-out", tmp_path / f"{name}.pem"]
        command = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "1",
            "-subj",
            "/CN=phone",
            *files,
        ]
        subprocess.run(command, check=True, capture_output=True)
    portal = Portal(certificate=(tmp_path / "right.key").read_text() + (tmp_path / "right.pem").read_text())
    try:
        wrong = doctor(remote(portal, certificate=str(tmp_path / "wrong.pem")))
        right = doctor(remote(portal, certificate=str(tmp_path / "right.pem")))
    finally:
        portal.close()

    assert (wrong.of("certificate").status, wrong.of("reach").status) == ("problem", "ok")
    assert right.of("certificate").found == "TLS, with the expected certificate"


def test_where_nothing_answers_reaching_is_the_problem() -> None:
    examination = doctor(DeviceChoice(kind="remote", host=f"127.0.0.1:{free_port()}"))

    assert examination.prevents_recording
    assert "frida-server" in examination.of("reach").remedy


def test_a_server_of_another_kind_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)

        def answer() -> None:
            connection, _ = server.accept()
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            connection.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        finding = doctor(DeviceChoice(kind="remote", host=f"127.0.0.1:{server.getsockname()[1]}")).of("reach")
        thread.join(5)

    assert finding.status == "problem"
    assert finding.remedy


def test_no_usb_device_is_a_problem_of_reaching() -> None:
    finding = doctor(DeviceChoice(kind="usb")).of("reach")

    assert (finding.status, "plug the phone in" in finding.remedy) == ("problem", True)


def test_an_open_server_on_a_network_is_a_warning() -> None:
    from lightleak.device.doctor.checks_connection import reached

    device: Any = SimpleNamespace(name="phone", type="remote")

    def statuses(checks_host: str, **options: Any) -> set[str]:
        return {finding.status for finding in reached(DeviceChoice(kind="remote", host=checks_host, **options), device)}

    assert statuses("192.168.1.7") == {"ok", "warning"}
    assert statuses("192.168.1.7", token="t", certificate="c") == {"ok"}
    assert statuses("127.0.0.1:27042") == {"ok"}


@pytest.mark.standin
@pytest.mark.parametrize(
    ("status", "expected"),
    [("denied", "problem"), ("restricted", "problem"), ("not-determined", "warning"), ("limited", "warning")],
)
def test_the_app_s_permission_is_told(status: str, expected: str, phone: Phone) -> None:
    phone.trust.set("org.lightleak.hardcases", status)
    app = phone.launch("hardcases")

    finding = doctor(pid=app.pid).of("permission")

    assert finding.status == expected
    assert "Full Access" in finding.remedy
    phone.trust.set("org.lightleak.hardcases", "authorized")


@pytest.mark.standin
def test_a_report_that_is_off_is_told() -> None:
    with Phone(idle_s=1, accounting=False) as phone:
        finding = doctor(pid=phone.launch("hardcases").pid).of("recording")

    assert finding.status == "problem"
    assert "App Privacy Report" in finding.remedy


@pytest.mark.standin
@pytest.mark.parametrize(("skew_s", "status"), [(300, "problem"), (10, "warning")])
def test_a_phone_whose_clock_is_wrong_is_told_by_how_much(skew_s: int, status: str) -> None:
    with Phone(idle_s=1, clock_skew_s=skew_s) as phone:
        portal = Portal()
        try:
            app = phone.launch("hardcases")
            portal.join(app.pid)
            finding = doctor(remote(portal), pid=app.pid).of("clock")
        finally:
            portal.close()

    assert finding.status == status
    assert f"{abs(skew_s)}.0 s {'ahead' if skew_s > 0 else 'behind'}" in finding.found


def test_a_clock_that_is_behind_is_told_so() -> None:
    finding = checks_server.check_clock(ClockOffset(-90 * 10**9, 10**6, (0, 0), 0))

    assert (finding.status, finding.found) == ("problem", "the device's clock is 90.0 s behind (± 1 ms)")


@pytest.mark.parametrize(
    ("free", "status"), [(0, "problem"), (199_000_000, "problem"), (900_000_000, "warning"), (10**10, "ok")]
)
def test_a_full_disk_is_told(free: int, status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks_host.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))

    assert doctor().of("host-disk").status == status


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert checks_host.check_host_disk(tmp_path / "missing").status == "problem"


@pytest.mark.parametrize(("free", "status"), [("1e6", "warning"), ("null", "unknown"), ("1e12", "ok")])
def test_room_on_the_device_is_told(free: str, status: str, answering: Any) -> None:
    answering("ground", f"freeBytes: {free}")

    assert doctor().findings[CHECKS.index("device-disk")].status == status


def test_a_process_that_is_no_app_has_no_bridge() -> None:
    with sleeper() as process:
        examination = doctor(pid=process.pid)

    assert examination.of("bridge").status == "problem"
    assert {examination.of(check).status for check in ("permission", "recording")} == {"unknown"}


def test_a_target_that_is_not_there_is_the_process_s_problem() -> None:
    assert doctor(pid=2**22 + 1).of("process").status == "problem"


def test_hooks_and_compiler_that_fail_are_told_with_their_reason(answering: Any) -> None:
    answering("selftest", "hook: 'code signing', compiler: 'no toolchain'")
    with sleeper() as process:
        examination = doctor(pid=process.pid)

    assert (examination.of("hooks").status, "code signing" in examination.of("hooks").found) == ("problem", True)
    assert (examination.of("compiler").status, "no toolchain" in examination.of("compiler").found) == ("warning", True)


def test_a_script_that_answers_nonsense_is_not_believed(answering: Any) -> None:
    answering("ground", "uid: 'root'")

    assert doctor().of("root").status == "unknown"


@pytest.mark.parametrize("target", [SpawnFile(("/bin/sleep",)), Await("x")])
def test_a_target_that_does_not_run_is_refused(target: Any) -> None:
    with pytest.raises(UsageError):
        examine(LOCAL, target, HERE)


def test_the_json_says_ready_and_counts() -> None:
    findings = tuple(Finding(check, "ok", "x") for check in CHECKS[:-1])
    told = Examination("phone", "app", (*findings, Finding("recording", "problem", "x", "y", "z"))).to_dict()

    assert (told["version"], told["ready"], told["counts"]["problem"]) == (1, False, 1)
    assert told["checks"][-1] == {"check": "recording", "status": "problem", "found": "x", "why": "y", "remedy": "z"}
