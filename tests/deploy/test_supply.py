"""What runs with the dashboard is pinned by hash; its licences and its last releases are listed."""

import re
from datetime import date
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from deploy import licences
from settings import ROOT

TEXT = (ROOT / "requirements.txt").read_text("utf8")
PINS = set(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", TEXT, flags=re.M))
LICENCES = (ROOT / "docs" / "licences.md").read_text("utf8")
ROW = r"^\| (?P<name>\S+) \| (?P<version>\S+) \| (?P<licence>.+?) \| 是? *\| (?P<newest>\S+) \| (?P<day>\S+) \|$"
ROWS = [row.groupdict() for row in re.finditer(ROW, LICENCES, flags=re.M) if row["name"] not in ("包", "---")]
ELSEWHERE = {"colorama", "greenlet", "numpy"}
"""Pins of another platform or Python, which are not installed here: numpy has one for either Python."""


def test_every_pin_has_a_hash() -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9_.-]+==)", TEXT, flags=re.M)[1:]
    assert len(blocks) == len(PINS) > 40
    assert all("--hash=sha256:" in block for block in blocks)
    assert "--index-url" not in TEXT


def is_installed(name: str, version: str) -> bool:
    try:
        return metadata.version(name) == version
    except metadata.PackageNotFoundError:
        return False


def test_whatever_a_direct_dependency_brings_is_pinned() -> None:
    names = {name.lower().replace("_", "-") for name, _ in PINS}
    for name, version in PINS:
        if not is_installed(name, version):
            continue
        for line in metadata.requires(name) or []:
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                assert wanted.name.lower().replace("_", "-").replace(".", "-") in names, f"{name} needs {wanted.name}"


def test_the_licences_are_those_of_the_pins() -> None:
    listed = {(row["name"], row["version"]) for row in ROWS}
    assert listed <= PINS, "make it anew: python deploy/licences.py"
    installed = {(name, version) for name, version in PINS if is_installed(name, version)}
    assert listed == installed, "make it anew: python deploy/licences.py"
    assert {name for name, _ in PINS - installed} <= ELSEWHERE
    assert len({name for name, _ in installed}) == len(installed) == len(ROWS)
    assert "numpy" in {name for name, _ in installed}
    assert all(row["licence"].strip() for row in ROWS)


def test_every_last_release_is_told_with_its_day_and_none_is_behind_in_silence() -> None:
    (asked,) = re.findall(r"“最新发布”是 (\d{4}-\d\d-\d\d) 在", LICENCES)
    for row in ROWS:
        assert Version(row["newest"]) >= Version(row["version"]), row["name"]
        assert date(2015, 1, 1) < date.fromisoformat(row["day"]) <= date.fromisoformat(asked), row["name"]
    behind = [row["name"] for row in ROWS if row["newest"] != row["version"]]
    assert ("全部是最新发布" in LICENCES) == (not behind)
    assert all(f"不是最新的：{'、'.join(behind)}" in LICENCES for _ in behind[:1])


def test_the_day_of_a_release_is_that_of_its_first_file(monkeypatch: pytest.MonkeyPatch) -> None:
    told = """
        [[packages]]
        name = "one"
        sdist = { upload-time = 2026-02-03T00:10:00Z }
        wheels = [{ upload-time = 2026-02-04T01:00:00Z }, { upload-time = 2026-02-02T23:00:00Z }]
        [[packages]]
        name = "two"
        wheels = [{ upload-time = 2025-01-01T00:00:00Z }]
    """
    monkeypatch.setattr(licences, "_uv", lambda *words, asked: told if asked == "one==1\ntwo==2\n" else "")
    assert licences.released_on({"one": "1", "two": "2"}) == {"one": date(2026, 2, 2), "two": date(2025, 1, 1)}


def test_no_licence_asks_for_our_source() -> None:
    assert not re.search(r"\b(AGPL|(?<!L)GPL)", LICENCES)
