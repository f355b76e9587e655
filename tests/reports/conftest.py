"""A robot of our own: a real HTTP server on this machine that keeps what it is sent and answers as told."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

OK: tuple[int, Any] = (200, {"errcode": 0, "errmsg": "ok"})


@dataclass
class Robot:
    """Where it stands, what it was sent, and what it answers next (the last answer for ever)."""

    url: str = ""
    answers: list[tuple[int, Any]] = field(default_factory=lambda: [OK])
    hold: threading.Event = field(default_factory=threading.Event)
    is_slow: bool = False
    queries: list[dict[str, list[str]]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    types: list[str] = field(default_factory=list)


@pytest.fixture
def robot() -> Iterator[Robot]:
    known = Robot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known.bodies.append(json.loads(body))
            known.types.append(self.headers["Content-Type"])
            known.paths.append(urlsplit(self.path).path)
            known.queries.append(parse_qs(urlsplit(self.path).query))
            if known.is_slow:
                known.hold.wait(10)
                return
            status, answer = known.answers.pop(0) if len(known.answers) > 1 else known.answers[0]
            text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{known.url}&moved=1")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_address[1]}/robot/send?access_token=token-1"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield known
    known.hold.set()
    server.shutdown()
    server.server_close()
    thread.join()
