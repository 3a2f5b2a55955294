"""The chain of seals shows what was changed, removed, put in or put elsewhere."""

from __future__ import annotations

from lightleak.trace.frames import Chain, seal, split


def frames(count: int) -> list[bytes]:
    """Make a file's frames, one event in each, the last one with the closing seal."""
    made, previous = [], ""
    for frame in range(1, count + 1):
        content, previous = seal(b'{"n":%d}\n' % frame, previous, frame=frame, events=frame, final=frame == count)
        made.append(content)
    return made


def problems(contents: list[bytes]) -> list[str]:
    chain = Chain()
    return [
        problem for content in contents for problem in chain.feed(content, split(content)[1], content.count(b"\n") - 1)
    ]


def test_a_whole_chain_has_no_problem():
    assert problems(frames(5)) == []


def test_a_changed_frame_is_named():
    made = frames(3)
    made[1] = made[1].replace(b'"n":2', b'"n":9')

    assert problems(made) == ["the seal of frame 2 does not fit: it or a frame before it was changed"]


def test_a_frame_with_a_new_seal_breaks_the_next_one():
    made = frames(3)
    made[1], _ = seal(b'{"n":9}\n', split(made[0])[1].hash, frame=2, events=2)

    assert problems(made) == ["the seal of frame 3 does not fit: it or a frame before it was changed"]


def test_a_removed_frame_is_named():
    made = frames(4)
    del made[1]

    assert problems(made)[0] == "frame 2 is missing: frame 3 is in its place"


def test_two_frames_exchanged_are_seen():
    made = frames(4)
    made[1], made[2] = made[2], made[1]

    assert problems(made)


def test_a_frame_after_the_closing_seal_is_seen():
    made = frames(3)
    more, _ = seal(b'{"n":4}\n', split(made[2])[1].hash, frame=4, events=4)

    assert problems([*made, more]) == ["frame 4 follows the closing seal"]


def test_a_wrong_number_of_events_is_seen():
    content, _ = seal(b'{"n":1}\n', "", frame=1, events=5)

    assert problems([content]) == ["frame 1 does not have as many events as its seal says"]


def test_after_frames_that_cannot_be_read_the_chain_is_checked_again():
    made = frames(5)
    made[4] = made[4].replace(b'"n":5', b'"n":9')
    chain = Chain()
    found = []
    for index, content in enumerate(made):
        if index == 1:
            chain.skip()
            continue
        found += chain.feed(content, split(content)[1], 1)

    assert found == ["the seal of frame 5 does not fit: it or a frame before it was changed"]
