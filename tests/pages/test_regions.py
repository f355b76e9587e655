"""The pages over a province of two cities and three counties: counties compared, one click from each."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from database import tables
from database.contract import upgrade
from database.engine import writing_engine
from database.refresh import refresh
from database.writing import writer
from tests.pages.screen import Open, raw, text_of
from tests.queries.test_units import AS_OF, D1, E1, E2, EAST, TREE, W1


@pytest.fixture(scope="module")
def demo_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Four townships in three counties: cases, one task, one indicator."""
    url = f"sqlite:///{tmp_path_factory.mktemp('province')}/province.db"
    upgrade(url)
    places = [{"code": code, "parent_code": parent, "level": level, "name": f"演示{code}", "sort_order": i}
              for i, (code, parent, level) in enumerate(TREE)]  # fmt: skip
    key = {"episode": 1, "stream": "petition_backlog", "opened_on": date(2020, 8, 3)}
    opened = [{**key, "case_no": str(i), "township_code": code} for i, code in enumerate((E1, E2, EAST, W1, D1))]
    progress = [{"task_code": "T1", "region_code": code, "month": date(2020, 8, 1), "planned_pct": 50.0,
                 "actual_pct": actual, "reported_on": date(2020, 8, 20)}
                for code, actual in ((E1, 50.0), (E2, 10.0), (W1, 50.0), (D1, 50.0))]  # fmt: skip
    engine = writing_engine(url)
    with writer(engine) as connection:
        connection.execute(tables.regions.insert(), places)
        connection.execute(tables.cases.insert(), opened)
        task = {"code": "T1", "number": 1, "title": "一号任务", "scope": "township", "work_group_code": "G1"}
        connection.execute(tables.work_groups.insert(), {"code": "G1", "name": "公共治理"})
        connection.execute(tables.tasks.insert(), task)
        connection.execute(tables.task_progress.insert(), progress)
        kpi = {"code": "K21", "name": "受理量", "unit": "件", "direction": "neutral", "kind": "count", "period": "flow"}
        connection.execute(tables.kpis.insert(), kpi)
        values = {"region_code": E1, "kpi_code": "K21", "month": date(2020, 8, 1), "numerator": 1234.0}
        connection.execute(tables.kpi_values.insert(), values)
        refresh(connection, as_of=AS_OF, source="测试")
    engine.dispose()
    return url


@pytest.fixture
def open_above(open_page: Open) -> Open:
    def run(path: str, **query: str) -> AppTest:
        app = open_page(path, **query)
        assert not app.exception
        return app

    return run


def test_the_overview_of_a_city_adds_its_counties_up_and_leads_into_each(open_above: Open) -> None:
    app = open_above("pages/overview/overview.py", region="演示9901")
    said = text_of(app)
    assert "演示9901交办4件、化解0件" in said
    assert 'href="?as_of=2020-08-31&amp;region=%E6%BC%94%E7%A4%BA990101"' in raw(app)
    assert "演示990201" not in said, "a county of another city"


def test_the_province_is_shown_first_and_compares_cities(open_above: Open) -> None:
    app = open_above("pages/backlog/backlog.py")
    assert "演示99交办5件" in text_of(app)
    assert app.sidebar.selectbox[0].value == "99"
    assert [pills.label for pills in app.sidebar.button_group] == ["进入市"]


def test_the_matrix_of_a_city_has_a_column_for_each_county(open_above: Open) -> None:
    said = text_of(open_above("pages/tasks/tasks.py", region="演示9901"))
    assert "严重滞后" in said  # 30 of 50 planned in the two townships of the east
    assert "在演示990101" in said, "the only county with a red light, by its name"


def test_the_indicators_stand_side_by_side_without_a_ranking(open_above: Open) -> None:
    said = text_of(open_above("pages/assessment/rankings.py", region="演示9901"))
    assert "1,234" in said
    assert "不排综合名次" in said


def test_a_page_about_one_county_asks_for_one_and_opens_within_it(open_above: Open) -> None:
    app = open_above("pages/assessment/signals.py", region="演示9901")
    assert "请选择一个县" in text_of(app)
    assert "?region=%E6%BC%94%E7%A4%BA990102" in raw(app)
    inside = open_above("pages/backlog/backlog.py", township=f"演示{E2}")
    assert inside.sidebar.selectbox[0].value == EAST, "a link that names a township means its county"
    assert f"演示{E2}交办1件" in text_of(inside)
