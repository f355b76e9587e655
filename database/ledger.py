"""The cases of one township as columns of numbers, read in slices so that a big township stays small in memory."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, String

from analysis.closing_methods import LAWFUL as LAWFUL_METHODS
from analysis.closing_methods import SUBSTANTIVE as SUBSTANTIVE_METHODS
from database.states import LAWFUL, NEVER, OTHERWISE, SUBSTANTIVE, UNSTATED, Days, day_number
from database.tables import cases

SLICE = 50_000
METHOD_KINDS = (
    {None: UNSTATED} | dict.fromkeys(SUBSTANTIVE_METHODS, SUBSTANTIVE) | dict.fromkeys(LAWFUL_METHODS, LAWFUL)
)
_DAYS = ("opened", "first_opened", "accept_due", "accepted", "due", "closed")
_TEXTS = ("stream", "platform", "village", "campaign", "category", "channel", "level", "lead_department_code",
          "case_leader")  # fmt: skip


def township_ledger(
    connection: Connection,
    township: str,
    *,
    until: date,
    stream: str | None = None,
    repeats: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """Read every episode of a township's cases that had opened by `until`.

    Parameters
    ----------
    stream
        Those of one stream alone (None: of all).
    repeats
        Case number -> the day (since 1970-01-01) on which another case first repeated it; see `first_repeats`.

    Returns
    -------
    pd.DataFrame
        One row per episode, ordered by case and episode: case (int64, from 0), stream, platform, village, campaign,
        category, channel, level, lead_department_code, case_leader (category of str, null allowed), opened,
        first_opened, accept_due, accepted, due, closed, repeated (int64, days since 1970-01-01, NEVER for none),
        method (int64, as in `database.states`), is_first, is_led, is_repeat (bool), satisfaction (int64, 0 for none).
        No cases: no rows, same columns.

    Source: table cases.
    """
    names: dict[str, dict[Any, int]] = {name: {} for name in _TEXTS}
    slices: list[pd.DataFrame] = []
    last_no, last_case = "", -1
    statement = _episodes(connection, township, until)
    if stream is not None:
        statement = statement.where(cases.c.stream == stream)
    result = connection.execute(statement.execution_options(yield_per=SLICE))
    for rows in result.partitions():
        columns: list[Any] = list(zip(*rows, strict=True))
        case_no = np.array([last_no, *columns[0]], object)
        frame = _numbers(columns, names, repeats or {}, case_no[1:] != case_no[:-1], last_case)
        last_no, last_case = columns[0][-1], int(frame["case"].iloc[-1])
        slices.append(frame)
    if not slices:
        return empty_ledger()
    return _with_texts(pd.concat(slices, ignore_index=True) if len(slices) > 1 else slices[0], names)


def regional_ledger(rows: pd.DataFrame, repeats: Mapping[str, int]) -> pd.DataFrame:
    """Lay out rows that are known already as `township_ledger` does, those of every region in one.

    Parameters
    ----------
    rows
        Every episode of some cases, with the columns of cases: days datetime64, missing where null.

    Returns
    -------
    pd.DataFrame
        A ledger ordered by region, case and episode, with region (category of str) besides.
    """
    frame = rows.sort_values(["township_code", "case_no", "episode"], ignore_index=True)
    names: dict[str, dict[Any, int]] = {name: {} for name in _TEXTS}
    keys = frame[["township_code", "case_no"]].to_numpy(object)
    is_new = np.append(True, (keys[1:] != keys[:-1]).any(axis=1))[: len(frame)]
    ledger = _with_texts(_numbers(_columns(frame), names, repeats, is_new, -1), names)
    return ledger.assign(region=pd.Categorical(keys[:, 0]))


def empty_ledger() -> pd.DataFrame:
    """Return a ledger of no cases."""
    names: dict[str, dict[Any, int]] = {name: {} for name in _TEXTS}
    return _with_texts(_numbers([()] * (len(_TEXTS) + len(_DAYS) + 5), names, {}, np.empty(0, np.bool_), -1), names)


def _columns(frame: pd.DataFrame) -> list[Any]:
    """Return the columns of cases as the statement of `township_ledger` gives them."""
    texts = ["case_no", "stream", "platform", "village_code", "campaign_code", *_TEXTS[4:]]
    last = ["closing_method", "is_repeat", "repeat_of", "satisfaction"]
    plain = {n: frame[n].astype(object).where(frame[n].notna(), None).tolist() for n in (*texts, *last)}
    days = [frame[f"{name}_on"].to_numpy("datetime64[D]") for name in _DAYS]
    return [*(plain[name] for name in texts), *days, *(plain[name] for name in last)]


def first_episodes(
    connection: Connection, townships: Sequence[str], stream: str, *, until: date
) -> dict[str, pd.DataFrame]:
    """Read when the cases of one stream first opened: ledgers of first episodes and nothing else, by township.

    Returns
    -------
    dict of pd.DataFrame
        For each township, none left out, one row per case: stream, category (category of str, null allowed), opened
        (int64, days since 1970-01-01), is_first, is_led (bool, true).

    Source: table cases, counted by day in one statement: case by case, a big stream takes seconds.
    """
    c = cases.c
    has_category = stream == "litigation"  # the others are counted from the index alone
    keys = [c.township_code, c.opened_on, *([c.category] if has_category else [])]
    day = sa.type_coerce(c.opened_on, String) if connection.dialect.name == "sqlite" else c.opened_on
    statement = (
        sa.select(c.township_code, day, c.category if has_category else sa.null(), sa.func.count())
        .where(c.stream == stream, c.township_code.in_(townships), c.episode == 1, c.opened_on <= until)
        .group_by(*keys)
    )
    columns: list[Any] = list(zip(*connection.execute(statement), strict=True)) or [(), (), (), ()]
    towns, counts = np.array(columns[0], object), np.array(columns[3], np.int64)
    frame = pd.DataFrame({"opened": _days(columns[1])}).assign(is_first=True, is_led=True)
    frame = frame.assign(stream=pd.Categorical([stream] * len(frame), [stream]), category=pd.Categorical(columns[2]))
    of = {town: np.flatnonzero(towns == town) for town in townships}
    return {town: frame.take(np.repeat(rows, counts[rows])) for town, rows in of.items()}


def first_repeats(connection: Connection, *, until: date) -> dict[str, int]:
    """Return, for each case that another one repeats, the first day on which one did (days since 1970-01-01).

    Source: table cases, column repeat_of.
    """
    first = sa.func.min(cases.c.opened_on, type_=sa.Date())
    statement = (
        sa.select(cases.c.repeat_of, first)
        .where(cases.c.repeat_of.is_not(None), cases.c.opened_on <= until, cases.c.episode == 1)
        .group_by(cases.c.repeat_of)
    )
    return {case_no: day_number(day) for case_no, day in connection.execute(statement)}


def _episodes(connection: Connection, township: str, until: date) -> Select[Any]:
    # SQLite keeps dates as ISO text, which numpy reads many times faster than Python makes dates of it.
    is_text = connection.dialect.name == "sqlite"

    def day(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return sa.type_coerce(column, String) if is_text else column

    c = cases.c
    days = (c.opened_on, c.first_opened_on, c.accept_due_on, c.accepted_on, c.due_on, c.closed_on)
    return (
        sa.select(
            c.case_no, c.stream, c.platform, c.village_code, c.campaign_code, *(c[name] for name in _TEXTS[4:]),
            *map(day, days), c.closing_method, c.is_repeat, c.repeat_of, c.satisfaction,
        )
        .where(c.township_code == township, c.opened_on <= until)
        .order_by(c.case_no, c.episode)
    )  # fmt: skip


def _numbers(
    columns: Sequence[Sequence[Any]],
    names: Mapping[str, dict[Any, int]],
    repeats: Mapping[str, int],
    is_new: NDArray[np.bool_],
    last: int,
) -> pd.DataFrame:
    """Turn one slice of rows, column by column, into numbers.

    Parameters
    ----------
    is_new
        Which rows are the first of their case.
    last
        The number of the case before.
    """
    numbers: dict[str, Any] = {"case": last + np.cumsum(is_new), "is_first": is_new}
    ends = 1 + len(_TEXTS), 1 + len(_TEXTS) + len(_DAYS)
    for name, texts in zip(_TEXTS, columns[1 : ends[0]], strict=True):
        numbers[name] = _numbered(texts, names[name])
    for name, days in zip(_DAYS, columns[ends[0] : ends[1]], strict=True):
        numbers[name] = _days(days)
    numbers["first_opened"] = np.where(numbers["first_opened"] == NEVER, numbers["opened"], numbers["first_opened"])
    methods, is_repeat, repeat_of, satisfaction = columns[ends[1] :]
    numbers["repeated"] = np.fromiter((repeats.get(no, NEVER) for no in columns[0]), np.int64, is_new.size)
    numbers["method"] = np.fromiter((METHOD_KINDS.get(m, OTHERWISE) for m in methods), np.int64, is_new.size)
    numbers["is_led"] = numbers["lead_department_code"] < 0
    numbers["is_repeat"] = np.array([bool(a) or b is not None for a, b in zip(is_repeat, repeat_of, strict=True)], bool)
    numbers["satisfaction"] = np.array([value or 0 for value in satisfaction], np.int64)
    return pd.DataFrame(numbers)


def _with_texts(ledger: pd.DataFrame, names: Mapping[str, dict[Any, int]]) -> pd.DataFrame:
    """Put texts in place of their numbers."""
    for name, numbers in names.items():
        texts = pd.Index(list(numbers), dtype=object)
        ledger[name] = pd.Categorical.from_codes(ledger[name].to_numpy(), categories=texts)
    return ledger


def _numbered(texts: Sequence[Any], numbers: dict[Any, int]) -> Any:
    """Give each text its number in `numbers`, which grows; null is -1."""
    codes, uniques = pd.factorize(np.array(texts, object))
    known = [numbers.setdefault(text, len(numbers)) for text in uniques]
    return np.array([*known, -1], np.int64)[codes]


def _days(values: Sequence[Any]) -> Days:
    days = np.array(values, "datetime64[D]")
    return np.where(np.isnat(days), NEVER, days.astype(np.int64))
