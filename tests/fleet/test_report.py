"""``lightleak fleet report``: rates per watched hour, what is pooled, and what changed; as a table, JSON and a page."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")
pytest.importorskip("scipy")

from fleet.labs import run, session


def report(capfd, store: object, *words: str) -> dict:
    capfd.readouterr()
    assert run("fleet", "report", store, "--json", *words) == 0
    found = json.loads(capfd.readouterr().out)
    assert isinstance(found, dict)
    return found


def add(folder: Path, name: str, condition: str = "wifi", **options: object) -> None:
    recording, its_report = session(folder, name, **options)
    assert (
        run("fleet", "add", folder / "lab", recording, "--report", its_report, "--set", f"condition={condition}") == 0
    )


def test_rates_are_counts_by_watched_hours(tmp_path, capfd):
    add(tmp_path, "a", reads=3, hours=1.0)
    add(tmp_path, "b", reads=5, hours=3.0, version="1.1")
    found = report(capfd, tmp_path / "lab")
    (cell,) = found["cells"]
    assert (cell["app"], cell["value"], cell["runs"], cell["covered_hours"]) == ("org.example.app", None, 2, 4.0)
    reads = cell["figures"]["background_reads"]
    assert (reads["count"], round(reads["rate"], 2), reads["limits"], reads["left_out"]) == (16, 4.0, [], [])
    # Garwood's interval of 16 events in 4 h.
    assert (reads["low"], reads["high"]) == (2.286, 6.496)
    assert cell["figures"]["entries"]["count"] == 8
    assert cell["figures"]["unexplained"] | {"left_out": []} == {
        "count": 0, "hours": 4.0, "rate": 0.0, "low": 0.0, "high": 0.9222, "at_least": False, "runs": 2, "limits": [], "left_out": [],
    }  # fmt: skip
    assert cell["background"]["background_by_trigger"] == {"change": {"metadata": 8, "data": 8}}
    assert (cell["claim"]["fits_by_link"], cell["claim"]["contradicts"], cell["claim"]["decided"]) == (8, 0, 8)
    assert (cell["cost"]["cpu_ms_per_hour"], cell["cost"]["bytes_per_hour"]) == (4.0, 2000.0)
    assert [(row["image"], row["data_reads"], row["background_reads"]) for row in found["images"]] == [
        ("App", 8, 8),
        ("Sdk", 0, 8),
    ]
    assert found["comparisons"] == []


def test_one_version_is_compared_with_the_one_before_it(tmp_path, capfd):
    for version, reads in (("8.0.9", 10), ("8.0.10", 30), ("8.0.11", 29)):
        add(tmp_path, version, version=version, reads=reads, hours=2.0)
    found = report(capfd, tmp_path / "lab", "--by", "version")
    assert [cell["value"] for cell in found["cells"]] == ["8.0.9", "8.0.10", "8.0.11"]
    reads = [row for row in found["comparisons"] if row["figure"] == "background_reads"]
    assert [(row["from"], row["to"], row["numbers"], row["ratio"], row["different"]) for row in reads] == [
        ("8.0.9", "8.0.10", [20, 60], 3.0, True), ("8.0.10", "8.0.11", [60, 58], 0.9667, False),
    ]  # fmt: skip
    tests = len(found["comparisons"])
    assert reads[0]["p"] < reads[0]["p_holm"] <= reads[0]["p"] * tests * 1.001
    assert {row["reason"] for row in found["not_compared"]} == {"there was none in either"}


def test_runs_that_saw_less_are_not_pooled_and_the_report_says_why(tmp_path, capfd):
    add(tmp_path, "whole", reads=3)
    add(tmp_path, "blind", reads=9, version="1.1", unhooked=["+[PHAsset fetchAssetsWithOptions:]"])
    cell = report(capfd, tmp_path / "lab")["cells"][0]
    reads = cell["figures"]["background_reads"]
    assert (reads["count"], reads["hours"], reads["runs"]) == (6, 1.0, 1)
    (rest,) = reads["left_out"]
    assert (rest["runs"], rest["hours"]) == (1, 1.0)
    assert (
        "+[PHAsset fetchAssetsWithOptions:]" in rest["reasons"][0] or "fetch-assets-with-options" in rest["reasons"][0]
    )
    # What does not need that hook is pooled.
    assert cell["figures"]["uploads"]["runs"] == 2
    assert cell["figures"]["places_read"]["count"] == 60
    capfd.readouterr()
    assert run("fleet", "report", tmp_path / "lab") == 0
    assert "reads in the background: 1 run of 1 h left out (not hooked" in capfd.readouterr().out
    by_version = report(capfd, tmp_path / "lab", "--by", "version")
    assert [row for row in by_version["comparisons"] if row["figure"] == "background_reads"] == []
    assert {"the two did not see the same"} <= {row["reason"] for row in by_version["not_compared"]}


def test_reports_that_are_too_short_by_unknown_parts_are_not_compared(tmp_path, capfd):
    for version in ("1", "2"):
        recording, its_report = session(tmp_path, version, version=version, reads=10, hours=5.0)
        lines = its_report.read_text().splitlines(keepends=True)
        its_report.write_text("".join(lines[:24]))
        run("fleet", "add", tmp_path / "lab", recording, "--report", its_report)
    found = report(capfd, tmp_path / "lab", "--by", "version")
    assert all(cell["figures"]["entries"]["at_least"] for cell in found["cells"])
    assert "entries" not in {row["figure"] for row in found["comparisons"]}
    assert "how much was not seen is not known to be the same in both" in {
        row["reason"] for row in found["not_compared"]
    }


def test_what_was_not_measured_is_no_zero_and_what_was_seen_in_part_is_at_least(tmp_path, capfd):
    add(tmp_path, "a", reads=3, unhooked=["-[PHAsset location]", "+[PHAsset fetchAssetsWithOptions:]"])
    figures = report(capfd, tmp_path / "lab")["cells"][0]["figures"]
    assert figures["background_reads"]["rate"] == 6.0
    assert figures["background_reads"]["at_least"]
    assert figures["background_reads"]["high"] is None
    assert figures["unexplained"]["rate"] is None
    places = figures["places_read"]
    assert (places["count"], places["rate"]) == (None, None) or places["at_least"]


def test_without_a_report_acts_count_and_entries_are_not_measured(tmp_path, capfd):
    recording, _ = session(tmp_path, "a")
    run("fleet", "add", tmp_path / "lab", recording)
    figures = report(capfd, tmp_path / "lab")["cells"][0]["figures"]
    assert figures["background_reads"]["rate"] == 6.0
    assert figures["entries"]["rate"] is None
    assert figures["entries"]["limits"] == ["no privacy report was given"]


def test_conditions_are_compared_with_the_one_watched_longest(tmp_path, capfd):
    for name, condition, hours in (("a", "wifi", 1.0), ("b", "cell", 5.0), ("c", "none", 2.0)):
        add(tmp_path, name, condition, hours=hours, version=name)
    found = report(capfd, tmp_path / "lab", "--by", "condition")
    assert {(row["from"], row["to"]) for row in found["comparisons"]} == {("cell", "wifi"), ("cell", "none")}


def test_an_empty_store_and_one_of_failures_have_a_report(tmp_path, capfd):
    (tmp_path / "junk").write_bytes(b"junk")
    assert run("fleet", "add", tmp_path / "lab", tmp_path / "junk") == 1
    found = report(capfd, tmp_path / "lab")
    assert (found["runs"], found["failed"], found["cells"]) == (0, 1, [])
    for form in ("table", "html"):
        assert run("fleet", "report", tmp_path / "lab", "--format", form, "-o", tmp_path / f"x.{form}") == 0
    assert "is not a session file" in (tmp_path / "x.html").read_text()


HOSTILE = ["<script>alert(1)</script>", "a\"b'c", "a\nb\u202e", "</style><img src=x>", "&lt;", "x" * 300]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_the_page_loads_nothing_and_runs_nothing_that_a_name_contains(tmp_path, capfd):
    for number, name in enumerate(HOSTILE):
        add(tmp_path, f"s{number}", app=name, version=HOSTILE[-number], condition=name)
    for by in ("app", "version", "os", "condition"):
        page = tmp_path / f"{by}.html"
        assert run("fleet", "report", tmp_path / "lab", "--by", by, "-o", page) == 0
        text = page.read_text(encoding="utf-8")
        parser = _Tags()
        parser.feed(text)
        assert not parser.tags & {"script", "img", "iframe", "link", "object", "form"}
        assert not {name for name in parser.attributes if name.startswith("on") or name in ("style", "src", "href")}
        assert "\u202e" not in text
        assert "default-src 'none'" in text
        assert len(re.findall("<style>", text)) == 1
    capfd.readouterr()
    assert run("fleet", "report", tmp_path / "lab", "--by", "version") == 0
    assert not [line for line in capfd.readouterr().out.splitlines() if line.startswith("b\\u202e")]


def test_the_page_is_the_same_each_time_and_in_both_languages(tmp_path, capfd):
    add(tmp_path, "a")
    for name in ("1.html", "2.html"):
        run("fleet", "report", tmp_path / "lab", "-o", tmp_path / name)
    text = (tmp_path / "1.html").read_text(encoding="utf-8")
    assert text == (tmp_path / "2.html").read_text(encoding="utf-8")
    assert "后台读取次数" in text
    assert text.count('lang="zh-Hans"') == text.count('class="en" lang="en"')


def test_the_page_uses_the_terms_of_the_other_page(tmp_path, capfd):
    """The words that host/page's list of terms rules out are in no Chinese text of this page."""
    words = Path(__file__).parents[2] / "host" / "page" / "src" / "text" / "zh" / "wordlist.ts"
    ruled_out = [
        word
        for line in re.findall(r'\["[^"]+", "[^"]+", \[(.+?)\]\]', words.read_text(encoding="utf-8"))
        for word in re.findall('"([^"]+)"', line)
    ]
    assert len(ruled_out) > 40
    host = Path(__file__).parents[2] / "host" / "lightleak" / "views" / "fleet"
    texts = "".join(path.read_text(encoding="utf-8") for path in host.glob("*.py"))
    assert [word for word in ruled_out if word in texts] == []


