"""The service units as systemd itself reads them, without starting one."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from settings import ROOT

UNITS = sorted((ROOT / "deploy").glob("*.service"))
TENTHS = 20
"""The exposure that systemd works out, times ten: what is left open is told in docs/security.md."""


@pytest.fixture
def analyse() -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("没有 systemd-analyze：服务单元的核对未运行")
    return found


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_a_unit_is_well_formed_and_shut_in(analyse: str, unit: Path, tmp_path: Path) -> None:
    here = tmp_path / unit.name  # systemd asks whether the program is there
    here.write_text(unit.read_text("utf8").replace("/opt/dashboard", os.fspath(ROOT)), "utf8")
    told = subprocess.run([analyse, "verify", "--man=no", here], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    command = [analyse, "security", "--offline=true", "--no-pager", f"--threshold={TENTHS}", here]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout[-200:]


def test_both_servers_are_shut_in_alike() -> None:
    one, two = ((ROOT / "deploy" / f"dashboard{name}.service").read_text("utf8") for name in ("", "-second"))
    assert two.split("Restart=always")[1] == one.split("Restart=always")[1]
