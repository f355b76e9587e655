"""A server process of its own, over databases of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from state.accounts import Account, add_account
from state.engine import migrate, state_engine, writing

ROOT = Path(__file__).resolve().parents[1]
ADDRESSES = ("DATABASE_URL", "LOADER_URL", "STATE_URL")
START_SECONDS = 120


@dataclass
class Server:
    """The dashboard in a process of its own on a free port.

    Its state database and its log stand in `folder`; `settings` adds to the environment. Without a DATABASE_URL there
    it shows the embedded demo, whatever the caller's own environment names. `streamlit` is what Python runs, `script`
    what that shows.
    """

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=lambda: free_port())
    streamlit: Sequence[str] = ("-m", "streamlit")
    script: str = "app.py"
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What it is started with, and what a command needs to work on its databases."""
        inherited = {name: value for name, value in os.environ.items() if name not in ADDRESSES}
        return {**inherited, "STATE_URL": f"sqlite:///{self.folder / 'state.db'}", **self.settings}

    @property
    def log(self) -> str:
        """What it has written so far."""
        return (self.folder / "log").read_text("utf8", errors="replace")

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises
        ------
        RuntimeError
            It ended or did not answer in time; with its log.
        """
        command = [sys.executable, *self.streamlit, "run", self.script, "--server.port", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)  # noqa: S603
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urlopen(f"{self.url}/_stcore/health", timeout=2):  # noqa: S310
                    return
            except (URLError, TimeoutError, ConnectionError):
                time.sleep(0.2)
        self.stop()
        raise RuntimeError(f"the dashboard did not start: {self.log}")

    def stop(self) -> None:
        """End it; what it wrote stays."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)

    def restart(self) -> None:
        """End it and start it again, on the same port and databases."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@contextmanager
def demo_server(
    folder: Path, *, account: str, password: str, streamlit: Sequence[str] = Server.streamlit, cases: int | None = None
) -> Iterator[Server]:
    """Run the dashboard on a demo county of its own in `folder`, of so many cases, with one account for the office."""
    server = Server(folder, {"DATABASE_URL": f"sqlite:///{folder / 'county.db'}"}, streamlit=streamlit)
    command = [sys.executable, "-m", "database", "demo", "--url", server.settings["DATABASE_URL"]]
    command += [] if cases is None else ["--cases", str(cases)]
    subprocess.run(command, cwd=ROOT, env=server.environment, check=True, stdout=sys.stderr)  # noqa: S603
    engine = state_engine(server.environment["STATE_URL"])
    migrate(engine)
    with writing(engine) as connection:
        add_account(connection, Account(account, "行动办（演示）", "office"), password)
    engine.dispose()
    with server:
        yield server


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
