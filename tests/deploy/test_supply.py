"""What runs with the dashboard is pinned by hash, and its licences are listed."""

import re
from importlib import metadata

from packaging.requirements import Requirement

from settings import ROOT

TEXT = (ROOT / "requirements.txt").read_text("utf8")
PINS = set(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", TEXT, flags=re.M))
LICENCES = (ROOT / "docs" / "licences.md").read_text("utf8")
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
    rows = re.findall(
        r"^\| (\S+) \| (\S+) \| (.+?) \| (?:是)? *\|$", (ROOT / "docs" / "licences.md").read_text("utf8"), re.M
    )
    listed = {(name, version) for name, version, _ in rows}
    assert listed <= PINS, "make it anew: python deploy/licences.py"
    installed = {(name, version) for name, version in PINS if is_installed(name, version)}
    assert listed == installed, "make it anew: python deploy/licences.py"
    assert {name for name, _ in PINS - installed} <= ELSEWHERE
    assert len({name for name, _ in installed}) == len(installed)
    assert "numpy" in {name for name, _ in installed}
    assert all(licence.strip() for _, _, licence in rows)


def test_no_licence_asks_for_our_source() -> None:
    assert not re.search(r"\b(AGPL|(?<!L)GPL)", LICENCES)
