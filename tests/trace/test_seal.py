"""A seal covers its frame and all before it."""

from __future__ import annotations

import hashlib
import json

import pytest

from lightleak.errors import TraceError
from lightleak.trace.frames import TAIL_BYTES, holds, seal, split

BODY = b'{"kind":"a"}\n{"kind":"b"}\n'


def test_the_hash_is_sha256_of_the_hash_before_and_all_but_the_last_76_bytes():
    """What docs/trace-format.md promises for a check with sha256sum."""
    first, first_hash = seal(BODY, "", frame=1, events=2)
    second, second_hash = seal(BODY, first_hash, frame=2, events=4, final=True)

    assert TAIL_BYTES == 76
    assert first_hash == hashlib.sha256(first[:-76]).hexdigest()
    assert second_hash == hashlib.sha256(first_hash.encode() + second[:-76]).hexdigest()


def test_a_seal_is_the_last_line_and_plain_json():
    content, digest = seal(BODY, "", frame=7, events=9, final=True, next_part='a"b.lightleak')

    assert content.startswith(BODY)
    assert json.loads(content[len(BODY) :]) == {
        "kind": "seal", "frame": 7, "events": 9, "final": True, "next": 'a"b.lightleak', "hash": digest,
    }  # fmt: skip


def test_split_gives_lines_and_seal_back():
    content, digest = seal(BODY, "", frame=7, events=9)
    body, found = split(content)

    assert (body, found.frame, found.events, found.hash, found.final) == (BODY, 7, 9, digest, False)


@pytest.mark.parametrize(
    "content", [b"\n", BODY, b'{"kind":"seal"}\n', BODY + b"[" * 5_000 + b"\n", b'{"kind":"seal","x":"\xff"}\n']
)
def test_a_frame_without_a_seal_is_refused(content):
    with pytest.raises(TraceError, match="no seal"):
        split(content)


def test_a_seal_holds_only_for_its_own_frame_and_predecessor():
    content, _ = seal(BODY, "ab", frame=7, events=2)
    _, found = split(content)

    assert holds(content, found, "ab")
    assert not holds(content, found, "ac")
    assert not holds(content.replace(b'"a"', b'"c"'), found, "ab")
    assert not holds(content.replace(b'"frame":7', b'"frame":8'), found, "ab")
    assert not holds(content.replace(b'"events":2', b'"final":true,"events":2'), found, "ab")


def test_a_hash_that_is_not_the_last_76_bytes_is_not_a_seal():
    """Else two files that differ could have one head hash."""
    hashed = BODY + b'{"kind":"seal","frame":1,"events":2,"h'
    content = hashed + b'\\u0061sh":"%s"}\n' % hashlib.sha256(hashed + b"\\u006").hexdigest().encode()
    content = _sealed_by(content)
    _, found = split(content)

    assert found.hash == hashlib.sha256(content[:-TAIL_BYTES]).hexdigest()
    assert not holds(content, found, "")


def _sealed_by(content: bytes) -> bytes:
    """Put the hash of all but the last 76 bytes in place of the hash, however its key is written."""
    digest = hashlib.sha256(content[:-TAIL_BYTES]).hexdigest().encode()
    return content[:-67] + digest + content[-3:]


def test_nothing_can_stand_behind_the_hash_of_a_seal():
    content, _ = seal(BODY, "", frame=1, events=2)
    longer = content[:-2] + b',"final":true}\n'
    _, found = split(longer)

    assert found.final
    assert not holds(longer, found, "")
