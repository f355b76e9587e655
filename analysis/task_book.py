"""One task on one page (任务书): what it asks for, how far it is in each place, and what was written about it.

Source: DOMAIN "Lights", COUNTY "The 35 tasks".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.checklist import COUNTY_LEVEL, NO_GROUP
from analysis.lights import LIGHTS, RED, Light
from analysis.remembered import remembered
from analysis.scope import Rights
from analysis.wording import MISSING, day, number, points

ORIGINS = {"公": "公开报道列明", "提": "公开报道提到，是否列入清单未公布", "演": "演示数据"}
MEAN = "全县平均"
NOT_SHOWN = "仅本单位可见"
NO_COUNTERMEASURE = "未提出对策"


@dataclass(frozen=True)
class Book:
    """A task as one page shows it.

    `fact` is its row of `task_facts`; `place` what the page is about: a township's label, 全县平均, 县级. `cells` are
    the months of every region shown (with region, its label), `own` those of the place itself, `plan` its plan of the
    whole year (month, planned_pct), `texts` what the viewer may read, `month` the month of the as-of date.
    """

    fact: Mapping[str, Any]
    place: str
    cells: pd.DataFrame
    own: pd.DataFrame
    plan: pd.DataFrame
    texts: pd.DataFrame
    month: pd.Timestamp

    @property
    def is_county(self) -> bool:
        """Whether the task stands on the county alone."""
        return bool(self.fact["scope"] == "county")

    @property
    def now(self) -> Mapping[str, Any]:
        """Return the place's own row of the month: planned_pct, actual_pct, light."""
        return dict(self.own.iloc[-1])


def task_book(
    fact: Mapping[str, Any],
    cells: pd.DataFrame,
    whole: pd.DataFrame,
    plans: pd.DataFrame,
    texts: pd.DataFrame,
    labels: Mapping[str, str],
) -> Book | None:
    """Gather a task's page from what was read; None for a task that has no plan in any place shown.

    Parameters
    ----------
    fact
        A row of `queries.task_book.task_facts`.
    cells, whole : pd.DataFrame
        `queries.task_months.cell_months` and `task_months`, of all tasks.
    plans, texts : pd.DataFrame
        `queries.task_book.task_plans` of all townships, and `task_texts` of those that the viewer may read.
    labels
        The label of each township shown, by code, in the fixed order: one alone is what the page is about.
    """
    code, is_county = fact["code"], fact["scope"] == "county"
    shown = cells[cells["task_code"] == code]
    shown = shown.assign(region=[labels.get(region, COUNTY_LEVEL) for region in shown["region_code"]])
    shown = shown[shown["region_code"].isin(labels) | is_county]
    mean = whole[whole["task_code"] == code]
    if shown.empty or mean.empty:
        return None
    is_one = len(set(shown["region_code"])) == 1 and (is_county or len(labels) == 1)
    own = shown if is_one else mean
    year = plans[plans["region_code"].isin(shown["region_code"])] if is_one else plans
    plan = year.groupby("month")["planned_pct"].mean().reset_index()
    place = shown["region"].iloc[0] if is_one else MEAN
    read = texts[texts["region_code"].isin(shown["region_code"])]
    return Book(fact, place, shown, own, plan, read, mean["month"].iloc[-1])


def readable(rights: Rights, fact: Mapping[str, Any]) -> frozenset[str] | None:
    """Return the codes of the townships whose texts of a task these rights cover; None for all, and the county's."""
    is_lead = rights.department in (None, fact["lead_department_code"])
    return rights.townships if is_lead else frozenset()


def book_title(fact: Mapping[str, Any]) -> str:
    """Name a task with its number: 29 推进“慢城通”与四平台对接."""
    return f"{fact['number']} {fact['title']}"


def book_finding(book: Book) -> str:
    """Say plan and actual of the month, the difference, and where the light is red."""
    now = book.now
    word = LIGHTS[Light(now["light"])].word
    said = f"{book.place}{book.month.month}月{_against(now['planned_pct'], now['actual_pct'])}，{word}"
    if book.place != MEAN:
        return said
    latest = latest_cells(book)
    red = list(latest.loc[latest["light"].isin(RED), "region"])
    named = f"中红灯{len(red)}个：{'、'.join(red)}" if red else "没有红灯"
    return f"{said}；{len(latest)}个乡镇（街道）{named}"


def latest_cells(book: Book) -> pd.DataFrame:
    """Return the regions shown in the month of the as-of date, one row each in fixed order."""
    return book.cells[book.cells["month"] == book.month].reset_index(drop=True)