def test_each_reason_for_which_nothing_is_compared_has_its_words():
    from lightleak.fleet.report import build
    from lightleak.views.fleet.text import NOT_COMPARED

    assert set(re.findall(r'"reason": "([^"]+)"', Path(build.__file__).read_text())) == NOT_COMPARED.keys()


def test_wrong_usage(tmp_path, capfd):
    add(tmp_path, "a")
    assert run("fleet", "report", tmp_path / "lab", "--by", "moon") == 2
    assert run("fleet", "report", tmp_path / "lab", "--format", "html") == 2
    (tmp_path / "x.json").write_text("")
    assert run("fleet", "report", tmp_path / "lab", "-o", tmp_path / "x.json") == 1


def test_reasons_are_in_both_languages():
    from lightleak.fleet.needs import NO_HOOK, NO_REPORT
    from lightleak.views.fleet.text import reason_in_both

    for known in (NO_HOOK, NO_REPORT, "the device's clock was set", "not hooked: a, b"):
        english, chinese = reason_in_both(known)
        assert english == known
        assert chinese != known
    many = ", ".join("abcdef")
    assert reason_in_both(f"not hooked: {many}") == ("not hooked: a, b, c and 3 more", "未挂钩：a, b, c 等 6 个")
    assert reason_in_both("x: y") == ("x: y", "x: y")
