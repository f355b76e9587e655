import pandas as pd

from analysis.county_reports import gain, newest_reports, reports_finding

REPORTS = pd.DataFrame({
    "kpi_code": ["K22", "K22", "K22A", "K23", "K23A"], "domain": ["政企通"] * 3 + ["平安建设"] * 2,
    "name": ["兑现资金", "兑现资金", "政策数", "平安全市排名", "暗访全市排名"], "kind": ["amount"] * 3 + ["rank"] * 2,
    "unit": ["万元", "万元", "个", "位", "位"], "value": [5.0, 6.5, 189.0, 2.0, 3.0],
    "month": pd.to_datetime(["2020-07-01", "2020-08-01", "2020-08-01", "2020-06-01", "2020-06-01"]),
})  # fmt: skip


def test_county_reports_come_newest_with_their_history() -> None:
    newest = newest_reports(REPORTS, "政企通")
    assert newest[["kpi_code", "value"]].to_numpy().tolist() == [["K22", 6.5], ["K22A", 189.0]]
    assert newest["history"].iloc[0] == (5.0, 6.5)
    assert newest_reports(REPORTS, "别的").empty


def test_the_title_says_the_first_amount_or_every_rank() -> None:
    assert reports_finding(newest_reports(REPORTS, "政企通"), "政企通") == "兑现资金6.5万元，较上月增加1.5万元"
    assert reports_finding(newest_reports(REPORTS, "平安建设"), "平安建设") == "平安全市排名第2、暗访全市排名第3"
    assert reports_finding(newest_reports(REPORTS, "别的"), "别的") == "别的没有报送"


def test_a_figure_that_fell_or_stayed_is_not_said_to_have_grown() -> None:
    assert gain({"history": (6.5, 5.0), "value": 5.0, "unit": "万元"}) == "较上月减少1.5万元"
    assert gain({"history": (5.0, 5.0), "value": 5.0, "unit": "万元"}) == "与上月持平"
    assert gain({"history": (5.0,), "value": 5.0, "unit": "万元"}) == ""
    assert gain({"history": (float("nan"), 5.0), "value": 5.0, "unit": "万元"}) == ""
