import altair as alt
import pandas as pd
import pytest

from components.charts import ageing_chart, bump_chart, campaign_chart, specs
from components.charts.specs import chart_spec

CHANGES = pd.DataFrame({"month_label": ["2月"]})


def ranks(*places: int, township: str = "天马") -> pd.DataFrame:
    months = pd.date_range("2020-01-01", periods=len(places), freq="MS")
    row = {"township": township, "month": months, "month_label": [f"{m.month}月" for m in months]}
    return pd.DataFrame({**row, "rank": [float(p) for p in places], "place": "第1", "score": 80.0, "is_chosen": True})


def pace(*shares: float) -> pd.DataFrame:
    days = pd.date_range("2020-06-12", periods=len(shares), freq="D")
    return pd.DataFrame({"day": days, "opened": 114, "closed": 92, "rate": shares, "pace": 0.5})


def still(spec: dict[str, object]) -> dict[str, object]:
    return {name: part for name, part in spec.items() if name != "datasets"}


def test_the_specification_keeps_still_while_its_data_change() -> None:
    first = chart_spec(campaign_chart(pace(0.25, 0.5), finding="化解率上升"))
    second = chart_spec(campaign_chart(pace(0.25, 0.75), finding="化解率又上升"))
    assert still(first) == still(second)
    assert first["datasets"]["data-0"]["rate"].tolist() == [0.25, 0.5]
    assert second["datasets"]["data-0"]["rate"].tolist() == [0.25, 0.75]
    assert "description" not in first


def test_other_townships_picked_out_of_the_ranks_are_other_data_alone() -> None:
    both = pd.concat([ranks(2, 1), ranks(1, 2, township="白石")])
    first, second = (
        chart_spec(bump_chart(both.assign(is_chosen=both["township"] == chosen), CHANGES, finding=chosen))
        for chosen in ("天马", "白石")
    )
    assert still(first) == still(second)
    assert not first["datasets"]["data-1"].equals(second["datasets"]["data-1"])


def test_fewer_townships_with_other_ages_are_other_data_alone() -> None:
    bars = pd.DataFrame(
        {"township": ["天马", "白石"], "band": "0-30天", "open": 2, "start": 0.0, "end": 2.0, "middle": 1.0}
    )
    all_of_them, one = (chart_spec(ageing_chart(rows, bands=["0-30天"], finding="")) for rows in (bars, bars.tail(1)))
    assert still(all_of_them) == still(one)
    assert one["datasets"]["data-0"]["township"].tolist() == ["白石"]


def test_it_says_what_the_chart_itself_says_by_the_schema_and_the_theme() -> None:
    chart = bump_chart(ranks(2, 1), CHANGES, finding="名次上升")
    spec, own = chart_spec(chart), chart.to_dict()
    assert still(spec) | {"layer": []} == {k: v for k, v in own.items() if k not in ("datasets", "description")} | {
        "layer": []
    }
    assert [frame.columns.tolist()[0] for frame in spec["datasets"].values()] == ["month_label", "township"]
    assert [layer["data"]["name"] for layer in spec["layer"]] == ["data-0", "data-0", "data-1"]
    assert isinstance(chart.layer[-1].data, pd.DataFrame), "slides and pictures draw the same chart, with its data"


def test_a_frame_drawn_twice_is_sent_once() -> None:
    base = alt.Chart(pace(0.5)).encode(alt.X("day:T"), alt.Y("rate:Q"))
    spec = chart_spec(base.mark_bar() | base.mark_point())
    assert list(spec["datasets"]) == ["data-0"]


def test_the_same_inputs_are_drawn_and_written_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[object] = []
    plain = specs._written
    monkeypatch.setattr(specs, "_written", lambda chart: written.append(chart) or plain(chart))
    for shares in ((0.1, 0.2), (0.1, 0.2), (0.1, 0.3), (0.1, 0.2)):
        chart_spec(campaign_chart(pace(*shares), finding="化解率"))
    assert len(written) == 2
