from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.follow_ups import follow_up_table
from components.follow_ups import FOLLOW_UPS, follow_ups_html, status_mark
from components.tables import csv_bytes


@dataclass(frozen=True)
class _Decision:
    subject: str = "甲镇：<积案>"
    promise: str = "=化解3件"
    owner: str = "书记&镇长"
    raised_on: date = date(2020, 8, 24)
    due_on: date | None = date(2020, 8, 30)
    done_on: date | None = None
    township_code: str | None = "甲"
    reference: str = ""


@dataclass(frozen=True)
class _FollowUp:
    id: int = 7
    decision: _Decision = _Decision()
    author: str = "行动办"
    reply: str | None = "<已办>"
    replier: str | None = "甲镇"


def _table() -> pd.DataFrame:
    day = date(2020, 8, 31)
    return follow_up_table([_FollowUp()], {"甲": "甲镇"}, as_of=day, newest=day)


def test_a_follow_up_is_told_whole_and_escaped() -> None:
    html = follow_ups_html(_table())
    assert html.startswith('<ul class="gov-decided"><li class="red"><header><span class="light red">')
    assert "甲镇：&lt;积案&gt;" in html
    assert "书记&amp;镇长" in html
    assert "8月30日（逾期1天）" in html
    assert "<b>答复</b> &lt;已办&gt;（甲镇）" in html
    assert "<已办>" not in html


def test_each_status_has_word_and_shape() -> None:
    said = {status: status_mark(status) for status in ("overdue", "open", "done")}
    assert "■</span> 逾期" in said["overdue"]
    assert "●</span> 办理中" in said["open"]
    assert "✓</span> 已销号" in said["done"]


def test_a_download_holds_words_and_runs_no_formula() -> None:
    text = csv_bytes(_table(), FOLLOW_UPS).decode("utf-8-sig")
    head, row = text.splitlines()
    assert head == "编号,状态,事项,乡镇（街道）,议定内容,责任,议定日期,办理时限,销号日期,乡镇答复"
    assert row == "7,逾期,甲镇：<积案>,甲镇,'=化解3件,书记&镇长,2020-08-24,2020-08-30,,<已办>"
