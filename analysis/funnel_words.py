"""差异判断图 in words: what is drawn of one indicator, and what may be said of each township.

Source: METHODS section 4 (caption); COUNTY "Conventions" (a place is named only with x/n).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.funnel import OUTSIDE, WATCH, WITHIN, funnel, funnel_limits
from analysis.rules import POOLED_MONTHS
from analysis.wording import fraction, percent
from analysis.wording import month as month_word

DOUBTFUL = "数据待核"
_STEPS = 90
_LIMITS = ("lower_95", "upper_95", "lower_998", "upper_998")
HOW_TO_READ = (
    "一个点是一个乡镇（街道），越靠右件数（分母）越多，越往上比例越高；横线是全县平均。",
    "件数少，比例自然忽高忽低，所以虚线在左边张得开、越往右越收拢：虚线之间的差距可能只是案件少造成的偶然。",
    "里面一对细虚线外的标为值得关注，可以再看一段时间；外面一对粗虚线外的标为线外，偶然造成的可能极小，值得专门了解。",
)


def funnel_kpis(judged: pd.DataFrame) -> dict[str, str]:
    """Return code and name of the proportions that have figures, of `queries.rankings.kpi_table`."""
    is_shown = (judged["kind"] == "proportion") & (judged["denominator"] > 0) & judged["numerator"].notna()
    shown = judged[is_shown].drop_duplicates("kpi_code")
    return dict(zip(shown["kpi_code"], shown["name"], strict=True))


def funnel_rows(judged: pd.DataFrame, kpi: str, labels: Mapping[str, str]) -> pd.DataFrame:
    """Compare the townships on one proportion.

    Parameters
    ----------
    judged
        `queries.rankings.kpi_table` over the whole set: flows pooled over 12 months, others of the month alone.
    kpi
        One of `funnel_kpis`.
    labels
        The label of each township by code.

    Returns
    -------
    pd.DataFrame
        One row per township with a denominator, in the order given: township_code, township, numerator, denominator,
        the columns of `analysis.funnel.funnel`, basis (n/N), value_word, range_95, range_998, judgement (线内; 值得关注
        or 线外 with the side; 数据待核 where the numerator is more than the denominator), all but the figures str.
        `.attrs` centre and tau2 as there.
    """
    own = judged[(judged["kpi_code"] == kpi) & (judged["denominator"] > 0) & judged["numerator"].notna()]
    own = own.set_index("township_code")
    is_sound = own["numerator"].between(0, own["denominator"])
    found = funnel(own.loc[is_sound, "numerator"], own.loc[is_sound, "denominator"])
    rows = own[["numerator", "denominator", "direction"]].join(found.drop(columns="verdict"))
    rows["verdict"] = found["verdict"].reindex(rows.index).fillna(DOUBTFUL)
    rows["township"] = rows.index.map(labels)
    rows["basis"] = [fraction(x, n) for x, n in zip(rows["numerator"], rows["denominator"], strict=True)]
    rows["value_word"] = rows["proportion"].map(percent)
    for name in ("95", "998"):
        ends = zip(rows[f"lower_{name}"], rows[f"upper_{name}"], strict=True)
        rows[f"range_{name}"] = [f"{percent(low)}–{percent(high)}" for low, high in ends]
    sides = zip(rows["verdict"], rows["z"], rows["direction"], strict=True)
    rows["judgement"] = [_judgement(verdict, z, direction) for verdict, z, direction in sides]
    rows = rows.drop(columns="direction").reset_index()
    rows.attrs = {"centre": found.attrs["centre"], "tau2": found.attrs["tau2"]}
    return rows


def funnel_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the lines to draw behind `funnel_rows`, from the smallest denominator to the largest and a little beyond.

    Returns
    -------
    pd.DataFrame
        One row per step: n, lower_95, upper_95, lower_998, upper_998, centre (float64). No rows for no townships.
    """
    if rows.empty:
        return pd.DataFrame({name: pd.Series(dtype="float64") for name in ("n", *_LIMITS, "centre")})
    low, high = float(rows["denominator"].min()), float(rows["denominator"].max())
    n = np.linspace(max(0.8 * low, 1.0), 1.06 * high + 0.5, _STEPS)
    lines = funnel_limits(n, centre=rows.attrs["centre"], tau2=rows.attrs["tau2"])
    return lines.assign(centre=rows.attrs["centre"])


def funnel_finding(rows: pd.DataFrame, chosen: pd.DataFrame) -> str:
    """Say which of the chosen townships differ by more than chance makes, what is better first, each with x/n."""
    parts = []
    for verdict, says in ((OUTSIDE, "超出偶然范围，值得专门了解"), (WATCH, "值得关注")):
        for side in _SIDES:
            own = chosen[chosen["judgement"] == f"{verdict}，{side}"]
            if len(own):
                named = "、".join(
                    f"{name}（{basis}）" for name, basis in zip(own["township"], own["basis"], strict=True)
                )
                parts.append(f"{named}{side}，{says}")
    within = int((chosen["verdict"] == WITHIN).sum())
    rest = f"{'其余' if parts else ''}{within}个乡镇（街道）与全县平均{percent(rows.attrs['centre'])}的差距可能只是偶然"
    return f"{'；'.join([*parts, rest] if within else parts)}。" if within or parts else "没有可以比较的乡镇（街道）。"


def funnel_basis(judged: pd.DataFrame, kpi: str) -> str:
    """Say which months the figures are of."""
    own = judged[judged["kpi_code"] == kpi].iloc[0]
    last = month_word(own["month"])
    if own["period"] == "flow":
        return f"截至{last}的{POOLED_MONTHS}个月合并"
    return f"截至{last}底累计" if own["period"] == "to_date" else f"{last}底"


_SIDES = ("好于全县平均", "高于全县平均", "低于全县平均", "差于全县平均")


def _judgement(verdict: str, z: float, direction: str) -> str:
    """Add the side to a verdict that singles out."""
    if verdict not in (OUTSIDE, WATCH):
        return verdict
    if direction not in ("higher", "lower"):
        return f"{verdict}，{_SIDES[1] if z > 0 else _SIDES[2]}"
    return f"{verdict}，{_SIDES[0] if (z > 0) == (direction == 'higher') else _SIDES[3]}"
