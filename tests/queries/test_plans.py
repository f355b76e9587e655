"""How SQLite reads what moved since a stored day: short ranges of its indexes, whoever is asked for."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from analysis.scope import Scope
from database.engine import reading_engine
from queries.cases import OF_CASES, cases_counted, touched_between

HALF_A_STREAM = re.compile(
    r"SCAN (cases|later|first)|INDEX ix_cases_(opened|closed|due) \(stream=\?( AND \w+[<>]\?)?\)"
)
CENTRE = {"stream": "dispute", "platform": "矛调中心"}


@pytest.mark.parametrize("chosen", [{}, {"stream": "event"}, CENTRE, {"stream": "event", "platform": "综治工作"}])
@pytest.mark.parametrize("townships", [1, 2, 14])
@pytest.mark.parametrize("with_ages", [False, True])
def test_what_moved_is_read_by_short_ranges(
    demo_url: str, chosen: dict[str, str], townships: int, *, with_ages: bool
) -> None:
    engine, day = reading_engine(demo_url), date(2020, 8, 27)
    with engine.connect() as connection:
        codes = connection.scalars(sa.text("SELECT code FROM regions WHERE level = 'township' ORDER BY code")).all()
        scope = replace(Scope(day, frozenset(codes[:townships])), **chosen)
        touched = touched_between(scope, codes[:townships], day - timedelta(days=4), day, with_ages=with_ages)
        statement = cases_counted(scope, codes[:townships], day, touched, names=OF_CASES)
        text = str(statement.compile(engine, compile_kwargs={"literal_binds": True}))
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
    engine.dispose()
    assert sum("ix_cases_opened" in step for step in plan) >= 2
    assert [step for step in plan if HALF_A_STREAM.search(step)] == []
