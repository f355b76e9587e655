"""Drawings of Vega-Lite specifications, made by a process beside the server.

The engine that draws (V8) keeps 70 MB for good once it has run, and would take the server with it if it fell: so it
lives in a process of its own, which ends when nothing was asked of it for a while.
"""

import atexit
import json
import os
import selectors
import subprocess
import sys
from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
IDLE_SECONDS = 60.0
"""How long the process waits for something to draw before it ends."""
_KNOWN = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
"""What it is told of the server's surroundings: no address of a database."""
_lock = Lock()
_process: "subprocess.Popen[bytes] | None" = None


class DrawingFailed(RuntimeError):  # noqa: N818
    """The specification cannot be drawn, or the process fell twice over it."""


def drawn_svg(spec: str) -> str:
    """Return a specification, as JSON, as an SVG document; nothing is fetched from anywhere.

    Raises
    ------
    DrawingFailed
        It cannot be drawn.
    """
    return str(_asked({"spec": spec}))


def drawn_png(svg: str, scale: float) -> bytes:
    """Return an SVG document as a PNG of so many pixels to each of its own.

    Raises
    ------
    DrawingFailed
        It cannot be drawn.
    """
    return b64decode(_asked({"svg": svg, "scale": scale}))


def end() -> None:
    """End the process; the next drawing starts another."""
    global _process
    if _process is not None:
        _process.kill()
        with suppress(OSError):  # what was not written any more
            _process.communicate()
        _process = None


def _asked(request: dict[str, Any]) -> str:
    """Put a request to the process; one that has ended is started anew, once."""
    line = json.dumps(request).encode() + b"\n"
    with _lock:
        answer = _exchanged(line) or _exchanged(line)
    if not answer:
        raise DrawingFailed("the process that draws ended")
    said = json.loads(answer)
    if "fault" in said:
        raise DrawingFailed(said["fault"])
    return str(said["drawn"])


def _exchanged(line: bytes) -> bytes:
    """Return the answer's line; nothing where the process has ended, which is then forgotten."""
    global _process
    if _process is None:
        known = {name: os.environ[name] for name in _KNOWN if name in os.environ}
        command = [sys.executable, "-m", "components.charts.drawing"]
        _process = subprocess.Popen(command, cwd=_ROOT, env=known, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
    answer = b""
    try:
        if _process.stdin is not None and _process.stdout is not None:
            _process.stdin.write(line)
            _process.stdin.flush()
            answer = _process.stdout.readline()
    except OSError:  # it ended, as it does when idle
        answer = b""
    if not answer:
        end()
    return answer


def _serve() -> None:
    """Answer the requests of standard input, line by line, until it ends or nothing comes for a while."""
    import vl_convert  # here alone: the server never holds it

    waiting = selectors.DefaultSelector()
    waiting.register(sys.stdin.buffer, selectors.EVENT_READ)
    while waiting.select(IDLE_SECONDS):
        line = sys.stdin.buffer.readline()
        if not line:
            return
        asked = json.loads(line)
        try:
            if "spec" in asked:
                drawn = vl_convert.vegalite_to_svg(asked["spec"], allowed_base_urls=[])
            else:
                drawn = b64encode(vl_convert.svg_to_png(asked["svg"], scale=asked["scale"])).decode()
            said = {"drawn": drawn}
        except ValueError as error:
            said = {"fault": str(error)}
        sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
        sys.stdout.buffer.flush()


atexit.register(end)

if __name__ == "__main__":
    _serve()
