"""A server whose script runs are watched, for benchmarks and for tests that count."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from driver.server import Server
from driver.visitor import Shown
from state.accounts import Account, add_account
from state.engine import migrate, state_engine, writing

STREAMLIT = Path(__file__).with_name("watched_streamlit.py")
NOTED_SECONDS = 10.0
ACCOUNT, PASSWORD = "office", "Benchmarks-2020"


class Watched:
    """A running server, how it is told to show pages, and what it noted of each script run."""

    def __init__(self, server: Server) -> None:
        self.server = server

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.server.url

    def show_as(self, way: str, label: str = "") -> None:
        """Show pages in a way from now on; the label says which showing is kept or sent again."""
        (self.server.folder / "way").write_text(f"{way} {label}", "utf8")

    def noted(self, ask: Callable[[], Shown]) -> tuple[Shown, dict[str, Any]]:
        """Ask for a script run; return what was shown and what was noted of it, see watched_streamlit.Run.

        Raises
        ------
        RuntimeError
            The page said something in red, or nothing was noted.
        """
        before, shown, until = len(self._runs()), ask(), time.monotonic() + NOTED_SECONDS
        while time.monotonic() < until and not shown.faults:
            if len(runs := self._runs()) > before:
                return shown, json.loads(runs[-1])
            time.sleep(0.01)  # the run ends for the browser before its memory is tidied and its line is written
        raise RuntimeError(f"{shown.faults or 'not noted'}: {self.server.log[-2000:]}")

    def _runs(self) -> list[str]:
        path = self.server.folder / "runs"
        return path.read_text("utf8").splitlines() if path.exists() else []


@contextmanager
def watched_server(folder: Path, url: str) -> Iterator[Watched]:
    """Run the dashboard under the watch on the database at `url`, with one account for the office."""
    server = Server(folder, {"DATABASE_URL": url, "WATCHED_FOLDER": str(folder)}, streamlit=(str(STREAMLIT),))
    engine = state_engine(server.environment["STATE_URL"])
    migrate(engine)
    with writing(engine) as connection:
        add_account(connection, Account(ACCOUNT, "行动办（演示）", "office"), PASSWORD)
    engine.dispose()
    watched = Watched(server)
    watched.show_as("page")
    with server:
        yield watched
