"""What is replaced, what stays by its form, and that a name which was replaced in one place stays readable in no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import lightleak
from lightleak.device.endings import AppEndings
from lightleak.redact import original, redact, vocabulary
from lightleak.redact.pseudonyms import Pseudonyms
from lightleak.redact.replaced_names import ReplacedNames
from stories import Trace

ROOT = Path(__file__).parents[2]
KEY = bytes(32)
UPLOADER = "WXAlbumSecretUploader"


def redacted(
    tmp_path: Path, trace: Trace, *, hide_names: bool
) -> tuple[dict, list[lightleak.trace.session.Event], str]:
    """Return the header, the events and all text of a redacted trace."""
    trace.save(tmp_path)
    redact(original(tmp_path / "s.lightleak"), tmp_path / "r.lightleak", hide_names=hide_names, force=True)
    told = lightleak.open(tmp_path / "r.lightleak")
    return told.header, list(told.events()), told.header_line.decode() + b"\n".join(told.lines()).decode()


@pytest.mark.parametrize(
    "reason",
    [
        f"this process has no class {UPLOADER}",
        f"{UPLOADER} has no method uploadSecretly:",
        f"{UPLOADER} only inherits photoLibraryDidChange: from {UPLOADER}",
        f"{UPLOADER} does not override photoLibraryDidChange: here",
        f"{UPLOADER} is not the system's here",
        f"this process has no function {UPLOADER}",
        f"this process has no {UPLOADER}",
        f"this version of Swift has no {UPLOADER}",
        f"it cannot be hooked: {UPLOADER} is in the way",
        f"a sentence of a later agent about {UPLOADER}",
    ],
)
def test_the_reason_why_a_class_was_not_hooked_does_not_name_the_class_next_to_its_pseudonym(tmp_path, reason):
    """A reader saw ``-[class-646a… …]`` and, in the same line, the agent's own sentence with the class's real name."""
    trace = Trace()
    trace.add(0, "hook", probe="photo-library-change-observer.photo-library-did-change", status="skipped",
              symbol=f"-[{UPLOADER} photoLibraryDidChange:]", reason=reason)  # fmt: skip
    _, (hook,), text = redacted(tmp_path, trace, hide_names=True)
    assert UPLOADER not in text
    assert "uploadSecretly" not in text
    (name,) = re.findall(r"-\[(class-[0-9a-f]{12}) photoLibraryDidChange:\]", hook["symbol"])
    assert hook["reason"].count(name) == reason.count(UPLOADER) or re.search("text-|function-", hook["reason"])


def test_a_hook_without_a_code_keeps_the_code_that_its_reason_says(tmp_path):
    """A trace from before there were codes: what the process lacks is read from how the sentence begins."""
    from lightleak.trace.migrate import hook_code

    trace = Trace()
    reasons = [
        "this process has no class Anna und Tom",
        "X has no method of Anna's:",
        "X does not override y here, Anna",
    ]
    for reason in reasons:
        trace.add(0, "hook", probe="observer", status="skipped", symbol="-[X y]", reason=reason)
    _, events, text = redacted(tmp_path, trace, hide_names=True)
    assert [hook_code(None, e["reason"]) for e in events] == ["no-class", "no-method", "inherited"]
    assert "Anna" not in text


@pytest.mark.parametrize(
    "zone",
    [
        "GMT-0500",
        "GMT+2",
        "+02:00",
        "UTC+8",
        "GMT-0330",
        "-0800",
        "Europe/Paris",
        "America/Argentina/Buenos_Aires",
        "UTC",
    ],
)
def test_a_zone_keeps_its_meaning_as_a_name_and_as_an_offset(tmp_path, zone):
    """A zone as NSTimeZone writes a fixed offset was dropped: the night rule and all times changed."""
    header, _, _ = redacted(tmp_path, Trace(zone=zone), hide_names=True)
    assert header["device"]["time_zone"] == zone


@pytest.mark.parametrize("zone", ["Anna's phone", "Europe/Anna", "+99:00", {"name": "UTC"}, ["UTC"], 49_151_234_567])
def test_what_is_no_zone_stays_no_zone_and_says_nothing(tmp_path, zone):
    header, _, text = redacted(tmp_path, Trace(zone=zone), hide_names=False)
    assert header["device"].get("time_zone") != zone
    assert ("time_zone" in header["device"]) or not isinstance(zone, str)
    assert not re.search(r"Anna|UTC|49151234567|\+99", text)


@pytest.mark.parametrize("name", ["iPhone", "iPhone15", "iPad", "phone", "15,2"])
@pytest.mark.parametrize("hide_names", [True, False])
def test_the_device_s_name_does_not_change_its_model(tmp_path, name, hide_names):
    """A phone named "iPhone", as all are at first, turned the model into "…15,2", which also gave the name away."""
    trace = Trace()
    trace.header["device"] |= {"name": name, "model": "iPhone15,2", "os": "iPhone OS", "os_version": "18.1"}
    header, _, _ = redacted(tmp_path, trace, hide_names=hide_names)
    kept = {"model": "iPhone15,2", "os": "iPhone OS", "os_version": "18.1", "time_zone": "Asia/Shanghai"}
    assert header["device"] == kept


PRIVATE = [
    "/var/mobile/Media/DCIM/Anna und Tom.jpg", "ANNA'S IPHONE", "Anna’s iPhone", "annas-iphone.local", "Anna%E2%80%99s%20iPhone",
    "F2LX0ABCDE12", "+49 151 2345678", "00491512345678", "fe80::1c2d:3e", "::1", "2001:db8::8a2e:370:7334", "10.0.0.7",
    "00008110-001A2B3C4D5E6F78", "9A1B7C3D-1111-2222-3333-444455556666", "0123456789abcdef0123456789abcdef01234567",
    "anna@example.org", "IMG_0001.HEIC could not be read", "张伟的照片",
]  # fmt: skip
"""What a free text or a word of a file can contain."""

ENTRY = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
"""What the report shows stays in ``accounting``: the entry is found by it."""

FIELDS = [
    ("process", "reason"), ("process", "phase"), ("process", "role"), ("process", "pid"), ("hook", "reason"), ("hook", "probe"),
    ("hook", "status"), ("hook", "code"), ("hook", "absent"), ("state", "value"), ("state", "reason"), ("state", "changed"),
    ("input", "type"), ("usage", "cpu_ns"), ("property", "count"), ("property", "new_assets"), ("property", "at_least"), ("authorization", "action"), ("authorization", "level"),
    ("authorization", "status"), ("observer", "action"), ("observer", "type"), ("observer", "observer"), ("observer", "caller"),
    ("notification", "change"), ("notification", "type"), ("access", "depth"), ("access", "detail"), ("access", "asset"),
    ("access", "caller"), ("access", "stack"), ("return", "duration_ns"), ("delivery", "error"),
    ("delivery", "reason"), ("delivery", "bytes"), ("accounting", "identifier"), ("accounting", "service"), ("accounting", "phase"),
    ("stack", "id"), ("stack", "frames"), ("clock", "step_ns"), ("mark", "label"), ("mark", "detail"), ("lost", "count"),
    ("lost", "reason"), ("Anna", "words"),
]  # fmt: skip


@pytest.mark.parametrize("hide_names", [True, False])
@pytest.mark.parametrize("private", PRIVATE)
def test_no_field_of_free_text_or_words_keeps_a_private_text(tmp_path, private, hide_names):
    trace = Trace()
    for kind, key in FIELDS:
        if (kind, key) != ("accounting", "identifier") or not ENTRY.fullmatch(private):
            trace.add(0, kind, **{key: private})
    trace.add(0, "access", depth="data", detail={private: 1, "width": private, "latitude": 52.520008, "height": 300})
    trace.add(0, private)
    _, events, text = redacted(tmp_path, trace, hide_names=hide_names)
    assert private.casefold() not in text.casefold()
    assert "52.52" not in text
    assert events[-2]["detail"] == {"height": 300}


def test_the_redaction_says_how_much_it_replaced_and_left_out(tmp_path):
    trace = Trace()
    trace.header = {key: value for key, value in trace.header.items() if key != "device"} | {"tool": "lightleak 0.1.0"}
    trace.add(0, "access", depth="data", detail={"a": 1, "b": 2}, unknown=3)
    trace.add(0, "lost", count=1, reason="Anna")
    trace.add(0, "lost", count=1, reason="not delivered")
    trace.save(tmp_path)
    for hide_names in (True, False):
        done = redact(original(tmp_path / "s.lightleak"), tmp_path / "r", hide_names=hide_names, force=True)
        assert (done.replaced, done.left_out) == (1, 3 + ("device" not in trace.header))


@pytest.mark.parametrize(
    "form",
    [
        "Anna’s iPhone",
        "anna's iphone",
        "Annas-iPhone",
        "ANNAS_IPHONE",
        "Anna%E2%80%99s%20iPhone",
        "AnnasIPhoneView",
        "x.annas.iphone.y",
    ],
)
def test_a_replaced_name_is_found_in_its_other_forms(form):
    names = ReplacedNames()
    names.add("Anna’s iPhone")
    assert names.mentioned_in(form)


@pytest.mark.parametrize("form", ["iPhone15,2", "Anna", "Annas", "Hannas iPhone", "Annas iPhones", "phone"])
def test_a_name_is_not_found_inside_of_other_words(form):
    names = ReplacedNames()
    names.add("Anna’s iPhone")
    assert not names.mentioned_in(form)


def test_a_short_chinese_name_is_found_without_blanks():
    names = ReplacedNames()
    names.add("张伟")
    assert names.mentioned_in("张伟相册.Uploader")
    assert not names.mentioned_in("张大伟")


def test_when_there_are_too_many_names_every_name_is_hidden():
    """Memory stays bounded, and what cannot be known is not published."""
    names = ReplacedNames(most=2)
    for name in ("one two", "three four", "five six"):
        names.add(name)
    assert names.mentioned_in("anything")


def test_with_names_kept_a_name_that_was_replaced_elsewhere_is_hidden(tmp_path):
    """Also when the place where it is kept comes before the one where it is replaced."""
    trace = Trace()
    trace.header["device"]["name"] = "Tom’s Phone"
    trace.add(
        0, "observer", action="registered", observer={"class": "TomsPhoneWatcher", "id": "1", "image": "/x/Holiday"}
    )
    trace.add(0, "observer", action="registered", observer={"class": "Watcher", "id": "2", "image": "/x/Gallery"})
    trace.add(1, "mark", label="holiday")
    _, events, text = redacted(tmp_path, trace, hide_names=False)
    assert [e["observer"]["class"] == "Watcher" for e in events if e["kind"] == "observer"] == [False, True]
    assert events[1]["observer"]["image"] == "Gallery"
    assert not re.search("Toms|Holiday", text, re.IGNORECASE)


def test_with_names_kept_the_uuid_of_an_image_is_hidden_where_it_was_replaced_elsewhere(tmp_path):
    build, other = "9A1B7C3D-1111-2222-3333-444455556666", "9A1B7C3D-1111-2222-3333-444455556667"
    trace = Trace()
    trace.add(0, "stack", id=1, frames=[{"image": "/x/Gallery", "uuid": uuid} for uuid in (build, other)])
    trace.add(0, "mark", label=build.lower())
    _, (stack, _), text = redacted(tmp_path, trace, hide_names=False)
    assert stack["frames"][1]["uuid"] == other
    assert build not in text


def test_with_names_kept_a_reason_that_was_replaced_elsewhere_as_a_whole_is_hidden(tmp_path):
    """A mark can repeat the agent's sentence, none of whose parts was replaced on its own."""
    trace = Trace()
    reason = "this process has no class GLScanner"
    trace.add(0, "hook", probe="observer", status="skipped", symbol="-[PHAsset x]", reason=reason)
    trace.add(0, "mark", label=reason)
    _, (hook, _), _ = redacted(tmp_path, trace, hide_names=False)
    assert re.fullmatch("this process has no class text-[0-9a-f]{12}", hook["reason"])


