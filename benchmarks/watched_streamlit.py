"""Streamlit with a watch on every script run: run in place of `python -m streamlit` by benchmarks and counting tests.

How a page is shown, the file `way` in WATCHED_FOLDER says in two words, a way and a label: `page` runs it and keeps
what it sends under the label; `constants` sends what was kept there and nothing else; `first` forgets every read
and figure, then runs it; `rehearsed` forgets and rehearses it for nobody (`rehearsal.py`), then runs
it; `split` runs it under a sampler that notes what the script is at. Each script run adds a line of JSON to the file
`runs`: see Run.
"""

import gc
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread, get_ident, local
from typing import Any
from urllib.parse import parse_qsl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sqlalchemy as sa
from sqlalchemy.engine.cursor import BufferedRowCursorFetchStrategy, CursorFetchStrategy
from streamlit.navigation.page import StreamlitPage
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext, get_script_run_ctx
from streamlit.web.cli import main

FOLDER = Path(os.environ["WATCHED_FOLDER"])
SAMPLE_SECONDS = 0.001
PLACES = (
    ("/queries/", "query"), ("/sqlalchemy/", "query"), ("/cache.py", "query"), ("/state/", "query"),
    ("/components/charts/", "charts"), ("/altair/", "charts"), ("/analysis/", "figures"),
    ("/streamlit/", "sending"), ("/google/protobuf/", "sending"), ("/pyarrow/", "sending"),
    ("/components/", "layout"), ("/pages/", "layout"), ("/dashboard.py", "layout"), ("/auth.py", "layout"),
)  # fmt: skip
"""Which part of a path says what a script is at; the innermost frame that is anywhere here decides."""


@dataclass
class Run:
    """One script run: how it was asked for, processor time of the whole and of the page, what it read and sent.

    `queries` and `rows` are the shared database's. `at` counts samples by what the script was at; `collecting_ms` is
    the collection of unused memory, during which no sample can be taken.
    """

    way: str
    label: str
    page: str = ""
    script_ms: float = 0.0
    page_ms: float = 0.0
    collecting_ms: float = 0.0
    queries: int = 0
    rows: int = 0
    messages: int = 0
    bytes: int = 0
    charts: int = 0
    spec_bytes: int = 0
    at: Counter[str] = field(default_factory=Counter)


_here = local()
_kept: dict[str, list[ForwardMsg]] = {}
_run_page, _run_script, _enqueue = StreamlitPage.run, ScriptRunner._run_script, ScriptRunContext.enqueue


def run_script(runner: ScriptRunner, data: Any) -> None:
    """Run a script, fragment or page, and note what it took."""
    way, _, label = (FOLDER / "way").read_text("utf8").partition(" ")
    run = _here.run = Run(way, label)
    over = Event()
    if way == "split":
        Thread(target=_sample, args=(get_ident(), run, over), daemon=True).start()
    began = time.thread_time()
    try:
        _run_script(runner, data)
    finally:
        over.set()
        run.script_ms = round((time.thread_time() - began) * 1000, 2)
        _here.run = None
        with (FOLDER / "runs").open("a") as runs:
            runs.write(json.dumps(vars(run)) + "\n")


def run_page(page: StreamlitPage) -> None:
    """Show a page in the way asked for."""
    run, context = _current(), get_script_run_ctx()
    if run is None or context is None:  # a rehearsal
        _run_page(page)
        return
    run.page = page.url_path or "overview"
    if run.way in ("first", "rehearsed"):
        import cache
        from analysis import remembered

        cache._result.cache_clear()
        remembered.forget()
    if run.way == "rehearsed":
        _rehearsed(run.page, context.query_string)
    began = time.thread_time()
    if run.way == "constants":
        for message in _kept[run.label]:
            context.enqueue(message)
    else:
        kept = _here.kept = []
        try:
            _run_page(page)
        finally:  # a page may stop early
            if run.way == "page":
                _kept[run.label] = kept
    run.page_ms = round((time.thread_time() - began) * 1000, 2)


def _rehearsed(stem: str, query: str) -> None:
    """Rehearse a page in a thread of its own, as the server does after a release."""
    from navigation import PAGES
    from rehearsal import rehearse

    page = next(page for page in PAGES if Path(page.path).stem == stem)
    thread = Thread(target=rehearse, args=(page, lambda: None), kwargs=dict(parse_qsl(query)))
    thread.start()
    thread.join()


def enqueue(context: ScriptRunContext, msg: ForwardMsg) -> None:
    """Send a message, and count it."""
    run = _current()
    if run is not None:
        run.messages += 1
        run.bytes += msg.ByteSize()
        spec = msg.delta.new_element.vega_lite_chart.spec
        run.charts += bool(spec)
        run.spec_bytes += len(spec.encode())
        if run.way == "page" and hasattr(_here, "kept"):
            copy = ForwardMsg()
            copy.CopyFrom(msg)
            _here.kept.append(copy)
    _enqueue(context, msg)


def _current() -> Run | None:
    return getattr(_here, "run", None)


def _sample(thread: int, run: Run, over: Event) -> None:
    while not over.wait(SAMPLE_SECONDS):
        frame = sys._current_frames().get(thread)
        while frame is not None:
            name = frame.f_code.co_filename
            place = next((at for part, at in PLACES if part in name), None)
            if place is not None:
                run.at[place] += 1
                break
            frame = frame.f_back


def _time_collection(phase: str, _: object) -> None:
    run = _current()
    if run is not None:
        now = time.thread_time() * 1000
        run.collecting_ms += now if phase == "stop" else -now


def _count_query(connection: sa.Connection, *_: object) -> None:
    run = _current()
    if run is not None and _is_shared(connection):
        run.queries += 1


def _is_shared(connection: sa.Connection) -> bool:
    import cache

    return connection.engine is cache.engine()


def _counting(fetch: Callable[..., Any]) -> Callable[..., Any]:
    """Return a way to fetch that counts the rows of the shared database."""

    def fetched(strategy: Any, result: Any, *given: Any, **more: Any) -> Any:
        rows = fetch(strategy, result, *given, **more)
        run = _current()
        if run is not None and _is_shared(result.connection):
            run.rows += len(rows) if isinstance(rows, list) else rows is not None
        return rows

    return fetched


def watch() -> None:
    """Put the watch in place, and let the server rehearse nothing by itself: it would fill what is to be empty."""
    import warming

    setattr(warming, "programme", lambda: iter(()))  # noqa: B010
    sys.setswitchinterval(SAMPLE_SECONDS)
    setattr(ScriptRunner, "_run_script", run_script)  # noqa: B010
    setattr(StreamlitPage, "run", run_page)  # noqa: B010
    setattr(ScriptRunContext, "enqueue", enqueue)  # noqa: B010
    gc.callbacks.append(_time_collection)
    sa.event.listen(sa.Engine, "after_cursor_execute", _count_query)
    for strategy in (CursorFetchStrategy, BufferedRowCursorFetchStrategy):
        for name in ("fetchall", "fetchmany", "fetchone"):
            setattr(strategy, name, _counting(getattr(strategy, name)))


if __name__ == "__main__":
    watch()
    main(prog_name="streamlit")
