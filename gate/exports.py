"""Fetching an offered file: made now, for the session it was offered to, put down in the audit trail; or why not."""

import logging
import os
import shutil
import time
from pathlib import Path
from tempfile import gettempdir, mkdtemp

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from analysis.scope import Viewer
from auth import state
from errors import DashboardError, DatabaseUnavailable, Refused
from exports import MEDIA_TYPES, PREFIX, Offer, make, offered_to
from gate.caller import caller_address
from gate.middleware import VIEWER
from gate.notices import failure
from state import audit
from state.engine import writing

_LOG = logging.getLogger(__name__)
_FOLDER = "dashboard-export-"
LEFT_SECONDS = 3600.0
"""A folder that old belongs to a server that was killed: no file takes as long."""

_GONE = "这个导出链接已失效（服务重启、重新登录或时间过久），请回到台账重新导出。"
_FULL = "服务器磁盘空间不足或无法写入，没有导出文件，请告诉管理员。"
_OTHER = "导出没有完成，没有留下文件，已记入日志，请稍后重试或告诉管理员。"


async def export(request: Request) -> Response:
    """Answer with the file, or with one Chinese sentence why there is none."""
    viewer: Viewer = request.scope[VIEWER]
    offered = offered_to(viewer.session_hash, request.path_params["token"])
    if offered is None:
        return failure("没有可导出的文件", _GONE, 404)
    folder = Path(mkdtemp(prefix=_FOLDER))
    try:
        path = await run_in_threadpool(_made, offered, folder, viewer, caller_address(request))
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if not isinstance(error, Exception):
            raise
        status, sentence = _why(error)
        return failure("导出没有完成", sentence, status)
    return _Passing(path, media_type=MEDIA_TYPES[path.suffix], filename=offered.name)


def clear_left() -> None:
    """Take away what a server that was killed left of its exports; those of another that runs are younger."""
    for folder in Path(gettempdir()).glob(f"{_FOLDER}*"):
        found = folder.lstat()
        if found.st_uid == os.getuid() and found.st_mtime < time.time() - LEFT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


class _Passing(FileResponse):
    """A file that goes with its folder once it was sent, or given up by the one who fetched it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            shutil.rmtree(Path(self.path).parent, ignore_errors=True)


ROUTES = (Route(f"/{PREFIX}{{token}}", export, methods=["GET"]),)


def _made(offered: Offer, folder: Path, viewer: Viewer, address: str) -> Path:
    """Make the file and put down that it left, or that it did not; without the line in the trail nothing leaves."""
    try:
        path, rows = make(offered, folder)
    except Exception:
        _note("export_failed", f"{offered.page} {offered.subject}", viewer, address)
        raise
    _note("exported", f"{offered.page} {rows}行 {offered.subject}", viewer, address)
    return path


def _note(action: str, subject: str, viewer: Viewer, address: str) -> None:
    with writing(state()) as connection:
        audit.record(connection, action, account=viewer.account, address=address, subject=subject)


def _why(error: Exception) -> tuple[int, str]:
    if isinstance(error, DashboardError):
        return 403 if isinstance(error, Refused) else 503, str(error)
    _LOG.error("export failed", exc_info=error)
    if isinstance(error, SQLAlchemyError):
        return 503, DatabaseUnavailable.sentence
    return 500, _FULL if isinstance(error, OSError) else _OTHER