@pytest.mark.parametrize("hide_names", [True, False])
def test_the_recorder_s_own_mark_of_an_app_that_ended_keeps_its_counts_and_no_other_mark_its_text(tmp_path, hide_names):
    app = AppEndings("com.example.secret")
    app.count(2.4, ended=True)
    app.alone.add(30.0, ended=False)
    app.alone.add(30.1, ended=False)
    trace = Trace()
    trace.add(0, "mark", label=app.label(), detail={**app.detail(), "app": "com.example.secret"})
    trace.add(1, "mark", label=f"{app.label()} at Anna's", detail={"attached": "Anna", "alone": {"ended": "Anna"}})
    _, (own, other), text = redacted(tmp_path, trace, hide_names=hide_names)
    assert own["label"] == app.label()
    assert own["detail"] == app.detail()
    assert other["label"] == "mark"
    assert not re.search("Anna|secret", text)


@pytest.mark.parametrize(
    ("symbol", "hashed"),
    [
        ("-[PHAsset location]", r"-\[PHAsset location\]"),
        ("-[GLScanner scanAll]", r"-\[class-\w+ selector-\w+\]"),
        ("-[PHAsset annasSecret]", r"-\[PHAsset selector-\w+\]"),
        ("-[GLWatcher photoLibraryDidChange:]", r"-\[class-\w+ photoLibraryDidChange:\]"),
        ("-[* photoLibraryDidChange:]", r"-\[\* photoLibraryDidChange:\]"),
        ("Scanner.scan(album:)", r"function-\w+"),
        ("dispatch_async", "dispatch_async"),
        ("dispatch_annas_secret", r"function-\w+"),
        ("escape:threads", "escape:threads"),
    ],
)
def test_symbols_of_the_app_are_hashed_and_the_system_s_stay(symbol, hashed):
    assert re.fullmatch(hashed, Pseudonyms(hide_names=True, key=KEY).symbol(symbol))
    assert Pseudonyms(hide_names=False, key=KEY).symbol(symbol) == symbol


