"""The ledger and the page of a case, as each role sees them; what the address asks in vain; the files offered."""

import csv
import re
import sqlite3
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

import auth
import exports
from analysis.scope import Viewer
from analysis.suppression import HIDDEN
from components.links import ledger_link
from errors import Refused, SignedOut
from settings import get_settings
from tests.pages.conftest import VIEWERS
from tests.pages.screen import Open, html_of, tables_of

LEDGER, CASE = "pages/backlog/ledger.py", "pages/backlog/case.py"
OWN = "330822108"  # 招贤, the township that looks
NEWEST = """from cases c where opened_on <= '2020-08-31' and stream = 'petition_backlog' and not exists (
  select 1 from cases l where l.township_code = c.township_code and l.case_no = c.case_no and l.episode > c.episode
  and l.opened_on <= '2020-08-31')"""


def _sql(query: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(get_settings().database_url.removeprefix("sqlite:///")) as connection:
        return connection.execute(query).fetchall()


def _offers(app: AppTest, viewer: Viewer) -> list[exports.Offer]:
    tokens = re.findall(rf'href="{exports.PREFIX}(\w+)"', html_of(app))
    found = [exports.offered_to(viewer.session_hash, token) for token in tokens]
    return [offer for offer in found if offer is not None]


def _rows(offer: exports.Offer, folder: Path) -> list[dict[str, str]]:
    path, number = exports.make(offer, folder)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert number == len(rows)
    return rows


@pytest.fixture
def department(monkeypatch: pytest.MonkeyPatch) -> Viewer:
    """A department that leads backlog cases in several townships."""
    viewer = Viewer("d18", "县自然资源和规划局", "department", "h7", department_code="D18")
    monkeypatch.setitem(VIEWERS, "department", viewer)
    return viewer


def test_a_township_sees_its_own_cases_alone(open_page: Open, tmp_path: Path) -> None:
    app = open_page(LEDGER, "township")
    expected = {number for (number,) in _sql(f"select case_no {NEWEST} and township_code = '{OWN}'")}
    listed = tables_of(app)[0][1:]
    assert {row[0] for row in listed} == expected
    assert {row[1].split(" ")[0] for row in listed} == {"招贤"}
    assert f"招贤信访积案{len(expected)}件" in html_of(app)
    _, offered = _offers(app, VIEWERS["township"])
    assert {row["案件编号"] for row in _rows(offered, tmp_path)} == expected


def test_a_department_sees_the_cases_it_leads_in_every_township(
    open_page: Open, department: Viewer, tmp_path: Path
) -> None:
    app = open_page(LEDGER, "department")
    found = _sql(f"select case_no, township_code {NEWEST} and lead_department_code = 'D18'")
    assert len({place for _, place in found}) > 1
    assert {row[0] for row in tables_of(app)[0][1:]} == {number for number, _ in found}
    rows = _rows(_offers(app, department)[1], tmp_path)
    assert {row["案件编号"] for row in rows} == {number for number, _ in found}
    assert len({row["主办单位"] for row in rows}) == 1


def test_a_department_asking_for_anothers_cases_gets_none(open_page: Open, department: Viewer) -> None:
    (name,) = _sql("select name from departments where code = 'D19'")[0]
    app = open_page(LEDGER, "department", lead=name)
    assert "没有符合条件的案件，请放宽筛选。" in [i.value for i in app.info]
    assert "信访积案0件" in html_of(app)


@pytest.mark.parametrize("role", ["leader", "office"])
def test_leader_and_office_see_every_case_and_those_of_no_township(open_page: Open, role: str) -> None:
    app = open_page(LEDGER, role)
    ((number,),) = _sql(f"select count(*) {NEWEST}")
    assert f"全县信访积案{number}件" in html_of(app)


def test_the_address_of_another_township_opens_nothing(open_page: Open) -> None:
    app = open_page(LEDGER, "township", township="天马")
    assert [i.value for i in app.info] == ["所选乡镇（街道）不在您的权限范围内，没有可以列出的案件。"]
    assert not tables_of(app)
    assert not _offers(app, VIEWERS["township"])


def test_of_several_townships_asked_for_only_the_own_is_listed(open_page: Open) -> None:
    app = open_page(LEDGER, "township", township=["天马", "招贤"])
    assert {row[1].split(" ")[0] for row in tables_of(app)[0][1:]} == {"招贤"}


def test_a_link_from_another_page_filters_the_ledger(open_page: Open) -> None:
    address = ledger_link(
        date(2020, 8, 31), township="球川", state="overdue", opened_from="2020-01-01", lead="乡镇主办"
    )
    query = dict(parse_qsl(urlsplit(address).query))
    app = open_page(LEDGER, "leader", **query)
    expected = _sql(
        f"""select case_no {NEWEST} and township_code = (select code from regions where short_name = '球川')
        and closed_on is null and due_on < '2020-08-31' and opened_on >= '2020-01-01'
        and lead_department_code is null"""
    )
    assert expected
    assert {row[0] for row in tables_of(app)[0][1:]} == {number for (number,) in expected}
    assert "（超期、主办单位乡镇主办、交办自2020年1月1日）" in html_of(app)


def test_ages_and_rebounds_are_asked_for_in_the_address(open_page: Open) -> None:
    app = open_page(LEDGER, "leader", times="反弹后再办", age_from="90", size="200件")
    expected = _sql(f"select case_no {NEWEST} and episode > 1 and julianday(min(coalesce(closed_on, '2020-08-31'), "
                    "'2020-08-31')) - julianday(first_opened_on) >= 90")  # fmt: skip
    assert expected
    assert {row[0] for row in tables_of(app)[0][1:]} == {number for (number,) in expected}
    assert "（第几次反弹后再办、天数自90）" in html_of(app)


def test_what_no_filter_can_take_is_named(open_page: Open) -> None:
    app = open_page(LEDGER, "leader", state="飞", lead="无此局", opened_from="昨天", sort="颜色", age_to="老")
    said = "".join(w.value for w in app.warning)
    for asked in ("飞", "无此局", "昨天", "颜色", "老"):
        assert f"“{asked}”" in said


def test_a_word_that_is_rare_is_asked_for_all_the_same(open_page: Open) -> None:
    app = open_page(LEDGER, "leader", category="不存在的类别")
    assert not app.warning
    assert "信访积案0件（类别不存在的类别）" in html_of(app)


def test_pages_lead_on_and_back(open_page: Open) -> None:
    app = open_page(LEDGER, "leader", size="20件")
    first = tables_of(app)[0][1:]
    app.button(key="ledger_on").click().run()
    second = tables_of(app)[0][1:]
    assert len(first) == len(second) == 20
    assert not {row[0] for row in first} & {row[0] for row in second}
    assert "第2页，第21至40件" in html_of(app)
    app.button(key="ledger_on").click().run()
    app.button(key="ledger_back").click().run()
    assert tables_of(app)[0][1:] == second
    app.button(key="ledger_first").click().run()
    assert tables_of(app)[0][1:] == first


def test_another_filter_starts_from_the_first_page(open_page: Open) -> None:
    app = open_page(LEDGER, "leader", size="20件")
    app.button(key="ledger_on").click().run()
    app.selectbox(key="order").set_value("升序").run()
    assert "第1页，第1至20件" in html_of(app)


def test_small_cells_are_hidden_from_who_may_not_see_the_cases(open_page: Open) -> None:
    whole = {row[0]: row[1:] for row in tables_of(open_page(LEDGER, "leader"))[1][1:]}
    seen = {row[0]: row[1:] for row in tables_of(open_page(LEDGER, "township"))[1][1:]}
    assert not any(HIDDEN in row for row in whole.values())
    assert seen["招贤"] == whole["招贤"]
    assert {name: row[-1] for name, row in seen.items()} == {name: row[-1] for name, row in whole.items()}
    small = [(name, i) for name, row in whole.items() for i, n in enumerate(row[:-1]) if 0 < int(n) < 5]
    assert small
    assert all(seen[name][i] == HIDDEN for name, i in small if name not in ("招贤", "全县乡镇合计"))


def test_a_case_opens_with_its_episodes_and_its_departments(open_page: Open) -> None:
    ((number, count),) = _sql(
        f"""select case_no, count(*) from cases where township_code = '{OWN}' and stream = 'petition_backlog'
        group by case_no having count(*) > 1 order by case_no limit 1"""
    )
    app = open_page(CASE, "township", case=number)
    assert len(tables_of(app)[0][1:]) == count
    assert f"第{count}次交办（反弹{count - 1}次）" in html_of(app)
    assert "记为议定事项" not in html_of(app), "the office alone decides"
    assert "记为议定事项" in html_of(open_page(CASE, "office", case=number))


@pytest.mark.parametrize("role", ["township", "department"])
def test_a_case_of_others_is_not_found(open_page: Open, department: Viewer, role: str) -> None:
    ((number,),) = _sql(
        f"""select case_no {NEWEST} and township_code <> '{OWN}' and lead_department_code is null limit 1"""
    )
    app = open_page(CASE, role, case=number)
    assert app.info[0].value == f"截至所选日期，您有权查看的案件中没有编号为“{number}”的案件。"
    assert f'"{number}"' not in html_of(app)
    assert f"case={number}" in html_of(open_page(LEDGER, "leader", number=number))


def test_an_offered_file_asks_again_who_fetches_it(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    offered = _offers(open_page(LEDGER, "leader"), VIEWERS["leader"])[1]
    assert exports.offered_to("another session", "x") is None
    demoted = Viewer("leader", "县领导", "township", "h1", township_code=OWN)
    for viewer, refused in ((None, SignedOut), (VIEWERS["office"], SignedOut), (demoted, Refused)):
        monkeypatch.setattr(auth, "current_viewer", lambda viewer=viewer: viewer)
        with pytest.raises(refused):
            exports.make(offered, tmp_path)
    assert list(tmp_path.glob("*.csv*")) == []


def test_a_file_of_two_releases_is_not_written(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    offered = _offers(open_page(LEDGER, "leader"), VIEWERS["leader"])[1]
    releases = iter([None, "newer"])
    monkeypatch.setattr("actions.ledgers.release", lambda: next(releases))
    with pytest.raises(exports.Changed):
        exports.make(offered, tmp_path)
    assert list(tmp_path.glob("*.csv*")) == []
