"""The frames behind a meeting's charts and tables: counts put in rows, names and words beside codes.

What a slide, a workbook or a bulletin shows of `Material` and is not a frame of its own there.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.meeting.figures import Figures
from analysis.meeting.material import Material
from analysis.rules import FOCUS_TOWNSHIPS
from analysis.streams import STREAMS
from analysis.weak_links import Severity
from analysis.weak_links.remarks import NONE_YET
from analysis.wording import MISSING, fraction, month_day, number, share

TO_BE_SET = "会议明确"
WEAKEST = 6
STREAM_KPIS = {
    "petition": "petitions_closed_in_time",
    "dispute": "disputes_settled",
    "event": "events_closed_in_time",
    "appeal": "appeals_answered_in_time",
    "risk": "risks_cleared",
}
"""The computed indicator that says how well a stream is kept up with."""


def focus_townships(material: Material) -> list[str]:
    """Return the townships that get a slide of their own: those chosen, or those with the most grave weak links."""
    figures = material.figures
    if figures.is_filtered:
        return [code for code in figures.names if code in figures.chosen]
    found = figures.weak_links
    own = found[(found["severity"] == Severity.GRAVE) & found["region_code"].isin(figures.names)]
    counts = own["region_code"].value_counts()
    order = {code: i for i, code in enumerate(figures.names)}
    picked = sorted(counts.index, key=lambda code: (-counts[code], order[code]))[:FOCUS_TOWNSHIPS]
    return [code for code in figures.names if code in picked]


def township_rows(figures: Figures) -> pd.DataFrame:
    """Return `by_township` under the townships' full names, the short ones (short) beside them."""
    rows = figures.by_township
    full = rows["township_code"].map(figures.names).fillna(rows["township"])  # 县本级 has no other name
    return rows.assign(short=rows["township"], township=full)


def ranking_rows(figures: Figures) -> pd.DataFrame:
    """Return the whole county's ranking under full names; of a filter, only the townships chosen."""
    rows = figures.ranked[figures.ranked["township_code"].isin(figures.chosen)]
    return rows.assign(township=rows["township_code"].map(figures.names)).reset_index(drop=True)


def with_deadlines(material: Material, issues: pd.DataFrame) -> pd.DataFrame:
    """Put deadline (str) beside weak links: a task's own, for the backlog the campaign's last day, else to be set."""
    figures = material.figures
    due = figures.summary.set_index("task_code")["due_on"]
    campaign = figures.campaign_now
    ends = TO_BE_SET if campaign is None else month_day(campaign.ends_on)
    said = [
        day_or(due.get(task), TO_BE_SET) if task else ends if stream == "petition_backlog" else TO_BE_SET
        for task, stream in zip(issues["task_code"], issues["stream"], strict=True)
    ]
    return issues.assign(deadline=said, place=range(1, len(issues) + 1))


def asked_rows(material: Material) -> pd.DataFrame:
    """Return what the meeting is asked to make clear: `with_deadlines` of `material.asked`, with matter (str)."""
    rows = with_deadlines(material, material.asked)
    is_silent = rows["measure"] == NONE_YET
    return rows.assign(matter=rows["measure"].mask(is_silent, "明确对策措施、责任人和时限"))


def age_rows(figures: Figures) -> pd.DataFrame:
    """Add the open cases up by age band: band (str), open (int64)."""
    return figures.ages.groupby("band", sort=False, as_index=False)[["open"]].sum()


def aged_rows(figures: Figures) -> pd.DataFrame:
    """Return the cases of long standing by township and who leads them: township, lead (str), and `figures.aged`."""
    rows = figures.aged
    bodies = figures.departments.set_index("code")["name"]
    leads = [bodies.get(code, code) if code else "乡镇主办" for code in rows["department_code"]]
    found = rows.assign(township=rows["township_code"].map(figures.names), lead=leads)
    return found.sort_values("open", ascending=False, kind="stable", ignore_index=True)


def stream_rows(figures: Figures) -> pd.DataFrame:
    """Return the streams beside the backlog: named (with its own verbs), kept_up (rate with x/n), and their counts.

    Suits are told by their counts alone; the mediation centre's disputes stand last.
    """
    rows = figures.streams[figures.streams["stream"] != "petition_backlog"].reset_index(drop=True)
    known = [STREAMS[code] for code in rows["stream"]]
    own = figures.kpis[figures.kpis["township_code"].isin(figures.chosen)]
    sums = {
        str(name): (float(part["numerator"].sum()), float(part["denominator"].sum()))
        for name, part in own.groupby("computed_from")
    }
    kept = [_share(sums, STREAM_KPIS.get(s.code, ""), s.rate, p) for s, p in zip(known, rows["platform"], strict=True)]
    short = [f"{p}{s.short_name}" if p else s.short_name for s, p in zip(known, rows["platform"], strict=True)]
    verbs = [f"{name}（{s.opened}、{s.closed}）" for name, s in zip(short, known, strict=True)]
    return rows.assign(short=short, named=verbs, kept_up=kept)