@pytest.mark.parametrize(
    ("error", "kept"),
    [("PHPhotosErrorDomain 3164", True), ("NSCocoaErrorDomain -1", True), ("AnnaErrorDomain 3", False),
     ("PHPhotosErrorDomain 491512345678", False), ("an error of an unknown class", True), ("3164", False)],
)  # fmt: skip
def test_an_error_stays_as_the_system_s_domain_and_its_code_only(tmp_path, error, kept):
    trace = Trace()
    trace.add(0, "delivery", of=1, error=error)
    _, (delivery,), _ = redacted(tmp_path, trace, hide_names=False)
    assert (delivery["error"] == error) == kept


def test_the_lists_have_every_sentence_and_symbol_that_agent_and_recorder_write():
    """What is missing in a list is still hidden, but a redacted session would then say less than it may."""
    agent = "\n".join(path.read_text() for path in (ROOT / "agent" / "src").rglob("*.ts") if "tools" not in path.parts)
    written = [*(ROOT / "host/lightleak/device").rglob("*.py"), ROOT / "host/lightleak/losses.py"]
    host = "\n".join(path.read_text() for path in written)
    for sentence in (*vocabulary.HOOK_REASONS, *vocabulary.DELIVERY_REASONS, vocabulary.UNKNOWN_ERROR):
        assert f'"{sentence}"' in agent, sentence
    for sentence in vocabulary.LOSS_REASONS:
        assert f'"{sentence}"' in agent + host, sentence
    hand_offs = (ROOT / "agent/src/origins/handoffs.ts").read_text()
    for symbol in re.findall(r'(?:row|waiting|block|call)\("([^"]+)"', hand_offs):
        assert vocabulary.is_system_symbol(symbol), symbol
    for name in re.findall(r"(?:numbers|counts): \{ (\w+): \d(?:, (\w+): \d)?", agent):
        assert set(filter(None, name)) <= vocabulary.DETAILS, name
    escapes = re.search(r"const ESCAPED.*?\{(.*?)\};", agent, re.DOTALL)[1]
    for sort, sentence in re.findall(r'^\s+"?([\w-]+)"?: "(.*)",$', escapes, re.MULTILINE):
        assert vocabulary.is_system_symbol(f"escape:{sort}"), sort
        assert sentence in vocabulary.HOOK_REASONS, sentence


def test_of_what_a_query_tests_only_documented_keys_stay(tmp_path):
    trace = Trace()
    keys = {"predicate": "creationDate,com.tencent.secret,(code)", "sort": "mediaType", "other": "creationDate"}
    trace.add(1, "access", depth="metadata", symbol="-[PHAsset creationDate]", detail=keys)
    trace.add(2, "mark", label="com.tencent.secret")
    _, events, _ = redacted(tmp_path, trace, hide_names=False)
    (query,) = [event for event in events if event["kind"] == "access"]
    assert query["detail"] == {"predicate": "creationDate,(other),(code)", "sort": "mediaType"}
    assert not [event for event in events if "secret" in str(event)]
