"""The tile map's figures: what each township's tile says, and which colour, shape and word go with it.

Source: DESIGN "Pages" (tile map of the townships, coloured by a chosen figure), "Looks" (no meaning by colour alone).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, isnan

import pandas as pd

from analysis.backlog import expected_rate, rate
from analysis.explanation import value_words
from analysis.levels import LEVELS, score_level
from analysis.lights import RED
from analysis.ranks import AHEAD, TRAILING
from analysis.remembered import remembered
from analysis.rules import MIN_DENOMINATOR
from analysis.wording import MISSING, fraction, percent, place

SCORE, RATE, OPEN, OVERDUE, REDS = "score", "rate", "open", "overdue", "reds"
FIGURES = {SCORE: "综合得分", RATE: "积案化解率", OPEN: "未化解积案", OVERDUE: "超期积案", REDS: "任务红灯"}
"""The headline figures that a tile map can show, by code; the weighted indicators come after them."""

_STEPS = 3
_STEP_SHAPES = ("○", "◑", "●")


@dataclass(frozen=True)
class Tile:
    """What one township's tile says: its figure, a line below it, and the shape, word and colour of its level."""

    township_code: str
    value: str
    note: str
    shape: str
    word: str
    colour: str


def pace_today(campaigns: pd.DataFrame, as_of: date) -> float:
    """Return where the running campaign of a county should stand today (0 to 1); NaN without one, or without its goal.

    Parameters
    ----------
    campaigns
        `queries.backlog.campaign_at`.
    """
    running = campaigns[campaigns["is_running"] & campaigns["goal_rate"].notna() & campaigns["ends_on"].notna()]
    if running.empty:
        return float("nan")
    own = running.iloc[0]
    ends = {"starts_on": own["starts_on"].date(), "ends_on": own["ends_on"].date()}
    baseline = rate(own["baseline_closed"], own["baseline_opened"])
    return expected_rate(as_of, **ends, baseline_rate=baseline, goal_rate=float(own["goal_rate"]))


@dataclass(frozen=True)
class TileFigures:
    """The frames that tiles are made from, all over the whole set.

    `ranked`: `analysis.rankings.ranked_rows`; `judged`: `queries.rankings.kpi_table`; `now`:
    `queries.backlog.backlog_at`; `matrix`: `queries.tasks.task_matrix`; `expected_rate`: the county's pace line today
    (0 to 1, NaN without one).
    """

    ranked: pd.DataFrame
    judged: pd.DataFrame
    now: pd.DataFrame
    matrix: pd.DataFrame
    expected_rate: float


def tile_choices(judged: pd.DataFrame) -> dict[str, str]:
    """Return what a tile map can show, by code: the headline figures, then the weighted indicators by their names."""
    weighted = judged[judged["weight"] > 0].drop_duplicates("kpi_code").sort_values("kpi_code")
    return FIGURES | dict(zip(weighted["kpi_code"], weighted["name"], strict=True))


@remembered
def tiles(figure: str, known: TileFigures) -> list[Tile]:
    """Return a tile per township for one figure (a code of `tile_choices`), in the order of the frame it is from.

    Raises
    ------
    ValueError
        There is no such figure.
    """
    if figure == SCORE:
        return _scores(known.ranked)
    if figure == RATE:
        return _rates(known.now, known.expected_rate)
    if figure in (OPEN, OVERDUE):
        return _counts(known.now["township_code"], known.now[figure], unit="件")
    if figure == REDS:
        own = known.matrix[known.matrix["scope"] == "township"]
        reds = own["light"].isin(RED).groupby(own["region_code"], sort=False).sum()
        return _counts(pd.Series(reds.index), pd.Series(reds.to_numpy()), unit="个")
    rows = known.judged[known.judged["kpi_code"] == figure]
    if rows.empty:
        raise ValueError(f"no figure {figure!r} to colour the tiles by")
    return _indicator(rows)


def legend(shown: Sequence[Tile]) -> list[tuple[str, str, str, int]]:
    """Return the levels that occur, each with its shape, word, colour and how many tiles have it, in fixed order."""
    colours, shapes = ("green", "step1", "step2", "step3", "yellow", "red", "grey", "none"), "✓●○◑▲■—"
    seen = dict.fromkeys((tile.shape, tile.word, tile.colour) for tile in shown)
    counts = [(*key, sum((t.shape, t.word, t.colour) == key for t in shown)) for key in seen]
    return sorted(counts, key=lambda entry: (colours.index(entry[2]), shapes.index(entry[0])))


def _scores(ranked: pd.DataFrame) -> list[Tile]:
    looks = {AHEAD: ("✓", "green"), TRAILING: ("▲", "yellow")}
    found = []
    for row in ranked.to_dict("records"):
        is_ranked = not pd.isna(row["rank"])
        shape, colour = looks.get(row["band"], ("●", "grey") if is_ranked else ("—", "none"))
        value = f"{row['score']:.1f}" if is_ranked else MISSING
        note = place(row["rank"], is_tied=bool(row["is_tied"])) if is_ranked else "暂不排名"
        found.append(Tile(row["township_code"], value, note, shape, row["band"] if is_ranked else "暂不排名", colour))
    return found


def _rates(now: pd.DataFrame, expected: float) -> list[Tile]:
    whole = float(now["opened"].sum())
    line, word = (float(now["closed"].sum()) / whole if whole else float("nan"), "全县") if isnan(expected) else (
        expected, "序时")  # fmt: skip
    found = []
    for row in now.to_dict("records"):
        value = percent(row["rate"]) if row["opened"] else MISSING
        shape, said, colour = _rate_look(row["closed"], row["opened"], line, word)
        note = fraction(row["closed"], row["opened"]) if row["opened"] else ""
        found.append(Tile(row["township_code"], value, note, shape, said, colour))
    return found


def _rate_look(closed: int, opened: int, line: float, word: str) -> tuple[str, str, str]:
    if not opened:
        return "—", "没有交办", "none"
    if closed == opened:
        return "✓", "已全部化解", "green"
    if opened < MIN_DENOMINATOR:
        return "○", f"基数小（不足{MIN_DENOMINATOR}件）", "grey"
    return ("●", f"不低于{word}", "green") if closed / opened >= line else ("▲", f"低于{word}", "yellow")


def _counts(codes: pd.Series, counts: pd.Series, *, unit: str) -> list[Tile]:
    """Shade counts in steps of equal width up to the largest; none at all is a level of its own."""
    width = max(ceil(int(counts.max()) / _STEPS), 1) if len(counts) else 1
    found = []
    for code, value in zip(codes, counts, strict=True):
        n = int(value)
        if not n:
            found.append(Tile(str(code), "0", unit, "✓", "没有", "green"))
            continue
        step = (n - 1) // width
        low, high = step * width + 1, (step + 1) * width
        word = f"{low}{unit}" if low == high else f"{low}–{high}{unit}"
        found.append(Tile(str(code), str(n), unit, _STEP_SHAPES[step], word, f"step{step + 1}"))
    return found


def _indicator(rows: pd.DataFrame) -> list[Tile]:
    found = []
    for row in rows.to_dict("records"):
        look = LEVELS[score_level(row["score"], row["state"])]
        note = "" if pd.isna(row["rank"]) else f"第{row['rank']:.0f}名"
        found.append(Tile(row["township_code"], value_words(row), note, look.shape, look.word, look.colour))
    return found
