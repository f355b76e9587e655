"""会议定稿: a meeting's material turned into text that stands by itself, and back again exactly.

The text holds what was shown, not how: it reopens after the database, and the program, have moved on. Numbers are
written by their shortest exact form, days as ISO text, a missing value as null.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import pandas as pd

from analysis.meeting.figures import Figures
from analysis.meeting.material import Material, Rows, narrowed
from analysis.scope import Rights

FORM = 1
"""The form of the text; a later program that changes it must still read the earlier ones."""


class Unreadable(ValueError):  # noqa: N818
    """What was frozen is not of a form that this program reads."""


def frozen(material: Material) -> bytes:
    """Return the material of somebody who may read everything, as compressed text.

    Raises
    ------
    ValueError
        The rights are narrower: what is left out could never be shown again.
    """
    if material.rights != Rights():
        raise ValueError(f"expected the rights to everything, got {material.rights}")
    text = {"form": FORM, "figures": _parts(material.figures), "rows": _parts(material.rows)}
    return zlib.compress(json.dumps(text, ensure_ascii=False, allow_nan=False).encode(), 9)


def thawed(content: bytes, rights: Rights) -> Material:
    """Return what was frozen, its rows narrowed to what somebody with `rights` may read.

    Raises
    ------
    Unreadable
        The content is damaged, or of another form.
    """
    try:
        text = json.loads(zlib.decompress(content))
        if text["form"] != FORM:
            raise Unreadable(f"expected form {FORM}, got {text['form']}")
        figures = Figures(**_restored(text["figures"]))
        rows = Rows(**_restored(text["rows"]))
    except (zlib.error, KeyError, TypeError, ValueError) as error:
        raise Unreadable(str(error)) from error
    return Material(figures, narrowed(rows, rights), rights)


def _parts(value: Figures | Rows) -> dict[str, Any]:
    return {field.name: _written(getattr(value, field.name)) for field in fields(value)}


def _restored(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _read(part) for name, part in parts.items()}


def _written(value: Any) -> Any:
    """Return a value as JSON takes it; what JSON has no form for as a pair of its kind and its text."""
    if isinstance(value, pd.DataFrame):
        columns = [[str(name), str(value[name].dtype), _cells(value[name])] for name in value]
        return {"kind": "frame", "rows": len(value), "columns": columns}
    if isinstance(value, frozenset):
        return {"kind": "set", "of": sorted(value)}
    if isinstance(value, datetime | date):
        return {"kind": type(value).__name__, "of": value.isoformat()}
    if isinstance(value, Mapping):
        return {"kind": "map", "of": dict(value)}
    return value


def _cells(column: pd.Series) -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(column):
        return [None if pd.isna(value) else value.isoformat() for value in column]
    return [None if value is None or pd.isna(value) else value for value in column.tolist()]


def _read(value: Any) -> Any:
    return _KINDS[value["kind"]](value) if isinstance(value, dict) else value


def _frame(value: Mapping[str, Any]) -> pd.DataFrame:
    columns = {name: pd.Series(cells, dtype=object).astype(dtype) for name, dtype, cells in value["columns"]}
    return pd.DataFrame(columns, index=range(value["rows"]))


_KINDS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "frame": _frame,
    "set": lambda value: frozenset(value["of"]),
    "date": lambda value: date.fromisoformat(value["of"]),
    "datetime": lambda value: datetime.fromisoformat(value["of"]),
    "map": lambda value: dict(value["of"]),
}
