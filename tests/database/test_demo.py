"""The published figures come out of the demo's rows, whatever reads them; the same seed gives the same rows."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from database import tables
from database.demo import DEMO_AS_OF, ForeignData, create_demo, demo_frames
from database.writing import Busy

BY_CASE = """
    with newest as (
        select case_no, township_code, max(episode) as episode
        from cases where campaign_code = 'BRGJ2020' and opened_on <= :day group by case_no, township_code
    )
    select count(*), sum(case when c.closed_on <= :day then 1 else 0 end)
    from newest join cases c
    on c.case_no = newest.case_no and c.township_code = newest.township_code and c.episode = newest.episode
"""

DIGEST = """
import hashlib, sys
import pandas as pd
from database.demo import demo_frames
digest = hashlib.sha256()
for name, frame in demo_frames(cases=3000, seed=int(sys.argv[1])):
    digest.update((name + frame.to_csv(index=False)).encode())
print(digest.hexdigest())
"""


def _rows(engine: Engine, statement: str, **values: object) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement), values)]


@pytest.mark.parametrize(("day", "assigned", "resolved"), [(date(2020, 6, 12), 101, 27), (date(2020, 8, 31), 114, 92)])
def test_the_campaign_counts_by_case_what_was_published(
    demo_engine: Engine, day: date, assigned: int, resolved: int
) -> None:
    assert _rows(demo_engine, BY_CASE, day=day.isoformat()) == [(assigned, resolved)]


def test_the_campaign_lasts_a_hundred_days_and_marks_its_goal_as_invented(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        row = connection.execute(tables.campaigns.select()).one()
    assert (row.code, row.name, row.goal_rate, row.is_demo_goal) == ("BRGJ2020", "信访积案化解百日攻坚", 80, True)
    assert (row.ends_on - row.starts_on).days == 99
    assert row.starts_on == row.baseline_on == date(2020, 6, 12)


@pytest.mark.parametrize("seed", [1, 77])
def test_the_published_campaign_holds_for_every_seed_and_size(seed: int) -> None:
    frame = next(frame for name, frame in demo_frames(cases=2000, seed=seed) if name == "cases")
    for day, expected in ((date(2020, 6, 12), (101, 27)), (date(2020, 8, 31), (114, 92))):
        begun = frame[frame["opened_on"] <= day].drop_duplicates("case_no", keep="last")
        closed = sum(each is not None and each <= day for each in begun["closed_on"])
        assert (len(begun), closed) == expected


def test_the_campaign_has_rebounds_overdue_cases_old_ones_and_tiny_townships(demo_engine: Engine) -> None:
    ledger = _frame(demo_engine, "select * from cases where campaign_code = 'BRGJ2020'")
    newest = ledger.sort_values("episode").drop_duplicates("case_no", keep="last")
    rebounds = newest[newest["episode"] == 2]
    assert rebounds["closed_on"].notna().any()
    assert rebounds["closed_on"].isna().any()
    still = newest[newest["closed_on"].isna()]
    assert (pd.to_datetime(still["due_on"]) < pd.Timestamp(DEMO_AS_OF)).any()
    age = pd.Timestamp(DEMO_AS_OF) - pd.to_datetime(still["first_opened_on"])
    assert (age.dt.days > 90).any()
    sizes = newest.groupby("township_code").size()
    assert len(sizes) == 14
    assert (sizes.min(), (sizes < 5).sum() > 3, sizes.idxmax()) == (1, True, "330822001")
    assert newest["lead_department_code"].notna().sum() > 10
    assert (pd.to_datetime(ledger["due_on"]) <= pd.Timestamp(2020, 9, 19)).all()
    assert {"听证终结", "调解协议"} <= set(ledger["closing_method"].dropna())
    assert 5 <= newest["village_code"].isna().sum() <= 40


@pytest.mark.parametrize("seed", [2020, *range(1, 13)])
def test_the_backlog_of_zhaoxian_rises_three_weeks_running(seed: int) -> None:
    parts = [part for _, part in zip(range(15), demo_frames(seed=seed), strict=False)]
    ledger = pd.concat(frame for name, frame in parts if name == "cases")
    ledger = ledger[(ledger["stream"] == "petition_backlog") & (ledger["township_code"] == "330822108")]
    opened, closed = pd.to_datetime(ledger["opened_on"]), pd.to_datetime(ledger["closed_on"])
    weeks = [pd.Timestamp(2020, 8, 9) + pd.Timedelta(weeks=i) for i in range(4)]
    waiting = [int(((opened <= day) & ~(closed <= day)).sum()) for day in weeks]
    assert len(ledger) > 12
    assert waiting == sorted(set(waiting))


def test_the_enterprise_and_safety_figures_are_those_published(demo_engine: Engine) -> None:
    august = "select kpi_code, value from kpi_values where region_code = '330822' and month = '2020-08-01' and kpi_code like 'K22%' order by 1"  # noqa: E501
    assert _rows(demo_engine, august) == [("K22", 6283.34), ("K22A", 189), ("K22B", 747), ("K22C", 236)]
    ranks = "select kpi_code, month, value from kpi_values where kpi_code like 'K23%' order by 1"
    assert [(code, str(month), value) for code, month, value in _rows(demo_engine, ranks)] == [
        ("K23", "2020-06-01", 2),
        ("K23A", "2020-06-01", 2),
    ]


def test_the_weights_of_each_scheme_sum_to_a_hundred_and_every_month_has_one_scheme(demo_engine: Engine) -> None:
    sums = _rows(
        demo_engine, "select scheme, sum(weight) from kpi_weights where region_code = '330822' group by scheme"
    )
    assert dict(sums) == {"S2018": 100, "S2020": 100}
    with demo_engine.connect() as connection:
        periods = connection.execute(sa.select(tables.schemes.c.valid_from, tables.schemes.c.valid_to)).all()
    for month in pd.date_range("2018-01-01", "2020-12-01", freq="MS").date:
        assert sum(start <= month <= end for start, end in periods) == 1


def test_the_release_says_that_it_is_a_demo(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        release = connection.execute(tables.data_releases.select()).one()
    assert (release.source, release.as_of) == ("演示数据", date(2020, 8, 31))
    assert release.rows["regions"] == 213


def test_no_cell_looks_like_personal_data(demo_engine: Engine) -> None:
    """No column for a person; no mobile number, citizen number or mail address in any text."""
    personal = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)|@")
    assert personal.search("电话13812345678")
    for table in tables.METADATA.sorted_tables:
        texts = [column for column in table.columns if isinstance(column.type, sa.String)]
        with demo_engine.connect() as connection:
            for column in texts:
                for value in connection.scalars(sa.select(column).distinct().where(column.is_not(None))):
                    assert not personal.search(value), (table.name, column.name, value)


def test_leaders_are_named_by_post_only(demo_engine: Engine) -> None:
    posts = re.compile("书记|主任|部长|县长|镇长|乡长|主席")
    for statement in ("select distinct county_leader from regions where county_leader is not null",
                      "select distinct case_leader from cases where case_leader is not null"):  # fmt: skip
        rows = _rows(demo_engine, statement)
        assert rows
        assert all(posts.search(str(row[0])) for row in rows)


def test_the_same_seed_gives_the_same_rows_in_any_process() -> None:
    first, second, other = (_digest(seed, hash_seed) for seed, hash_seed in (("5", "1"), ("5", "2"), ("6", "1")))
    assert first == second
    assert first != other
    digest = hashlib.sha256()
    for name, frame in demo_frames(cases=3000, seed=5):
        digest.update((name + frame.to_csv(index=False)).encode())
    assert digest.hexdigest() == first


@pytest.mark.parametrize("size", [1000, 5000])
def test_a_demo_of_a_given_size_has_exactly_so_many_cases(size: int) -> None:
    cases = pd.concat([frame[["case_no", "episode"]] for name, frame in demo_frames(cases=size) if name == "cases"])
    assert cases["case_no"].nunique() == size


def test_the_larger_trees_keep_the_real_county_and_number_cases_once() -> None:
    parts: dict[str, list[pd.DataFrame]] = {}
    for name, frame in demo_frames(cases=4000, townships=98):
        parts.setdefault(name, []).append(frame)
    tree = pd.concat(parts["regions"])
    towns = tree[tree["level"] == "township"]
    assert (len(towns), towns["parent_code"].nunique()) == (98, 6)
    assert (towns["parent_code"] == "330822").sum() == 14
    assert not tree.duplicated(["parent_code", "name"]).any()
    assert set(tree["parent_code"].dropna()) <= set(tree["code"])
    assert tree["code"].is_unique
    cases = pd.concat([frame[["township_code", "case_no"]].astype(str) for frame in parts["cases"]]).drop_duplicates()
    assert cases["case_no"].is_unique
    assert cases["township_code"].nunique() > 90


def test_an_impossible_size_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    with pytest.raises(ValueError, match="1000"):
        create_demo(url, cases=999)
    with pytest.raises(ValueError, match="15"):
        create_demo(url, townships=15)
    assert not (tmp_path / "new.db").exists()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo, to be copied before it is changed."""
    path = tmp_path_factory.mktemp("small") / "demo.db"
    create_demo(f"sqlite:///{path}", cases=1000, seed=1)
    return path


