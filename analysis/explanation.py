"""为什么排在这里, as it is shown: one township's indicators beside the place above, and the sentences over them.

Source: METHODS section 2; COUNTY "Conventions".
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.climbs import climb_words
from analysis.contributions import Gap, gap_of
from analysis.kpis import JUDGED, NONE, SMALL, STATE_WORDS, UNREPORTED
from analysis.ranks import TRAILING, UNRANKED
from analysis.remembered import remembered
from analysis.rules import MIN_COVERAGE, MIN_DENOMINATOR
from analysis.wording import MINUS, MISSING, fraction, number, percent, place, places

MISSING_WORDS = {
    UNREPORTED: "未报送（计0分）",
    SMALL: f"基数小（不足{MIN_DENOMINATOR}件）未计分",
    NONE: "无此项业务未计分",
}
MISSING_COUNTS = {UNREPORTED: "未报送{n}项，计0分", SMALL: "基数小{n}项", NONE: "无此业务{n}项"}
SCORE_NOTES = {JUDGED: "", UNREPORTED: "未报送", SMALL: "基数小，按本地平均分", NONE: "无此项业务，按本地平均分"}
NAMED = 3
EASIEST = 3


def value_words(row: Mapping[Any, Any]) -> str:
    """Say an indicator's value in its unit: 80.0%, 76.1件/万人, 93.4分; — when there is none."""
    value, unit = row["value"], row["unit"]
    if pd.isna(value):
        return MISSING
    said = f"{value:,.0f}" if row["kind"] in ("count", "rank") else f"{value:.1f}"
    return f"{said.replace('-', MINUS)}{'' if pd.isna(unit) else unit}"


def basis_words(row: Mapping[Any, Any]) -> str:
    """Say what a value is made of: 8/10 for a proportion, 12件 for a rate, n=118 for a sample; "" when unknown."""
    x, n = row["numerator"], row["denominator"]
    if row["kind"] == "proportion" and not pd.isna(n):
        return fraction(x, n)
    if row["kind"] == "rate" and not pd.isna(x):
        return f"{x:,.0f}件".replace("-", MINUS)
    return f"样本{n:,.0f}" if row["kind"] == "score" and not pd.isna(n) else ""


@remembered
def explained_rows(gap: Gap, climbs: pd.DataFrame) -> pd.DataFrame:
    """Word a township's indicators, the largest share of the gap first.

    Parameters
    ----------
    gap
        `analysis.contributions.gap_of` over rows of `queries.rankings.kpi_table`.
    climbs
        `analysis.climbs.climbs` of the same township.

    Returns
    -------
    pd.DataFrame
        The rows of `gap` and `climbs`, with value_words, basis (n/N), terms (权重6，目标95，底线80),
        score_note ("" when judged), gap_words (+1.2), share_words (占落后的31%; "" where it does not
        widen the gap), move (str).
    """
    rows = gap.rows.merge(climbs, on="kpi_code", how="left")
    records = rows.to_dict("records")
    return rows.assign(
        value_words=[value_words(row) for row in records],
        basis=[basis_words(row) for row in records],
        score_note=[SCORE_NOTES[row["state"]] for row in records],
        terms=[_terms(row) for row in records],
        gap_words=[_signed(row["gap"]) for row in records],
        share_words=[_share(row["gap_share"], is_lead=gap.is_lead) for row in records],
        move=[climb_words(row) for row in records],
    )


def explanation_title(ranked: pd.DataFrame, township: str, *, title: str) -> str:
    """Put the township before the ranking's title: 招贤为什么排在这里 · 2020年8月 · 2020年考核方案."""
    _, *rest = title.split(" · ")
    return " · ".join([f"{_row(ranked, township)['township']}为什么排在这里", *rest])


@remembered
def explanation_finding(gap: Gap, ranked: pd.DataFrame) -> str:
    """Say the township's place, the gap to the place above, and which indicators it is made of.

    Parameters
    ----------
    ranked
        `analysis.rankings.ranked_rows` over the whole set.
    """
    own = _row(ranked, gap.township)
    if pd.isna(own["rank"]):
        share = percent(own["coverage"], digits=0)
        return f"{own['township']}{UNRANKED}：可计分的指标只占权重的{share}，不足{MIN_COVERAGE:.0%}"
    said = f"{own['township']}{place(own['rank'], is_tied=bool(own['is_tied']))}，{own['score']:.1f}分"
    if not gap.rival:
        return said
    rival = _row(ranked, gap.rival)
    name = f"{rival['township']}（{rival['place']}，{rival['score']:.1f}分）"
    between = f"领先{name}{gap.points:.1f}分" if gap.is_lead else f"比{name}低{gap.points:.1f}分"
    return f"{said}，{between}{_causes(gap)}"


def trailing_line(judged: pd.DataFrame, ranked: pd.DataFrame, peers: pd.DataFrame) -> str:
    """Say of those that clearly trail, at most three, what sets each apart from the place above; "" when none does.

    Parameters
    ----------
    judged, ranked
        `queries.rankings.kpi_table` and `analysis.rankings.ranked_rows`, both over the whole set.
    peers
        The rows of `ranked` that are told of: all, or those of one kind.
    """
    trailing = peers.loc[peers["band"] == TRAILING, "township_code"].tail(NAMED)
    return "；".join(explanation_finding(gap_of(judged, str(code)), ranked) for code in trailing)


