import pandas as pd

from analysis import data_quality as titles

COUNTS = {"错误": 0, "警告": 1, "提醒": 3}


def _problems(*tables: str) -> pd.DataFrame:
    return pd.DataFrame({"table": list(tables)}, dtype="str")


def test_problems_are_counted_by_severity_and_their_table_named() -> None:
    said = titles.problems_finding(_problems("任务进度", "任务进度", "任务进度", "指标数值"), COUNTS)
    assert said == "核对发现警告1处、提醒3处，最多的是任务进度（3处）、指标数值（1处）"
    assert titles.problems_finding(_problems("任务进度"), COUNTS) == "核对发现警告1处、提醒3处，都在任务进度"
    assert titles.problems_finding(_problems(), dict.fromkeys(COUNTS, 0)) == "核对没有发现问题"


def test_indicators_that_lack_a_figure_are_named() -> None:
    reports = pd.DataFrame({"kpi": ["诉前", "暗访"], "missing": [1, 0]})
    assert titles.indicators_finding(reports) == "指标未报送的是诉前（1个）"
    assert titles.indicators_finding(reports.assign(missing=0)) == "由部门报送的2项指标已全部报送"
    assert titles.indicators_finding(reports.head(0)) == "没有应由部门报送的指标"


def test_streams_that_stop_earlier_are_named_unless_all_stop_together() -> None:
    days = pd.Series(pd.to_datetime(["2020-08-25", "2020-08-31", "2020-08-31"]), index=["信访积案", "诉讼", "风险"])
    assert titles.streams_finding(days) == "3类事项登记到2020年8月31日，其中信访积案到8月25日"
    assert titles.streams_finding(days.tail(2)) == "2类事项登记到2020年8月31日"
    assert titles.streams_finding(days.head(0)) == "还没有登记事项"
    many = pd.Series(pd.date_range("2020-08-01", periods=5), index=list("甲乙丙丁戊"))
    assert titles.streams_finding(many).endswith("其中甲到8月1日、乙到8月2日、丙到8月3日等4类较早")


def test_the_newest_release_is_said_with_its_errors() -> None:
    batches = pd.DataFrame({
        "id": [3, 2], "as_of": pd.to_datetime(["2020-08-31", "2020-08-24"]), "changed": [38292, 5], "errors": [0, 7],
    })  # fmt: skip
    assert titles.releases_finding(batches) == "最新为第3批，截至2020年8月31日，变动38,292行，发布时没有错误"
    assert titles.releases_finding(batches.tail(1)).endswith("发布时有7处错误")
