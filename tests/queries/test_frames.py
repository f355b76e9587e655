from datetime import date

import pandas as pd
import pytest
import sqlalchemy as sa

from database.tables import cases
from queries.frames import COUNT, DAY, FLAG, MEASURE, TEXT, empty_frame, read_frame

COLUMNS = {"case_no": TEXT, "closed_on": DAY, "episode": COUNT, "satisfaction": MEASURE, "is_late": FLAG}
STATEMENT = sa.select(
    cases.c.case_no, cases.c.closed_on, cases.c.episode, cases.c.satisfaction, (cases.c.episode > 1).label("is_late")
).order_by(cases.c.case_no)


def test_rows_come_in_the_promised_types_on_every_database(connection, add_cases):
    add_cases(
        {"case_no": "甲", "opened_on": date(2020, 1, 1), "closed_on": date(2020, 2, 1), "satisfaction": 1},
        {"case_no": "乙", "opened_on": date(2020, 1, 1), "episode": 2},
    )
    frame = read_frame(connection, STATEMENT, COLUMNS).set_index("case_no")
    assert frame.loc["甲"].tolist() == [pd.Timestamp("2020-02-01"), 1, 1.0, False]
    assert frame.loc["乙", "is_late"]
    assert frame.loc["乙", ["closed_on", "satisfaction"]].isna().all()
    assert {name: str(kind) for name, kind in frame.reset_index().dtypes.items()} == COLUMNS


def test_without_rows_the_types_stand(connection):
    frame = read_frame(connection, STATEMENT, COLUMNS)
    assert frame.empty
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == COLUMNS
    assert frame.dtypes.equals(empty_frame(COLUMNS).dtypes)


def test_sums_are_whole_numbers_on_every_database(connection, add_cases):
    add_cases({"opened_on": date(2020, 1, 1)}, {"opened_on": date(2020, 1, 1)})
    total = sa.select(sa.func.sum(cases.c.episode).label("n"))
    assert read_frame(connection, total, {"n": COUNT})["n"].tolist() == [2]


def test_columns_other_than_promised_are_refused(connection):
    with pytest.raises(ValueError, match="promised"):
        read_frame(connection, STATEMENT, {"case_no": TEXT})


def test_a_missing_count_is_an_error_and_not_a_zero(connection, add_cases):
    add_cases({"opened_on": date(2020, 1, 1)})
    with pytest.raises(TypeError):
        read_frame(connection, sa.select(cases.c.satisfaction), {"satisfaction": COUNT})
