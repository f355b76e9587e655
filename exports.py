"""Files too long to be made on a page: a page offers one, `gate.exports` makes it when it is fetched.

An offer belongs to the session it was made to; its writer is a guarded callable, which asks again who fetches. The
file is made in a folder of its own that goes with the answer, so memory holds a few rows and nothing half stays.
"""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Lock

from errors import DashboardError

PREFIX = "export/"
KEPT_OFFERS = 4_096
AT_ONCE = 2
"""So many files are made at the same time; more would starve the pages of everybody else."""

MEDIA_TYPES = {".csv": "text/csv; charset=utf-8",
               ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip


class Crowded(DashboardError):  # noqa: N818
    """As many files are being made as the server can bear."""

    sentence = "正在导出的人较多，请稍后再点一次。"


class Changed(DashboardError):  # noqa: N818
    """The data were released anew while the file was written: its rows would be of two releases."""

    sentence = "导出期间数据已更新，请回到台账刷新后重新导出。"


@dataclass(frozen=True)
class Offer:
    """A file that can be fetched: its name, the page it came from, what it holds in words, its writer.

    `write` takes the path and returns the number of rows.
    """

    name: str
    page: str
    subject: str
    write: Callable[[Path], int]


_SECRET = secrets.token_bytes(16)
_OFFERS: OrderedDict[str, Offer] = OrderedDict()
_LOCK = Lock()
_PLACES = BoundedSemaphore(AT_ONCE)


def offer(session_hash: str, what: object, offered: Offer) -> str:
    """Offer a file to a session and return its address, the same for the same thing as long as this server runs.

    Parameters
    ----------
    what
        All that tells the file from others: scope, filters, order.
    """
    token = _token(session_hash, f"{offered.name} {what!r}")
    with _LOCK:
        _OFFERS[_key(session_hash, token)] = offered
        _OFFERS.move_to_end(_key(session_hash, token))
        while len(_OFFERS) > KEPT_OFFERS:
            _OFFERS.popitem(last=False)
    return f"{PREFIX}{token}"


def offered_to(session_hash: str, token: str) -> Offer | None:
    """Return what was offered to this very session under a token; None for anything else."""
    with _LOCK:
        return _OFFERS.get(_key(session_hash, token))


def make(offered: Offer, folder: Path) -> tuple[Path, int]:
    """Write an offered file into a folder; return its path and its number of rows.

    Raises
    ------
    errors.DashboardError
        Crowded, or what the writer says.
    """
    if not _PLACES.acquire(blocking=False):
        raise Crowded
    try:
        path = folder / f"export{Path(offered.name).suffix}"
        return path, offered.write(path)
    finally:
        _PLACES.release()


def _token(session_hash: str, what: str) -> str:
    return hashlib.blake2b(f"{session_hash} {what}".encode(), key=_SECRET, digest_size=16).hexdigest()


def _key(session_hash: str, token: str) -> str:
    return f"{session_hash}/{token}"