def fact_rows(fact: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the list says of a task, as headings and texts; what is not filled in says so."""
    dates = [day(fact[name]) if not pd.isna(fact[name]) else "未定" for name in ("starts_on", "due_on")]
    return [
        ("目标要求", _text(fact["objective"])),
        ("衡量标准", _text(fact["measure"])),
        ("牵头单位", _text(fact["lead"])),
        ("责任单位", fact["responsible"] or MISSING),
        ("专项组", NO_GROUP if pd.isna(fact["work_group"]) else fact["work_group"]),
        ("权重", number(fact["weight"], digits=1)),
        ("起止时间", "至".join(dates)),
        ("任务来源", ORIGINS.get(fact["origin"], MISSING)),
    ]


def progress_points(book: Book) -> pd.DataFrame:
    """Return plan and actual by month, for a chart.

    Returns
    -------
    pd.DataFrame
        One row per month of the plan, rising: month (str, 8月, or 20年8月 over several years), planned_pct, actual_pct
        (float64, NaN after the month of the as-of date and where nothing was reported).
    """
    plan, own = (frame.assign(task_code=book.fact["code"]) for frame in (book.plan, book.own))
    return _points(plan, own)[["month", "planned_pct", "actual_pct"]]


@remembered
def task_courses(
    facts: pd.DataFrame, cells: pd.DataFrame, whole: pd.DataFrame, plans: pd.DataFrame, labels: Mapping[str, str]
) -> pd.DataFrame:
    """Return `progress_points` of the books of many tasks at once; parameters as for `task_book`.

    Returns
    -------
    pd.DataFrame
        One row per task that has a book and month of its plan, in the order of `facts`: task_code, place, month (str),
        planned_pct, actual_pct (float64).
    """
    of_county = facts.loc[facts["scope"] == "county", "code"]
    shown = cells[cells["region_code"].isin(list(labels)) | cells["task_code"].isin(of_county)]
    regions = shown.drop_duplicates(["task_code", "region_code"]).set_index("task_code")["region_code"]
    alone = regions[~regions.index.duplicated(keep=False)]
    alone = alone if len(labels) == 1 else alone[alone.index.isin(of_county)]
    region = plans["task_code"].map(alone)
    years = plans[region.isna() | (region == plans["region_code"])]
    plan = years.groupby(["task_code", "month"])["planned_pct"].mean().reset_index()
    own = [shown[shown["task_code"].isin(alone.index)], whole[~whole["task_code"].isin(alone.index)]]
    known = set(regions.index) & set(whole["task_code"])
    codes = [code for code in facts["code"] if code in known]
    places = {code: labels.get(alone[code], COUNTY_LEVEL) if code in alone.index else MEAN for code in codes}
    rows = _points(plan[plan["task_code"].isin(codes)], pd.concat(own))
    rows = rows.assign(place=rows["task_code"].map(places)).sort_values(
        "task_code", key=lambda column: column.map({code: i for i, code in enumerate(codes)}), kind="stable"
    )
    return rows[["task_code", "place", "month", "planned_pct", "actual_pct"]].reset_index(drop=True)


def progress_finding(rows: pd.DataFrame) -> str:
    """Say where the newest reported month stands against its plan, and since when it lags, as the title of their chart.

    Parameters
    ----------
    rows
        `progress_points`; a month without a report ends a run.
    """
    reported = rows[rows["actual_pct"].notna()]
    if reported.empty:
        return "还没有报送实际进度"
    last = reported.iloc[-1]
    said = f"{last['month']}{_against(last['planned_pct'], last['actual_pct'])}"
    lags = (rows["planned_pct"] - rows["actual_pct"]).round(1).loc[: reported.index[-1]].gt(0).to_numpy()
    run = next((i for i, is_behind in enumerate(lags[::-1]) if not is_behind), len(lags))
    return f"{said}，连续{run}个月落后" if run > 1 else said


def region_rows(book: Book, *, may_read: frozenset[str] | None) -> pd.DataFrame:
    """Return each region shown with its light in every month, and what was written in the newest.

    Parameters
    ----------
    may_read
        The codes of the townships whose texts the viewer may read, None for all; of others it is said that the texts
        are not shown, never that there are none.

    Returns
    -------
    pd.DataFrame
        One row per region: region, region_code, a column per month with its light (named 2020-08), progress (text),
        planned_pct, actual_pct, bottleneck, countermeasure (str).
    """
    rows = latest_cells(book)[["region", "region_code", "planned_pct", "actual_pct"]]
    lights = book.cells.assign(name=book.cells["month"].dt.strftime("%Y-%m"))
    wide = lights.pivot_table(index="region_code", columns="name", values="light", aggfunc="first")
    rows = rows.join(wide, on="region_code")
    rows["progress"] = [progress_said(*pair) for pair in zip(rows["planned_pct"], rows["actual_pct"], strict=True)]
    texts = book.texts[book.texts["month"] == book.month].set_index("region_code")
    is_open = rows["region_code"].isin(may_read) if may_read is not None else pd.Series(data=True, index=rows.index)
    for name in ("bottleneck", "countermeasure"):
        found = texts[name].reindex(rows["region_code"]).fillna("").set_axis(rows.index)
        rows[name] = found.where(is_open, NOT_SHOWN).astype("str")
    has_need = rows[wide.columns[-1]].isin([*RED, Light.BEHIND]) & is_open & (rows["countermeasure"] == "")
    rows["countermeasure"] = rows["countermeasure"].mask(has_need, NO_COUNTERMEASURE)
    return rows


def month_rows(book: Book) -> pd.DataFrame:
    """Return the year month by month: the work in words beside plan, actual and light of the place.

    Returns
    -------
    pd.DataFrame
        One row per month of the plan, rising: month (datetime64[s]), work (str; where places differ, each text with
        how many have it), planned_pct, actual_pct (float64), gap (points ahead of plan, behind is negative), light
        (str, "" after the month of the as-of date).
    """
    words = book.texts.dropna(subset=["planned_work"]).groupby("month")["planned_work"].agg(_work)
    rows = book.plan.merge(book.own[["month", "actual_pct", "light"]], on="month", how="left")
    rows["work"] = words.reindex(rows["month"]).fillna(MISSING).astype("str").to_numpy()
    rows["gap"] = rows["actual_pct"] - rows["planned_pct"]
    rows["light"] = rows["light"].fillna("").astype("str")
    return rows[["month", "work", "planned_pct", "actual_pct", "gap", "light"]]


def neighbours(facts: pd.DataFrame, code: str) -> tuple[str, str]:
    """Return the codes of the tasks before and after one in the list, "" at its ends."""
    codes = ["", *facts["code"].tolist(), ""]
    at = codes.index(code)
    return codes[at - 1], codes[at + 1]


def rights_note(rights: Rights, fact: Mapping[str, Any]) -> str:
    """Say whose texts are shown, to whom not all are."""
    if readable(rights, fact) is None:
        return ""
    return "瓶颈性问题、对策措施和每月工作内容只显示本单位的；进度和亮灯全县公开。"


def chosen_fact(facts: pd.DataFrame, code: str) -> Mapping[str, Any] | None:
    """Return the row of one task by its code, whatever its letters' case; None where there is none."""
    rows = facts[facts["code"].str.casefold() == code.strip().casefold()].to_dict("records")
    return {str(name): value for name, value in rows[0].items()} if rows else None


def progress_said(planned: float, actual: float) -> str:
    """Say plan and actual of a month: 65% / 42%, 65% / 未报."""
    plan = MISSING if pd.isna(planned) else f"{number(planned)}%"
    return f"{plan} / {'未报' if pd.isna(actual) else f'{number(actual)}%'}"


def _points(plan: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Lay plan and actual of tasks beside each other by month, named with its year where a plan has several."""
    keys = ["task_code", "month"]
    rows = plan.merge(own[[*keys, "actual_pct"]], on=keys, how="left")
    years = rows["month"].dt.year
    of_task = years.groupby(rows["task_code"])
    is_long = of_task.transform("min") < of_task.transform("max")
    days = zip(rows["month"], is_long, strict=True)
    return rows.assign(month=[f"{f'{day.year % 100}年' if long else ''}{day.month}月" for day, long in days])


def _against(planned: float, actual: float) -> str:
    if pd.isna(planned):
        return "没有计划"
    plan = f"计划{number(planned, digits=1)}%"
    if pd.isna(actual):
        return f"{plan}、未报送"
    gap = round(actual - planned, 1)
    said = "与计划持平" if gap == 0 else f"{'领先' if gap > 0 else '落后'}{points(abs(gap))}"
    return f"{plan}、实际{number(actual, digits=1)}%，{said}"


def _work(texts: pd.Series) -> str:
    counts = texts.value_counts(sort=True)
    if len(counts) == 1:
        return str(counts.index[0])
    return "；".join(f"{text}（{count}个）" for text, count in counts.items())


def _text(value: object) -> str:
    return MISSING if pd.isna(value) else str(value)  # type: ignore[call-overload]
