import numpy as np
import pandas as pd
import pytest

from analysis.funnel import funnel
from analysis.funnel_words import funnel_basis, funnel_finding, funnel_kpis, funnel_lines, funnel_rows

CODES = [f"t{i}" for i in range(8)]
LABELS = {code: f"镇{i}" for i, code in enumerate(CODES)}
X, N = [50, 52, 48, 51, 49, 50, 95, 5], [100.0] * 8


def _judged(x: list[float] = X, n: list[float] = N, **more: object) -> pd.DataFrame:
    about = {"kpi_code": "K06", "name": "按期办结率", "kind": "proportion", "direction": "higher", "period": "flow"}
    about |= {"month": pd.Timestamp("2020-08-01"), **more}
    return pd.DataFrame({"township_code": CODES[: len(x)], "numerator": x, "denominator": n}).assign(**about)


def test_only_proportions_with_figures_are_offered() -> None:
    others = [_judged(kpi_code="K12", kind="rate"), _judged([np.nan] * 2, [5.0, np.nan], kpi_code="K13")]
    assert funnel_kpis(pd.concat([_judged(), *others, _judged([0.0], [0.0], kpi_code="K14")])) == {"K06": "按期办结率"}


def test_the_rows_are_those_of_the_method_with_n_of_n_beside() -> None:
    decoy = _judged([1.0] * 8, [2.0] * 8, kpi_code="K07")
    rows = funnel_rows(pd.concat([decoy, _judged()]), "K06", LABELS)
    expected = funnel(pd.Series(X), pd.Series(N))
    assert rows["z"].tolist() == pytest.approx(expected["z"].tolist())
    assert rows.attrs["centre"] == 0.5
    assert rows["township"].tolist() == list(LABELS.values())
    assert rows.loc[0, ["basis", "value_word"]].tolist() == ["50/100", "50.0%"]
    assert rows.loc[0, "range_998"] == f"{rows.loc[0, 'lower_998']:.1%}–{rows.loc[0, 'upper_998']:.1%}"


@pytest.mark.parametrize(
    ("direction", "high", "low"),
    [
        ("higher", "好于全县平均", "差于全县平均"),
        ("lower", "差于全县平均", "好于全县平均"),
        ("neutral", "高于全县平均", "低于全县平均"),
    ],
)
def test_the_side_of_an_outlier_follows_the_direction(direction: str, high: str, low: str) -> None:
    rows = funnel_rows(_judged(direction=direction), "K06", LABELS)
    verdict = rows["verdict"].iloc[-2]
    assert verdict != "线内"
    assert rows["judgement"].tolist() == ["线内"] * 6 + [f"{verdict}，{high}", f"{verdict}，{low}"]


def test_a_numerator_above_its_denominator_is_named_and_enters_nothing() -> None:
    rows = funnel_rows(_judged([5.0, 6, 30], [10.0, 12, 20]), "K06", LABELS)
    assert rows["judgement"].tolist() == ["线内", "线内", "数据待核"]
    assert rows.attrs["centre"] == 0.5
    assert np.isnan(rows["proportion"].iloc[2])


def test_the_finding_praises_first_names_with_x_of_n_and_counts_the_rest() -> None:
    rows = funnel_rows(_judged(), "K06", LABELS)
    rows["judgement"] = ["线内"] * 4 + ["值得关注，差于全县平均", "线外，差于全县平均", "线外，好于全县平均", "线内"]
    rows["verdict"] = rows["judgement"].str.split("，").str[0]
    assert funnel_finding(rows, rows) == (
        "镇6（95/100）好于全县平均，超出偶然范围，值得专门了解；镇5（50/100）差于全县平均，超出偶然范围，值得专门了解；"
        "镇4（49/100）差于全县平均，值得关注；其余5个乡镇（街道）与全县平均50.0%的差距可能只是偶然。"
    )
    assert funnel_finding(rows, rows.head(2)) == "2个乡镇（街道）与全县平均50.0%的差距可能只是偶然。"
    assert funnel_finding(rows, rows.iloc[[6]]) == "镇6（95/100）好于全县平均，超出偶然范围，值得专门了解。"
    assert funnel_finding(rows, rows.head(0)) == "没有可以比较的乡镇（街道）。"


def test_the_lines_reach_over_all_denominators_and_pass_through_the_rows() -> None:
    rows = funnel_rows(_judged([2.0, 30, 45], [4.0, 60, 90]), "K06", LABELS)
    lines = funnel_lines(rows)
    assert lines["n"].min() < 4
    assert lines["n"].max() > 90
    near = np.interp(60, lines["n"], lines["upper_95"])
    assert near == pytest.approx(rows.loc[1, "upper_95"], abs=1e-3)
    assert (lines["centre"] == 0.5).all()
    assert funnel_lines(rows.head(0)).empty


def test_the_months_are_said() -> None:
    assert funnel_basis(_judged(), "K06") == "截至2020年8月的12个月合并"
    assert funnel_basis(_judged(period="to_date"), "K06") == "截至2020年8月底累计"
    assert funnel_basis(_judged(period="state"), "K06") == "2020年8月底"
