import pandas as pd

from analysis.campaign_table import (
    campaign_ranks,
    campaign_rows,
    campaign_total,
    department_rows,
    department_total,
    departments_finding,
    recent_finding,
    townships_finding,
)

LABELS = {"1": "天马", "2": "白石", "3": "何家", "4": "青石", "5": "新昌"}
COLUMNS = ["township_code", "opened", "closed", "overdue", "reopened", "substantive", "lawful", "led_opened",
           "led_closed"]  # fmt: skip


def _frame(*rows: tuple[object, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS).assign(rate=float("nan"))
    frame["open"] = frame["opened"] - frame["closed"]
    frame["department_opened"] = frame["opened"] - frame["led_opened"]
    frame["department_closed"] = frame["closed"] - frame["led_closed"]
    return frame


#             code  o  c  ov re su la lo lc
NOW = _frame(("1", 12, 9, 1, 1, 7, 2, 10, 8),  # 8/10 led
             ("2", 10, 8, 0, 0, 8, 0, 5, 4),  # 4/5 led: the same rate
             ("3", 6, 6, 0, 0, 5, 1, 4, 4),  # 4/4 led: too few, though 6 in all
             ("4", 5, 5, 0, 0, 1, 4, 5, 5),  # 5/5 led
             ("5", 9, 1, 3, 0, 1, 0, 8, 1))  # fmt: skip
BEFORE = _frame(("1", 11, 9, 0, 0, 7, 2, 9, 7), ("2", 10, 5, 0, 0, 5, 0, 5, 3), ("3", 6, 6, 0, 0, 5, 1, 4, 4),
                ("4", 5, 4, 0, 0, 1, 3, 5, 4), ("5", 9, 1, 0, 0, 1, 0, 8, 1))  # fmt: skip


def test_townships_are_ranked_by_what_they_lead_where_it_is_enough() -> None:
    ranks = campaign_ranks(NOW)
    assert ranks.dropna().to_dict() == {"4": 1.0, "1": 2.0, "2": 2.0, "5": 4.0}


def test_a_township_shown_alone_keeps_its_rank_and_its_tie() -> None:
    ranks = campaign_ranks(NOW)
    whole = campaign_rows(NOW, BEFORE, ranks, LABELS)
    assert whole["place"].tolist() == ["并列第2", "并列第2", "※", "第1名", "第4名"]
    assert whole["note"].tolist() == ["", "", "基数小（不足5件），不排名", "", ""]
    alone = campaign_rows(NOW.iloc[[1]], BEFORE.iloc[[1]], ranks, LABELS)
    assert alone["place"].tolist() == ["并列第2"]


def test_a_closing_that_came_undone_counts_among_the_last_seven_days() -> None:
    rows = campaign_rows(NOW, BEFORE, campaign_ranks(NOW), LABELS).set_index("township")
    # 天马: 9 resolved then and now, but one came back and one more was opened: 12 + 1 - 3 = 10 closings, 9 before
    assert rows["recent"].to_dict() == {"天马": 1, "白石": 3, "何家": 0, "青石": 1, "新昌": 0}


def test_a_township_without_cases_a_week_ago_had_no_closings() -> None:
    rows = campaign_rows(NOW, BEFORE.head(0), campaign_ranks(NOW), LABELS)
    assert rows["recent"].tolist() == [10, 8, 6, 5, 1]


def test_the_last_seven_days_are_told_and_a_standstill_is_called_one() -> None:
    assert recent_finding(NOW, BEFORE) == "近7日化解5件"  # 1 + 3 + 0 + 1 + 0
    assert recent_finding(NOW, NOW) == "近7日没有化解一件"
    assert recent_finding(NOW.head(2), BEFORE.head(0)) == "近7日化解18件"


def test_the_split_by_method_and_by_lead_stands_beside() -> None:
    rows = campaign_rows(NOW, BEFORE, campaign_ranks(NOW), LABELS)
    assert rows["split"].tolist() == ["7+2", "8+0", "5+1", "1+4", "1+0"]
    assert rows["department"].tolist() == ["50.0%（1/2）", "80.0%（4/5）", "100.0%（2/2）", "—", "0.0%（0/1）"]
    assert rows["led"].tolist()[0] == "80.0%（8/10）"
    total = campaign_total(rows, "全县")
    assert (total["recent"], total["split"], total["department"], total["resolved"]) == (
        5, "22+7", "70.0%（7/10）", "69.0%（29/42）",
    )  # fmt: skip


def test_the_finding_praises_first_and_names_who_has_most_left() -> None:
    rows = campaign_rows(NOW, BEFORE, campaign_ranks(NOW), LABELS)
    assert townships_finding(rows) == "青石主办的已全部化解；未化解的有新昌8件、天马3件、白石2件"
    done = rows[rows["open"] == 0]
    assert townships_finding(done) == "青石主办的已全部化解；已无未化解积案"
    assert townships_finding(rows.head(1)) == "天马主办10件，已化解8件"


DEPARTMENTS = pd.DataFrame(
    {"value": ["D04", "D18", float("nan")], "opened": [6, 2, 90], "closed": [3, 2, 80], "open": [3, 0, 10],
     "overdue": [1, 0, 4], "reopened": [1, 0, 3], "substantive": [2, 2, 60], "lawful": [1, 0, 20],
     "closings": [4, 2, 83], "rate": [0.5, 1.0, 0.9]}
).astype({"value": "str"})  # fmt: skip
EARLIER = DEPARTMENTS.iloc[[0, 2]].assign(closings=[2, 70])


def test_departments_stand_by_name_without_what_townships_lead() -> None:
    rows = department_rows(DEPARTMENTS, EARLIER, {"D04": "县信访局"})
    assert rows["department"].tolist() == ["县信访局", "D18"]
    assert rows["resolved"].tolist() == ["50.0%（3/6）", "100.0%（2/2）※"]
    assert rows["recent"].tolist() == [2, 2]
    total = department_total(rows)
    assert (total["opened"], total["recent"], total["resolved"], total["split"]) == (8, 4, "62.5%（5/8）", "4+1")
    assert departments_finding(rows) == "2个县级机关主办8件，化解率62.5%（5/8），未化解3件"
    none = department_rows(DEPARTMENTS.iloc[[2]], EARLIER, {})
    assert departments_finding(none) == "没有县级机关主办的积案"
