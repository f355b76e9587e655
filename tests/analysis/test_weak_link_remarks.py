"""What is being done about a weak link: told where the viewer may read it, withheld elsewhere."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.scope import Rights
from analysis.weak_links.kinds import findings
from analysis.weak_links.remarks import reasons, with_remarks

TEXTS = pd.DataFrame(
    [
        ("T1", "甲", "township", "far_behind", "人手不足", "增派"),
        ("T1", "乙", "township", "behind", "人手不足", "增派"),
        ("T1", "丙", "township", "unreported", None, None),
        ("T1", "丁", "township", "on_track", "旧的瓶颈", "旧的对策"),  # on schedule: no part of the trouble
        ("T2", "甲", "township", "behind", "资金未到", None),
        ("T3", "甲", "township", "due_soon", None, None),
        ("T6", "330822", "county", "far_behind", "接口未开放", "改造接口"),
    ],
    columns=["task_code", "region_code", "scope", "light", "bottleneck", "countermeasure"],
)
CASES = pd.DataFrame(
    [("甲", "县长", None), ("甲", "县长", "D1"), ("甲", None, "D1"), ("甲", None, None), ("乙", "镇长", None)],
    columns=["township_code", "case_leader", "lead_department_code"],
)
ROWS = [
    {"reference": "task:T1", "kind": "whole_task", "task_code": "T1", "regions": "甲,乙,丙"},
    {"reference": "township:甲", "kind": "whole_township", "region_code": "甲", "regions": "甲"},
    {"reference": "cell:T1:甲", "kind": "red", "task_code": "T1", "region_code": "甲", "regions": "甲"},
    {"reference": "cell:T2:甲", "kind": "red", "task_code": "T2", "region_code": "甲", "regions": "甲"},
    {"reference": "task:T3", "kind": "due_soon", "task_code": "T3", "regions": "甲"},
    {"reference": "cell:T6:330822", "kind": "red", "task_code": "T6", "region_code": "330822"},
    {"reference": "backlog:甲", "kind": "overdue", "region_code": "甲", "regions": "甲", "stream": "petition_backlog"},
    {"reference": "backlog:乙", "kind": "overdue", "region_code": "乙", "regions": "乙", "stream": "petition_backlog"},
    {"reference": "streams:乙", "kind": "overdue", "region_code": "乙", "regions": "乙", "stream": "event"},
    {"reference": "kpi:K01:甲", "kind": "signal", "region_code": "甲", "regions": "甲", "kpi_code": "K01"},
    {"reference": "kpi:K02:甲", "kind": "signal", "region_code": "甲", "regions": "甲", "kpi_code": "K02"},
]
FOUND = findings([{"severity": 3, "size": 1.0, **row} for row in ROWS])


def _said(rights: Rights, texts: pd.DataFrame = TEXTS, cases: pd.DataFrame = CASES) -> dict[str, tuple[str, str, str]]:
    told = with_remarks(
        FOUND, texts, cases, rights=rights, departments={"D1": "县民政局"},
        reasons={"kpi:K01:甲": "疫情影响（行动办）"}, decisions={"task:T1": "另行研究"},
    )  # fmt: skip
    assert told["decided"].tolist() == ["另行研究", *[""] * 10]
    columns = told[["bottleneck", "countermeasure", "leaders"]].itertuples(index=False, name=None)
    return dict(zip(told["reference"], columns, strict=True))


def test_who_may_read_all_reads_what_was_reported_or_that_nothing_was() -> None:
    said = _said(Rights())
    assert said["cell:T1:甲"] == ("人手不足", "增派", "")
    assert said["cell:T2:甲"] == ("资金未到", "未提出对策", "")
    assert said["task:T1"] == ("人手不足（3处中2处已填报）", "增派（3处中2处已填报）", "")
    assert said["township:甲"] == ("人手不足（2处中2处已填报）", "增派（2处中1处已填报）", "")
    assert said["task:T3"] == ("", "均达序时，按计划推进", "")
    assert said["cell:T6:330822"] == ("接口未开放", "改造接口", "")
    assert said["backlog:甲"] == ("", "未提出对策", "县长2件、县民政局1件、未定包案领导1件")
    assert said["streams:乙"] == ("", "未提出对策", "")


def test_an_indicator_is_explained_by_its_annotation_for_everyone() -> None:
    for rights in (Rights(), Rights(townships=frozenset({"乙"}))):
        said = _said(rights)
        assert said["kpi:K01:甲"] == ("", "疫情影响（行动办）", "")
        assert said["kpi:K02:甲"] == ("", "未提出对策", "")


def test_a_township_reads_its_own_alone_and_of_others_not_even_the_silence() -> None:
    rights = Rights(townships=frozenset({"甲"}))
    own_texts = TEXTS[TEXTS["region_code"].isin(["甲", "330822"])].copy()
    own_texts.loc[own_texts["scope"] == "county", ["bottleneck", "countermeasure"]] = None  # as task_list hands it over
    said = _said(rights, own_texts, CASES[CASES["township_code"] == "甲"])
    assert said["cell:T1:甲"] == ("人手不足", "增派", "")
    assert said["task:T1"] == ("本乡镇（街道）：人手不足", "本乡镇（街道）：增派", "")
    assert said["cell:T6:330822"] == ("", "", "")
    assert said["backlog:甲"][1:] == ("未提出对策", "县长2件、县民政局1件、未定包案领导1件")
    assert said["backlog:乙"] == said["streams:乙"] == ("", "", "")


def test_a_department_reads_what_it_leads() -> None:
    texts = TEXTS[TEXTS["task_code"] == "T2"]
    said = _said(Rights(department="D1"), texts, CASES[CASES["lead_department_code"] == "D1"])
    assert said["cell:T2:甲"] == ("资金未到", "未提出对策", "")
    assert said["cell:T1:甲"] == said["task:T1"] == said["task:T3"] == ("", "", "")
    assert said["backlog:甲"] == ("", "未提出对策", "县长1件、县民政局1件")
    assert said["backlog:乙"] == said["streams:乙"] == ("", "", "")


@dataclass(frozen=True)
class _Place:
    region_code: str
    kpi_code: str
    month: date


@dataclass(frozen=True)
class _Annotation:
    place: _Place
    reason: str
    author: str
    is_excluded: bool = False
    reply: str | None = None
    replier: str | None = None


def test_an_annotation_explains_its_own_month_alone() -> None:
    written = [
        _Annotation(_Place("甲", "K01", date(2020, 8, 1)), "疫情影响", "行动办"),
        _Annotation(_Place("甲", "K01", date(2020, 7, 1)), "旧事", "行动办"),
    ]
    assert reasons(written, date(2020, 8, 31)) == {"kpi:K01:甲": "疫情影响（行动办）"}
    assert reasons(written, date(2020, 8, 30)) == {"kpi:K01:甲": "旧事（行动办）"}
