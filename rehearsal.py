"""Pages run for nobody in particular, so that figures, tables and charts are remembered before anybody asks.

Nothing is shown: what a page would send is dropped. Rights are the least there are (`auth.NOBODY`): no rows.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import StopException, add_script_run_ctx
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.scriptrunner_utils.script_run_context_attr import SCRIPT_RUN_CONTEXT_ATTR_NAME
from streamlit.runtime.state import SafeSessionState, SessionState

from auth import as_nobody
from navigation import Page
from settings import ROOT

SESSION = "rehearsal"
"""No session of a browser bears this name: theirs are made by chance."""
_MAIN = str(ROOT / "dashboard.py")
_scripts = ScriptCache()


def rehearse(page: Page, give_way: Callable[[], None], **filters: str) -> None:
    """Run a page as it is for somebody without rights to rows, and drop what it would send.

    Parameters
    ----------
    give_way
        Called between two elements of the page: the place to wait while somebody is served.
    **filters
        What stands in the address.

    Raises
    ------
    errors.DataError
        The shared database cannot be read.
    """
    query = urlencode(filters)
    with _context(give_way) as context, as_nobody():
        address = "" if page.is_default else Path(page.path).stem
        context.pages_manager.set_script_intent("", address)
        context.reset(query_string=query)
        context.on_script_start()
        try:
            exec(_scripts.get_bytecode(_MAIN), {"__name__": SESSION, "__file__": _MAIN})  # noqa: S102
        except StopException:  # the page has said what it had to
            return


@contextmanager
def _context(give_way: Callable[[], None]) -> Iterator[ScriptRunContext]:
    """Let this thread run a script as Streamlit's own threads do, and leave nothing of it behind."""
    thread, requests = threading.current_thread(), ScriptRequests()

    def drop(_: ForwardMsg) -> None:
        if requests.on_scriptrunner_yield() is not None:  # the page asked to be stopped, or to be run anew
            raise StopException
        give_way()

    context = ScriptRunContext(
        session_id=SESSION,
        _enqueue=drop,
        query_string="",
        session_state=SafeSessionState(SessionState(), lambda: None),
        uploaded_file_mgr=MemoryUploadedFileManager(""),
        main_script_path=_MAIN,
        user_info={},
        fragment_storage=MemoryFragmentStorage(),
        pages_manager=PagesManager(_MAIN, _scripts),
        script_requests=requests,
    )
    add_script_run_ctx(thread, context)
    try:
        yield context
    finally:
        Runtime.instance().media_file_mgr.clear_session_refs(SESSION)  # downloads that the page offered
        delattr(thread, SCRIPT_RUN_CONTEXT_ATTR_NAME)
