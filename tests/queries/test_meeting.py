"""What a meeting is shown of the demo county, said, frozen, thawed and compared; on either engine."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from analysis.follow_ups import follow_up_table
from analysis.meeting.differences import differences, differences_finding
from analysis.meeting.freezing import Unreadable, frozen, thawed
from analysis.meeting.material import Material, Rows, narrowed
from analysis.meeting.plan import Item, Topic, default_plan
from analysis.meeting.slides import slides
from analysis.scope import Rights, Scope
from database import tables
from queries.backlog import ageing
from queries.meeting import county_values, meeting_figures
from queries.regions import townships
from queries.tasks import task_list
from queries.weak_links import pressing_cases
from state.follow_ups import Decision, FollowUp
from tests.conftest import TOWNSHIPS

DAY = date(2020, 8, 31)
ZHAOXIAN, QIUCHUAN = "330822108", "330822111"


def read_material(connection: Connection, as_of: date = DAY, chosen: frozenset[str] | None = None) -> Material:
    whole = frozenset(townships(connection)["code"])
    figures = meeting_figures(connection, Scope(as_of, chosen or whole, campaign="BRGJ2020"), with_courses=True)
    county = Scope(as_of, whole)
    rows = Rows(task_list(connection, county), pressing_cases(connection, county), _decided(figures.labels), {})
    return Material(figures, rows, Rights())


def _decided(labels: dict[str, str]) -> pd.DataFrame:
    when = pd.Timestamp("2020-07-01", tz="UTC").to_pydatetime()
    facts = [(date(2020, 8, 1), None, QIUCHUAN), (None, date(2020, 8, 5), ZHAOXIAN), (date(2020, 9, 30), None, None)]
    said = []
    for i, (due, done, code) in enumerate(facts, 1):
        decision = Decision(f"事项{i}", "落实", "责任人", date(2020, 7, 1), due, done, code)
        said.append(FollowUp(i, decision, "行动办", when, None, None, None))
    return follow_up_table(said, labels, as_of=DAY, newest=DAY)


@pytest.fixture(scope="module")
def material(demo_engine: Engine) -> Iterator[Material]:
    with demo_engine.connect() as connection:
        yield read_material(connection)


def test_the_titles_say_the_published_figures(material: Material) -> None:
    said = {slide.item.topic: slide.title for slide in slides(material, default_plan())}
    assert said[Topic.COVER] == "全县治理创新行动推进情况（截至2020年8月31日）"
    assert said[Topic.DECIDED] == "上次议定3项，已销号1项，逾期1项，办理中1项"
    assert said[Topic.OVERVIEW] == "全县交办114件、化解92件，化解率80.7%，较动员会上升54个百分点"
    assert said[Topic.CAMPAIGN] == "动员会起第81天，还剩19天，未化解22件（领先序时10.9个百分点）"
    assert said[Topic.TASKS].startswith("35项任务：")
    assert said[Topic.SAFETY] == "上半年13项专项工作总体排名全市第2"
    assert said[Topic.SERVICES].endswith("综合指挥中心预计10月上线")


def test_every_slide_has_a_sentence_to_say_and_no_place_is_called_last(material: Material) -> None:
    told = slides(material, default_plan(material.figures.names))
    assert len(told) == 26
    assert all(slide.say.endswith("。") and slide.title for slide in told)
    assert "倒数" not in "".join(slide.say + slide.title for slide in told)


def test_a_township_is_told_by_its_own_weak_link_first(material: Material) -> None:
    (slide,) = slides(material, [Item(Topic.TOWNSHIP, QIUCHUAN)])
    assert slide.title.startswith("球川镇：")
    assert material.issues_of(QIUCHUAN)["region_code"].iloc[0] == QIUCHUAN
    own = material.figures.in_campaign.set_index("township_code").loc[QIUCHUAN]
    assert f"交办积案化解{own['closed']:.0f}/{own['opened']:.0f}件" in slide.say


def test_a_township_filter_chooses_rows_and_changes_no_rank(demo_engine: Engine, material: Material) -> None:
    with demo_engine.connect() as connection:
        own = read_material(connection, chosen=frozenset({ZHAOXIAN}))
    assert own.figures.place == "招贤"
    assert list(own.figures.now["township_code"]) == [ZHAOXIAN]
    pd.testing.assert_frame_equal(own.figures.ranking, material.figures.ranking)
    assert own.issues["regions"].str.contains(ZHAOXIAN).all()
    assert set(own.figures.in_campaign["township_code"]) == set(material.figures.names)


def test_the_aged_cases_are_the_old_bands_of_the_ageing(demo_engine: Engine, material: Material) -> None:
    with demo_engine.connect() as connection:
        bands = ageing(connection, material.figures.scope)
    old = bands[~bands["band"].isin(["0-30天", "31-60天"])]
    assert material.figures.aged["open"].sum() == old["open"].sum() > 0


def test_what_is_frozen_thaws_exactly(material: Material) -> None:
    found = thawed(frozen(material), Rights())
    for part in ("figures", "rows"):
        for field in fields(getattr(material, part)):
            was, now = (getattr(getattr(each, part), field.name) for each in (material, found))
            if isinstance(was, pd.DataFrame):
                pd.testing.assert_frame_equal(was, now)
            else:
                assert (was, type(was)) == (now, type(now)), field.name
    assert slides(found, default_plan()) == slides(material, default_plan())
    assert differences(material, found).empty


@pytest.mark.parametrize("content", [b"", b"nothing", b"x\x9c\xab\xae\x05\x00\x01u\x00\xf9"])
def test_damage_is_told(content: bytes) -> None:
    with pytest.raises(Unreadable):
        thawed(content, Rights())


def test_only_who_may_read_everything_freezes(material: Material) -> None:
    with pytest.raises(ValueError, match="everything"):
        frozen(replace(material, rights=Rights(townships=frozenset({ZHAOXIAN}))))


def test_a_township_thaws_its_own_rows_alone(material: Material) -> None:
    own = thawed(frozen(material), Rights(townships=frozenset({QIUCHUAN})))
    for frame, column in ((own.rows.texts, "region_code"), (own.rows.cases, "township_code")):
        assert set(frame[column]) == {QIUCHUAN}
    assert list(own.rows.follow_ups["township_code"]) == [QIUCHUAN]
    pd.testing.assert_frame_equal(own.figures.now, material.figures.now)
    elsewhere = own.issues[~own.issues["regions"].str.contains(QIUCHUAN)]
    assert set(elsewhere["measure"]) == {"仅相关单位可见"}


def test_a_department_reads_what_it_leads(material: Material) -> None:
    own = narrowed(material.rows, Rights(department="D04"))
    assert set(own.texts["lead_department_code"]) == {"D04"}
    assert len(own.cases) < len(material.rows.cases)
    assert len(own.follow_ups) == 3


def test_the_differences_between_two_days_are_told(demo_engine: Engine, material: Material) -> None:
    with demo_engine.connect() as connection:
        then = read_material(connection, date(2020, 7, 31))
    found = differences(then, material)
    told = found.set_index("what")
    before, after = then.figures.headline, material.figures.headline
    assert tuple(told.loc["全县化解", ["then", "now", "change"]]) == (
        f"{before.closed}件", f"{after.closed}件", f"{after.closed - before.closed:+d}件",
    )  # fmt: skip
    assert differences_finding(then.figures, material.figures, found).startswith(
        "截至2020年7月31日 → 截至2020年8月31日，数据批次1："
    )


def test_one_changed_cell_and_one_changed_case_are_all_that_is_told(material: Material) -> None:
    figures = material.figures
    matrix, now = figures.matrix.copy(), figures.now.copy()
    row = matrix.index[(matrix["region_code"] == ZHAOXIAN) & (matrix["light"] == "on_track")][0]
    matrix.loc[row, "light"] = "overdue"
    mine = now["township_code"] == ZHAOXIAN
    now.loc[mine, ["closed", "open"]] += [1, -1]
    later = replace(material, figures=replace(figures, matrix=matrix, now=now))
    found = differences(material, later)
    assert list(found["what"].str.slice(0, 2)) == ["全县", "全县", "全县", "招贤", "招贤", "招贤"]
    assert list(found["change"]) == ["+1件", "-1件", "+0.9个百分点", "+1件", "-1件", ""]
    assert tuple(found.iloc[-1][["then", "now"]]) == ("正常", "逾期")


def test_an_undone_follow_up_and_a_new_one_are_told(material: Material) -> None:
    rows = material.rows
    then = replace(material, rows=replace(rows, follow_ups=rows.follow_ups.iloc[1:]))
    assert list(differences(then, material)["change"]) == ["新增"]


def test_the_countys_own_values_are_the_newest_up_to_the_month(
    connection: Connection, county: str, add: Callable[..., None]
) -> None:
    add("kpis", {"code": "A", "name": "全市排名", "kind": "rank"}, {"code": "B", "name": "乡镇指标", "kind": "rate"})
    for month, value in ((6, 2.0), (7, 3.0), (9, 9.0)):
        add("kpi_values", {"region_code": county, "kpi_code": "A", "month": date(2020, month, 1), "value": value})
    for region in (county, TOWNSHIPS[0]):
        add("kpi_values", {"region_code": region, "kpi_code": "B", "month": date(2020, 7, 1), "value": 1.0})
    found = county_values(connection, Scope(DAY, frozenset(TOWNSHIPS)))
    assert [(row["kpi_code"], row["value"]) for row in found.to_dict("records")] == [("A", 3.0)]


def test_without_a_release_there_is_nothing_to_show(connection: Connection, county: str) -> None:
    assert connection.scalar(sa.select(sa.func.count()).select_from(tables.data_releases)) == 0
    with pytest.raises(ValueError, match="release"):
        meeting_figures(connection, Scope(DAY, frozenset(TOWNSHIPS)))
