"""Streamlit with a watch on every page: run by benchmarks/pages.py in place of `python -m streamlit`.

How a page is shown, the first word of the file MEASURED names: `page` runs it and keeps what it sends; `constants`
sends what was kept for the same page and filters again, and nothing else; `first` forgets what cache.fetch remembers,
then runs it. Each showing adds a line to the file RUNS: way, address, processor milliseconds of the page's own script.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext, get_script_run_ctx
from streamlit.web.cli import main

MEASURED, RUNS = (Path(os.environ["MEASURED_FOLDER"]) / name for name in ("way", "runs"))
Shown = tuple[str, str]
_kept: dict[Shown, list[ForwardMsg]] = {}
_run_page = StreamlitPage.run


def run(page: StreamlitPage) -> None:
    """Show a page in the way asked for, and note how long its script took."""
    way, context = MEASURED.read_text("utf8"), get_script_run_ctx()
    if context is None:
        raise RuntimeError("no page runs here")
    shown = page.url_path, _filters()
    if way == "first":
        import cache

        cache._result.cache_clear()
    began = time.thread_time()
    if way == "constants":
        for message in _kept[shown]:
            context.enqueue(message)
    else:
        _kept[shown] = _sent(context, lambda: _run_page(page))
    with RUNS.open("a") as runs:
        runs.write(f"{way} {page.url_path or '/'} {(time.thread_time() - began) * 1000:.2f}\n")


def _sent(context: ScriptRunContext, work: Callable[[], None]) -> list[ForwardMsg]:
    """Do the work; return copies of the messages that it sent."""
    sent: list[ForwardMsg] = []
    enqueue = context.enqueue

    def keep(msg: ForwardMsg) -> None:
        copy = ForwardMsg()
        copy.CopyFrom(msg)
        sent.append(copy)
        enqueue(msg)

    setattr(context, "enqueue", keep)  # noqa: B010
    try:
        work()
    finally:
        setattr(context, "enqueue", enqueue)  # noqa: B010
    return sent


def _filters() -> str:
    """Return what the user has chosen, on this page and on all."""
    plain: dict[str, Any] = {str(key): value for key, value in st.session_state.items() if not str(key).startswith("_")}
    return repr(sorted((key, str(value)) for key, value in plain.items()))


if __name__ == "__main__":
    setattr(StreamlitPage, "run", run)  # noqa: B010
    main(prog_name="streamlit")