@pytest.fixture
def small(built: Path, tmp_path: Path) -> Iterator[Engine]:
    """A small demo of the test's own, as a database that anybody may write to."""
    engine = sa.create_engine(f"sqlite:///{shutil.copy(built, tmp_path)}")
    yield engine
    engine.dispose()


def test_a_database_with_a_release_of_another_source_is_left_alone(small: Engine) -> None:
    with small.begin() as connection:
        connection.execute(tables.data_releases.update().values(source="县大数据中心"))
    with pytest.raises(ForeignData, match="不是演示数据"):
        create_demo(str(small.url), cases=1200)
    assert _rows(small, "select count(distinct case_no) from cases") == [(1000,)]


def test_a_database_with_rows_but_no_release_is_left_alone(small: Engine) -> None:
    with small.begin() as connection:
        connection.execute(tables.data_releases.delete())
        for table in tables.METADATA.sorted_tables:
            if table.name != "departments":
                connection.execute(table.delete())
    with pytest.raises(ForeignData):
        create_demo(str(small.url), cases=1200)
    assert _rows(small, "select count(*) from departments") == [(23,)]
    assert _rows(small, "select count(*) from cases") == [(0,)]


def test_an_older_demo_is_replaced_under_a_new_release_and_progress_is_told(small: Engine) -> None:
    told: list[tuple[str, int, int]] = []
    create_demo(str(small.url), cases=1200, seed=2, progress=lambda *step: told.append(step))
    assert _rows(small, "select count(distinct case_no) from cases") == [(1200,)]
    assert _rows(small, "select max(id) from data_releases") == [(2,)]
    assert {"写入 regions", "写入 cases", "计算派生数据"} <= {step for step, _, _ in told}
    assert told[-1] == ("计算派生数据", 1, 1)
    assert all(0 <= done <= total for _, done, total in told)


def test_a_second_writer_is_turned_away(small: Engine) -> None:
    with small.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="正在导入，请稍后"):
            create_demo(str(small.url), cases=1200)
    assert _rows(small, "select max(id) from data_releases") == [(1,)]


def _frame(engine: Engine, statement: str) -> pd.DataFrame:
    with engine.connect() as connection:
        return pd.read_sql(sa.text(statement), connection)


def _digest(seed: str, hash_seed: str) -> str:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", DIGEST, seed],
        cwd=root, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()