def explanation_line(ranked: pd.DataFrame, township: str) -> str:
    """Say how sure the place is."""
    own = _row(ranked, township)
    if pd.isna(own["rank"]):
        return ""
    covered = percent(own["coverage"], digits=0)
    return f"名次范围{places(own['rank_low'], own['rank_high'])}（{own['band']}），指标覆盖{covered}。"


def climbing_line(gap: Gap, rows: pd.DataFrame) -> str:
    """Say which smallest changes would lift the rank, those nearest to what there is now first; "" when none does."""
    if gap.is_lead or not gap.rival:
        return ""
    able = rows[rows["change"].notna()]
    if able.empty:
        return _together(gap)
    size = able["change"].abs() / able["denominator"].where(able["kind"] == "proportion").fillna(100.0)
    nearest = able.loc[size.sort_values(kind="stable").index[:EASIEST]]
    return f"最近的升位办法：{'；'.join(nearest['move'])}（其他指标、其他乡镇不变）。"


@remembered
def missing_words(judged: pd.DataFrame) -> dict[str, str]:
    """Say for each township which weighted indicators it was not judged on, and why; townships without any are absent.

    Parameters
    ----------
    judged
        Rows of `queries.rankings.kpi_table`.
    """
    said: dict[str, str] = {}
    for (township, state), names in _missing(judged):
        part = f"{MISSING_WORDS[state]}：{'、'.join(names)}"
        said[township] = f"{said[township]}；{part}" if township in said else part
    return said


@remembered
def missing_counts(judged: pd.DataFrame) -> dict[str, str]:
    """Say the same in few words: 基数小3项；未报送1项，计0分."""
    said: dict[str, str] = {}
    for (township, state), names in _missing(judged):
        part = MISSING_COUNTS[state].format(n=len(names))
        said[township] = f"{said[township]}；{part}" if township in said else part
    return said


def _missing(judged: pd.DataFrame) -> Iterator[tuple[tuple[str, str], list[str]]]:
    gone = judged[(judged["weight"] > 0) & (judged["state"] != JUDGED)]
    for (township, state), names in gone.groupby(["township_code", "state"], sort=False)["name"]:
        yield (str(township), str(state)), list(names)


@remembered
def heat_rows(judged: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of 指标一览表 for the townships of `rows`, in its order within each indicator.

    Parameters
    ----------
    judged
        Rows of `queries.rankings.kpi_table`.
    rows
        `analysis.rankings.ranked_rows`: township_code, township.

    Returns
    -------
    pd.DataFrame
        The rows of `judged` with township (label) and state_words.
    """
    place_of = {code: i for i, code in enumerate(rows["township_code"])}
    own = judged[judged["township_code"].isin(place_of)]
    order = own.assign(at=own["township_code"].map(place_of)).sort_values(["kpi_code", "at"]).index
    labels = rows.set_index("township_code")["township"]
    cells = own.loc[order].reset_index(drop=True)
    return cells.assign(township=cells["township_code"].map(labels), state_words=cells["state"].map(STATE_WORDS))


def _together(gap: Gap) -> str:
    """Say which few indicators, raised to their goals together, would close the gap."""
    lost = gap.rows.sort_values("lost", ascending=False, kind="stable")
    won = lost["lost"].cumsum()
    if not (won > gap.points).any():
        return "各项指标都达到目标值也升不了位。"
    few = lost[: int((won > gap.points).to_numpy().argmax()) + 1]
    alone = "单独一项升不了位；" if len(few) > 1 else ""
    return f"{alone}{'、'.join(few['name'])}达到目标值，合计可加{few['lost'].sum():.1f}分，即可升位（其他不变）。"


def _causes(gap: Gap) -> str:
    """Name the indicators that make up most of the gap, with their points."""
    wide = gap.rows[gap.rows["gap"] > 0].head(NAMED)
    if wide.empty:
        return ""
    named = "、".join(f"{row['name']}（{row['gap']:.1f}分）" for row in wide.to_dict("records"))
    return f"，{'主要领先' if gap.is_lead else '主要差'}在{named}"


def _share(part: float, *, is_lead: bool) -> str:
    """Say how much of all that widens the gap one indicator is; nothing below half a percent."""
    return f"占{'领先' if is_lead else '落后'}的{percent(part, digits=0)}" if part >= 0.005 else ""


def _terms(row: Mapping[Any, Any]) -> str:
    weight, goal, floor = (number(row[name], digits=2) for name in ("weight", "goal", "floor"))
    return f"权重{weight}，目标{goal}，底线{floor}"


def _signed(points: float) -> str:
    if pd.isna(points):
        return MISSING
    said = f"{points:+.1f}"
    return "0.0" if said in ("+0.0", "-0.0") else said.replace("-", MINUS)


def _row(ranked: pd.DataFrame, township: str) -> pd.Series:
    return ranked[ranked["township_code"] == township].iloc[0]
