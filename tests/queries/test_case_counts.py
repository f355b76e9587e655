"""Cases in hand by township and category: as stored for a day, and counted on one that is not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection

from analysis.scope import Scope
from queries.case_counts import open_by_category
from tests.queries.conftest import JIA, YI


@pytest.mark.parametrize("day", [date(2020, 8, 31), date(2020, 8, 28)])
def test_open_cases_are_counted_by_township_and_category(
    connection: Connection,
    county: str,
    add_cases: Callable[..., None],
    release: Callable[..., int],
    scope: Scope,
    day: date,
) -> None:
    begun = {"stream": "event", "opened_on": date(2020, 8, 3)}
    add_cases(
        {**begun, "township_code": JIA, "category": "甲类"},
        {**begun, "township_code": JIA, "category": "甲类"},
        {**begun, "township_code": JIA, "category": None},
        {**begun, "township_code": JIA, "category": "乙类", "closed_on": date(2020, 8, 20)},  # none of it waits
        {**begun, "township_code": YI, "category": "甲类"},
        {**begun, "township_code": YI, "category": "甲类", "stream": "risk"},
        {**begun, "township_code": YI, "category": "甲类", "opened_on": date(2020, 9, 1)},
    )
    release(date(2020, 8, 31))
    found = open_by_category(connection, replace(scope, stream="event", as_of=day))
    assert list(found.itertuples(index=False, name=None)) == [(JIA, "", 1), (JIA, "甲类", 2), (YI, "甲类", 1)]
