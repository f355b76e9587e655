"""What runs with the dashboard is pinned by hash, and its licences are listed."""

import re

from settings import ROOT

TEXT = (ROOT / "requirements.txt").read_text("utf8")
PINS = set(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", TEXT, flags=re.M))
LICENCES = (ROOT / "docs" / "licences.md").read_text("utf8")
ELSEWHERE = {"colorama", "greenlet"}
"""Pins of another platform, which are not installed here."""


def test_every_pin_has_a_hash() -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9_.-]+==)", TEXT, flags=re.M)[1:]
    assert len(blocks) == len(PINS) > 40
    assert all("--hash=sha256:" in block for block in blocks)
    assert "--index-url" not in TEXT


def test_the_licences_are_those_of_the_pins() -> None:
    rows = re.findall(
        r"^\| (\S+) \| (\S+) \| (.+?) \| (?:是)? *\|$", (ROOT / "docs" / "licences.md").read_text("utf8"), re.M
    )
    listed = {(name, version) for name, version, _ in rows}
    assert listed <= PINS, "make it anew: python deploy/licences.py"
    assert {name for name, _ in PINS} - {name for name, _ in listed} <= {
        "colorama",
        "tzdata",
        "greenlet",
        "gitdb",
        "gitpython",
    }
    assert all(licence.strip() for _, _, licence in rows)


def test_no_licence_asks_for_our_source() -> None:
    assert not re.search(r"\b(AGPL|(?<!L)GPL)", LICENCES)
