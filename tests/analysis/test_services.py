from datetime import date

import pandas as pd

from analysis import services as carried
from analysis.streams import STREAMS

LABELS = {"甲": "天马", "乙": "白石"}
ZERO = dict.fromkeys(carried.COUNTS, 0)


def _row(stream: str, platform: str, township: str, **counts: int) -> dict[str, object]:
    return {"stream": stream, "platform": platform, "township_code": township, **ZERO, **counts}


FOUND = pd.DataFrame([
    _row("dispute", "矛调中心", "甲", opened=30, closed_in_time=18, late=2, ended=20, settled=19, rated=4, satisfied=3,
         involved=5, shared=1, open=7, overdue=1),
    _row("dispute", "矛调中心", "县", opened=2, open=1),
    _row("event", "综治工作", "甲", opened=10, closed_in_time=9, late=1),
    _row("event", "市场监管", "乙", opened=10, closed_in_time=6, late=4),
    _row("event", "智慧城管", "乙", opened=99, closed_in_time=1, late=98),
    _row("petition", "", "甲", opened=4),
])  # fmt: skip
STEPS = pd.DataFrame({
    "task_code": ["T26", "T26", "T06"], "title": ["公开招标公告", "应用系统上线", "系统上线"],
    "due_on": pd.to_datetime(["2020-08-21", "2020-10-31", "2020-01-01"]),
    "done_on": pd.to_datetime(["2020-08-21", None, "2020-01-01"]),
})  # fmt: skip
TASKS = pd.DataFrame({"code": ["T26", "T06"], "title": ["推进运行县综合指挥中心建设", "县级矛调中心规范化建设"]})


def test_the_centres_parts_stand_first_with_or_without_rows() -> None:
    listed = carried.channels(FOUND)
    assert [channel.label for channel in listed] == [
        "矛调中心 · 信访事项",
        "矛调中心 · 矛盾纠纷",
        "矛调中心 · 治理事件",
        "矛调中心 · 风险隐患",
        "综治工作 · 治理事件",
        "市场监管 · 治理事件",
        "智慧城管 · 治理事件",
        "不经平台 · 信访事项",
    ]
    assert carried.channel_of(listed, "event/市场监管").platform == "市场监管"
    assert carried.channel_of(listed, None) == listed[0]


def test_a_channel_adds_its_townships_up_and_says_what_rates_are_made_of() -> None:
    table = carried.channel_table(FOUND, carried.channels(FOUND)).set_index("code")
    own = table.loc["dispute/矛调中心"]
    assert (own["opened"], own["open"], own["group"], own["part"]) == (32, 8, "矛调中心", "矛盾纠纷（调处化解）")
    assert (own["in_time"], own["content"], own["success"]) == ("90.0%（18/20）", "75.0%（3/4）", "95.0%（19/20）")
    assert own["shared_words"] == "5（1）"
    none = table.loc["event/矛调中心"]
    assert (none["opened"], none["in_time"], none["shared_words"]) == (0, "—", "—")
    assert table.loc["event/市场监管", "group"] == "四平台"


def test_townships_stand_in_order_and_the_countys_own_last() -> None:
    rows = carried.township_table(FOUND, carried.Channel("矛调中心", STREAMS["dispute"]), LABELS)
    assert rows[["township", "opened"]].to_numpy().tolist() == [["天马", 30], ["白石", 0], ["县本级", 2]]
    whole = carried.total(rows, "全县")
    assert (whole["township"], whole["opened"], whole["in_time"]) == ("全县", 32, "90.0%（18/20）")


def test_the_finding_speaks_of_the_centre_the_four_platforms_and_the_command_centre() -> None:
    centre = carried.command_centre(STEPS, TASKS, as_of=date(2020, 8, 31))
    table = carried.channel_table(FOUND, carried.channels(FOUND))
    assert carried.services_finding(table, centre) == (
        "近12个月矛调中心受理32件，矛盾纠纷调解成功率95.0%；四平台上报治理事件20件，按时办结率75.0%；综合指挥中心预计10月上线"
    )


def test_the_command_centre_is_live_when_its_milestone_is_done() -> None:
    def said(steps: pd.DataFrame, day: date) -> tuple[bool, str, str]:
        centre = carried.command_centre(steps, TASKS, as_of=day)
        return centre.is_live, centre.word, centre.note

    assert said(STEPS, date(2020, 11, 2)) == (False, "未上线", "综合指挥中心原定10月上线，未上线")
    assert said(STEPS, date(2019, 11, 2))[2] == "综合指挥中心预计2020年10月上线"
    done = STEPS.assign(done_on=pd.Timestamp("2020-10-20"))
    assert said(done, date(2020, 11, 2)) == (True, "已上线", "综合指挥中心已上线")
    assert said(STEPS.assign(due_on=pd.NaT), date(2020, 8, 31))[2] == "综合指挥中心未上线"
    assert said(STEPS.iloc[[0, 2]], date(2020, 8, 31))[2] == "综合指挥中心未上线"


def test_months_without_a_counted_case_have_no_rate() -> None:
    days = pd.to_datetime(["2020-06-01", "2020-07-01"])
    rates = carried.month_rates(pd.DataFrame({"month": days, "closed_in_time": [3, 0], "late": [1, 0]}))
    assert rates.to_numpy().tolist() == [["2020年6月", 0.75, "75.0%（3/4）"]]


def test_departments_are_those_of_the_channel_by_name() -> None:
    found = pd.DataFrame({"stream": ["dispute", "dispute", "event"], "platform": "矛调中心",
                          "department_code": ["D01", "X", "D02"], "cases": [5, 2, 9]})  # fmt: skip
    names = pd.DataFrame({"code": ["D01", "D02"], "name": ["县司法局", "县公安局"]})
    rows = carried.department_rows(found, carried.Channel("矛调中心", STREAMS["dispute"]), names)
    assert rows.to_numpy().tolist() == [["县司法局", 5], ["X", 2]]


def test_the_span_is_named_by_its_months() -> None:
    assert carried.span_words(date(2020, 8, 31)) == "2019年9月—2020年8月"
    assert carried.span_words(date(2020, 8, 30)) == "2019年8月—2020年7月"


def test_the_newest_rate_is_said_with_its_change_and_without_a_month_before_alone() -> None:
    rates = pd.DataFrame(
        {
            "label": ["2020年6月", "2020年7月", "2020年8月"],
            "rate": [0.5, 0.9, 0.98],
            "words": ["50%（1/2）", "90%（9/10）", "98%（49/50）"],
        }
    )
    assert carried.rates_finding(rates, "按期率") == "2020年8月按期率98%（49/50），较2020年7月上升8个百分点"
    assert carried.rates_finding(rates.head(1), "按期率") == "2020年6月按期率50%（1/2）"
    assert carried.rates_finding(rates.head(0), "按期率") == "没有可以计算的按期率"
    same = rates.assign(rate=0.9)
    assert carried.rates_finding(same, "按期率").endswith("较2020年7月持平")
