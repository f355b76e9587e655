"""The process that draws: what it makes, and what happens when it is gone."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from components.charts import drawing
from components.charts.drawing import DrawingFailed, drawn_png, drawn_svg

BAR = {
    "data": {"values": [{"name": "球川镇", "count": 3}]},
    "mark": "bar",
    "encoding": {"y": {"field": "name"}, "x": {"field": "count", "type": "quantitative"}},
}


def test_a_specification_becomes_an_svg_and_a_png() -> None:
    svg = drawn_svg(json.dumps(BAR))
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "球川镇" in "".join(root.itertext())
    png = drawn_png(svg, 2.0)
    assert png.startswith(b"\x89PNG")
    width = int.from_bytes(png[16:20])
    assert width == pytest.approx(2 * float(root.attrib["width"]), abs=2)


def test_a_process_that_fell_is_started_anew() -> None:
    before = drawn_svg(json.dumps(BAR))
    assert drawing._process is not None
    fallen = drawing._process.pid
    drawing._process.kill()
    assert drawn_svg(json.dumps(BAR)) == before
    assert drawing._process.pid != fallen


@pytest.mark.parametrize(
    "spec", ["{", json.dumps({**BAR, "data": {"url": "http://127.0.0.1:9/x.json"}})], ids=["broken", "from elsewhere"]
)
def test_what_cannot_be_drawn_is_told_and_the_next_is_drawn(spec: str) -> None:
    with pytest.raises(DrawingFailed):
        drawn_svg(spec)
    assert "球川镇" in drawn_svg(json.dumps(BAR))


def test_the_process_knows_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing.end()
    monkeypatch.setenv("DATABASE_URL", "postgresql://reader:secret@db/county")
    drawn_svg(json.dumps(BAR))
    assert drawing._process is not None
    environment = Path(f"/proc/{drawing._process.pid}/environ").read_bytes()
    assert b"PATH=" in environment
    assert b"secret" not in environment


def test_it_ends_when_nothing_is_asked() -> None:
    idle = "from components.charts import drawing; drawing.IDLE_SECONDS = 0.2; drawing._serve()"
    with subprocess.Popen([sys.executable, "-c", idle], stdin=subprocess.PIPE) as process:
        assert process.wait(60) == 0


def test_the_server_never_holds_the_engine() -> None:
    command = "import sys, warming; warming.import_pages(); sys.exit('vl_convert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