def score_rows(figures: Figures) -> pd.DataFrame:
    """Lay the safety scores (平安暗访, 安全感) of the townships out: township, and a float64 column per indicator."""
    own = figures.kpis[(figures.kpis["kind"] == "score") & figures.kpis["township_code"].isin(figures.chosen)]
    table = own.pivot_table(index="township_code", columns="name", values="value", sort=False, dropna=False)
    table = table.reindex([code for code in figures.names if code in table.index])
    table.insert(0, "township", [figures.names[code] for code in table.index])
    return table.rename_axis(None, axis=1).reset_index(drop=True)


def reached_rows(figures: Figures, domain: str) -> pd.DataFrame:
    """Return a row per indicator of a domain: name, goal, mean of the townships, and how many reach the goal (x/n)."""
    own = figures.kpis[(figures.kpis["domain"] == domain) & figures.kpis["value"].notna()]
    rows = []
    for name, each in own.groupby("name", sort=False):
        gap = each["goal"] - each["value"] if each["direction"].iloc[0] == "higher" else each["value"] - each["goal"]
        said = fraction(int((gap <= 0).sum()), len(each))
        unit = each["unit"].iloc[0]
        rows.append((name, f"{number(each['goal'].mean(), digits=1)}{unit}", f"{each['value'].mean():.1f}{unit}", said))
    return pd.DataFrame(rows, columns=["name", "goal", "mean", "reached"])


def weakest_kpis(figures: Figures, township: str, count: int = WEAKEST) -> pd.DataFrame:
    """Return the indicators on which a township scores lowest, beside the mean of all: name, own, mean (0-100)."""
    judged = figures.kpis[figures.kpis["weight"].gt(0)]
    means = judged.groupby("kpi_code")["score"].mean()
    own = judged[(judged["township_code"] == township) & judged["score"].notna()]
    lowest = own.sort_values(["score", "weight"], ascending=[True, False], kind="stable").head(count)
    mean = lowest["kpi_code"].map(means)
    return pd.DataFrame({"name": lowest["name"], "own": lowest["score"], "mean": mean}).reset_index(drop=True)


def key_figures(figures: Figures) -> pd.DataFrame:
    """Return the backlog's figures as a list: what, value (str)."""
    total, campaign = figures.total, figures.campaign_now
    rows = [
        ("交办", f"{total['opened']}件"),
        ("化解", f"{total['closed']}件"),
        ("化解率", total["resolved"]),
        ("近7日化解", f"{figures.closed_in_week}件"),
        ("未化解", f"{total['open']}件"),
        ("其中超期", f"{total['overdue']}件"),
        ("实体化解", f"{total['substantive']}件"),
        ("依法终结", f"{total['lawful']}件"),
        ("化解后反弹", f"{total['reopened']}件次"),
        ("乡镇主办化解率", total["led"]),
        ("县级机关主办化解率", total["department"]),
    ]
    if campaign is not None:
        rows.insert(3, ("动员会时化解率", share(campaign.baseline_closed, campaign.baseline_opened, digits=2)))
    return pd.DataFrame(rows, columns=["what", "value"])


def said_values(figures: Figures, domain: str) -> str:
    """Say what was reported of a domain for the whole county: 政企通兑现资金6283.34万元、…; "" for nothing."""
    own = figures.county_values[figures.county_values["domain"] == domain]
    return "、".join(_said(row) for row in own.to_dict("records"))


def day_or(value: Any, otherwise: str) -> str:
    """Write a date within its year, or what stands for a missing one."""
    return otherwise if value is None or pd.isna(value) else month_day(value)


def _share(sums: Mapping[str, tuple[float, float]], kpi: str, word: str, platform: str) -> str:
    """Say a stream's own rate over the months pooled; a platform's part of a stream has none."""
    x, n = sums.get(kpi, (0.0, 0.0))
    if platform:
        return MISSING
    return f"{word}{share(x, n)}" if n else MISSING


def _said(row: Mapping[Any, Any]) -> str:
    return f"{row['name']}{number(row['value'], digits=2)}{row['unit']}"
