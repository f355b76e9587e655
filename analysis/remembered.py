"""Pure figures, worked out once: who brings the same inputs gets the same result.

The choke point of rights and reads stays `cache.fetch`: only who holds the inputs already can ask for what follows from
them. The key is the inputs' content, so nothing here goes stale and no release has to be noticed.
"""

import marshal
import pickle
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from io import BytesIO
from threading import Lock
from types import FunctionType
from typing import Any, ParamSpec, TypeVar, cast

import pandas as pd

KEPT_BYTES = 24 * 1024 * 1024
"""How much of inputs is remembered in all, counted as they are hashed; results are about as large."""
KEPT_RESULTS = 1024

P = ParamSpec("P")
T = TypeVar("T")
_kept: "OrderedDict[bytes, tuple[Any, int]]" = OrderedDict()
_lock = Lock()
_bytes = 0


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """Let a pure function remember its results by the content of its arguments.

    The function depends on its arguments alone and changes none of them; they can be pickled, or are functions. A frame
    that comes back is the caller's own to change, also within a list, tuple or dict; whatever else comes back is shared
    and left alone.
    """
    name = f"{function.__module__}.{function.__qualname__}".encode()

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        content = _content((args, kwargs))
        key = blake2b(content, digest_size=20, key=blake2b(name).digest()).digest()
        with _lock:
            found = _kept.get(key)
            if found is not None:
                _kept.move_to_end(key)
        if found is None:
            found = function(*args, **kwargs), len(content)
            _keep(key, found)
        return cast("T", _own(found[0]))

    return call


def forget() -> None:
    """Forget everything."""
    global _bytes
    with _lock:
        _kept.clear()
        _bytes = 0


class _Pickler(pickle.Pickler):
    """Writes down what a nameless function is made of, where pickle knows names alone."""

    def reducer_override(self, obj: Any) -> Any:
        if not isinstance(obj, FunctionType) or "<" not in obj.__qualname__:
            return NotImplemented
        if obj.__module__ == "__main__":  # a page's script: what it calls by name is another thing in each run
            raise pickle.PicklingError(f"{obj.__qualname__} of a script has no content of its own")
        cells = (cell.cell_contents for cell in obj.__closure__ or ())
        return tuple, (obj.__module__, marshal.dumps(obj.__code__), obj.__defaults__, obj.__kwdefaults__, *cells)


def _content(inputs: Any) -> bytes:
    """Return bytes that are equal for equal inputs alone; equal inputs of another history may give other bytes."""
    written = BytesIO()
    _Pickler(written, pickle.HIGHEST_PROTOCOL).dump(inputs)
    return written.getvalue()


def _keep(key: bytes, result: tuple[Any, int]) -> None:
    """Keep a result with its size; drop those that were not asked for the longest."""
    global _bytes
    with _lock:
        if key in _kept:  # another thread was quicker
            return
        _kept[key] = result
        _bytes += result[1]
        while _bytes > KEPT_BYTES or len(_kept) > KEPT_RESULTS:
            _, (_, size) = _kept.popitem(last=False)
            _bytes -= size


def _own(result: Any) -> Any:
    """Return the result with frames, series and what holds them copied whole: shallow copies leave weak references."""
    if isinstance(result, pd.DataFrame | pd.Series):
        return result.copy()
    if type(result) in (list, tuple):
        return type(result)(map(_own, result))
    if type(result) is dict:
        return {name: _own(value) for name, value in result.items()}
    return result
