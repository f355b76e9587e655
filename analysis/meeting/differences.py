"""What has changed since a meeting: its frozen figures beside those of another day or another release.

One row per thing that differs; what stayed as it was is not told. Source: the figures of `analysis.meeting.material`.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import isclose, isnan
from typing import Any

import pandas as pd

from analysis.checklist import COUNTY_LEVEL
from analysis.follow_ups import STATUS_MARKS, Status
from analysis.lights import LIGHTS, Light
from analysis.meeting.figures import Figures
from analysis.meeting.material import Material
from analysis.wording import MISSING, day, number, percent, place

DIFFERENCES = {"subject": "str", "what": "str", "then": "str", "now": "str", "change": "str"}
BACKLOG, RANKING, TASKS, WEAK_LINKS, DECIDED = "信访积案", "考核排名", "任务清单", "薄弱环节", "议定事项"
_COUNTS = {"opened": "交办", "closed": "化解", "open": "未化解", "overdue": "超期"}

Row = tuple[str, str, str, str, str]


def differences(then: Material, now: Material) -> pd.DataFrame:
    """Compare a meeting's material with another, of the same townships.

    Returns
    -------
    pd.DataFrame
        The columns of DIFFERENCES (str), one row per figure that differs, by subject in the order of the slides:
        subject, what it is, then, now, change (+3, 上升2名, 新增 and the like; "" where there is no word for it).
        Nothing differs: no rows.
    """
    rows = [
        *_backlog(then.figures, now.figures),
        *_lights(then.figures, now.figures),
        *_cells(then.figures, now.figures),
        *_ranks(then.figures, now.figures),
        *_weak_links(then.figures, now.figures),
        *_decided(then.rows.follow_ups, now.rows.follow_ups),
    ]
    return pd.DataFrame(rows, columns=list(DIFFERENCES)).astype(DIFFERENCES)


def differences_finding(then: Figures, now: Figures, found: pd.DataFrame) -> str:
    """Say which two states are compared and how much differs: 与8月31日会议相比（数据批次1→3），共12处变化."""
    days = f"同为截至{day(now.as_of)}" if then.as_of == now.as_of else f"截至{day(then.as_of)} → 截至{day(now.as_of)}"
    releases = f"数据批次{then.release}" if then.release == now.release else f"数据批次{then.release} → {now.release}"
    if found.empty:
        return f"{days}，{releases}：没有变化"
    counts = found["subject"].value_counts(sort=False)
    return f"{days}，{releases}：{len(found)}处变化（{'、'.join(f'{word}{n}' for word, n in counts.items())}）"


def _backlog(then: Figures, now: Figures) -> Iterator[Row]:
    """Compare the counts of the whole and of each township."""
    whole = [({name: figures.total[name] for name in _COUNTS}) for figures in (then, now)]
    yield from _counts(now.place, *whole)
    rates = [figures.headline.rate for figures in (then, now)]
    if _differ(*rates):
        yield (BACKLOG, f"{now.place}化解率", percent(rates[0]), percent(rates[1]), _points(rates[1] - rates[0]))
    if not now.is_filtered or len(now.chosen) > 1:
        before, after = (_by_township(figures) for figures in (then, now))
        for code, label in now.labels.items():
            if code in before and code in after:
                yield from _counts(label, before[code], after[code])


def _counts(label: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Row]:
    for name, word in _COUNTS.items():
        if then[name] != now[name]:
            yield (BACKLOG, f"{label}{word}", f"{then[name]}件", f"{now[name]}件", f"{now[name] - then[name]:+d}件")


def _by_township(figures: Figures) -> dict[str, Mapping[str, Any]]:
    return {row["township_code"]: row for row in _records(figures.now[["township_code", *_COUNTS]])}


def _lights(then: Figures, now: Figures) -> Iterator[Row]:
    """Compare how many tasks show each light."""
    for light, style in LIGHTS.items():
        before, after = (figures.lights.get(light, 0) for figures in (then, now))
        if before != after:
            yield (TASKS, f"{style.word}的任务", str(before), str(after), f"{after - before:+d}")


def _cells(then: Figures, now: Figures) -> Iterator[Row]:
    """Compare the light of every task in every township."""
    before = {(row["task_code"], row["region_code"]): row["light"] for row in _records(then.matrix)}
    for row in _records(now.matrix):
        old = before.get((row["task_code"], row["region_code"]), row["light"])
        if old != row["light"]:
            what = f"{now.labels.get(row['region_code'], COUNTY_LEVEL)}：{row['number']} {row['title']}"
            yield (TASKS, what, LIGHTS[Light(old)].word, LIGHTS[Light(row["light"])].word, "")


def _ranks(then: Figures, now: Figures) -> Iterator[Row]:
    """Compare place and score of the townships chosen."""
    before, after = (figures.ranking.set_index("township_code") for figures in (then, now))
    for code in (code for code in after.index if code in now.chosen and code in before.index):
        old, new = before.loc[code], after.loc[code]
        ranks, scores = (float(old["rank"]), float(new["rank"])), (float(old["score"]), float(new["score"]))
        if _differ(*ranks) or _differ(*(round(score, 1) for score in scores)):
            said = [f"{place(rank)}（{_score(score)}）" for rank, score in zip(ranks, scores, strict=True)]
            yield (RANKING, now.labels[code], said[0], said[1], _climb(*ranks))


def _weak_links(then: Figures, now: Figures) -> Iterator[Row]:
    """Name the weak links that came, and those that are gone."""
    before, after = (figures.own_weak_links.set_index("reference")["subject"].to_dict() for figures in (then, now))
    for reference in (reference for reference in before if reference not in after):
        yield (WEAK_LINKS, before[reference], "有", MISSING, "已消除")
    for reference in (reference for reference in after if reference not in before):
        yield (WEAK_LINKS, after[reference], MISSING, "有", "新增")


def _decided(then: pd.DataFrame, now: pd.DataFrame) -> Iterator[Row]:
    """Compare how the follow-ups stand."""
    before = dict(zip(then["number"], then["status"], strict=True))
    for row in _records(now):
        old = before.get(row["number"])
        if old != row["status"]:
            words = [MISSING if status is None else STATUS_MARKS[Status(status)][0] for status in (old, row["status"])]
            yield (DECIDED, row["subject"], words[0], words[1], "新增" if old is None else "")


def _records(frame: pd.DataFrame) -> Iterable[Mapping[Any, Any]]:
    return frame.to_dict("records")


def _differ(then: float, now: float) -> bool:
    if isnan(then) or isnan(now):
        return isnan(then) != isnan(now)
    return not isclose(then, now, rel_tol=0, abs_tol=1e-9)


def _points(change: float) -> str:
    return "" if isnan(change) else f"{change * 100:+.1f}个百分点"


def _score(score: float) -> str:
    return MISSING if isnan(score) else f"{number(score, digits=1)}分"


def _climb(then: float, now: float) -> str:
    if isnan(then) or isnan(now) or then == now:
        return ""
    return f"{'上升' if now < then else '下降'}{abs(now - then):.0f}名"
