"""August 2020 of the demo county as somebody with a spreadsheet would work it out, from raw rows to places.

Nothing of the product is used but the databases it has filled: every rule is written out again, from COUNTY.md,
DOMAIN.md and METHODS.md section 2.
"""

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

YEAR, END = pd.Timestamp(2019, 9, 1), pd.Timestamp(2020, 8, 31)
AUGUST = pd.Timestamp(2020, 8, 1)
SUBSTANTIVE = ["问题解决到位", "调解协议", "帮扶救助", "政策解释息诉"]
FOUR_PLATFORMS = ["综治工作", "市场监管", "综合执法", "便民服务"]
DATES = {
    "cases": ["opened_on", "first_opened_on", "accept_due_on", "accepted_on", "due_on", "closed_on"],
    "task_progress": ["month", "reported_on"],
    "kpi_values": ["month", "published_on"],
    "kpi_scores": ["month"],
    "campaigns": ["starts_on", "ends_on"],
}
NAMES = ("regions", "cases", "task_progress", "kpis", "kpi_values", "kpi_weights", "campaigns", "kpi_scores")


@pytest.fixture(scope="module")
def raw(demo_engine):
    with demo_engine.connect() as connection:
        frames = {name: pd.read_sql_query(sa.text(f"select * from {name}"), connection) for name in NAMES}
    for name, columns in DATES.items():
        for column in columns:
            frames[name][column] = pd.to_datetime(frames[name][column])
    cases = frames["cases"]
    frames["cases"] = cases[cases["opened_on"] <= END].assign(
        led=cases["lead_department_code"].isna(),
        repeats=cases["is_repeat"].eq(True) | cases["repeat_of"].notna(),
    )
    return frames


@pytest.fixture(scope="module")
def workbook(raw):
    """One row per indicator and township: x, n, value, score, weight."""
    towns = raw["regions"].query("level == 'township'").set_index("code")
    figures = [cell for code, about in towns.iterrows() for cell in _figures(raw, code, about)]
    sheet = pd.DataFrame(figures, columns=["kpi", "township", "x", "n"])
    sheet["scale"] = sheet["kpi"].map(lambda kpi: 10_000 if kpi == "K12" else 100)
    sheet["value"] = sheet["scale"] * sheet["x"] / sheet["n"].where(sheet["n"] > 0)
    sheet = pd.concat([sheet, _reported(raw, towns.index)], ignore_index=True)
    return _scored(sheet, raw)


def _figures(raw, code, about):
    cases = raw["cases"][raw["cases"]["township_code"] == code]
    streams = dict(iter(cases.groupby("stream")))
    yield from ((kpi, code, *pair) for kpi, pair in _backlog(streams["petition_backlog"], raw, code).items())
    yield from ((kpi, code, *pair) for kpi, pair in _petitions(streams["petition"], raw["cases"]).items())
    disputes = streams["dispute"][streams["dispute"]["led"] & _within(streams["dispute"]["closed_on"])]
    stated = disputes[disputes["closing_method"].notna()]
    yield "K10", code, stated["closing_method"].isin(SUBSTANTIVE).sum(), len(stated)
    suits = streams["litigation"].query("episode == 1")
    civil = suits["category"].isna() | (suits["category"] == "民事一审")
    yield "K12", code, (civil & _within(suits["opened_on"])).sum(), about["population"]
    events = streams["event"][streams["event"]["platform"].isin(FOUR_PLATFORMS)]
    yield "K13", code, *_in_time(events, "due_on", "closed_on")
    yield "K14", code, *_in_time(streams["appeal"], "due_on", "closed_on")
    risks = streams["risk"][streams["risk"]["led"] & streams["risk"]["due_on"].notna()]
    counted = risks[["due_on", "closed_on"]].min(axis=1)
    cleared = risks["closed_on"].dt.to_period("M") == counted.dt.to_period("M")
    yield "K15", code, (_within(counted) & cleared).sum(), _within(counted).sum()
    yield from ((kpi, code, *pair) for kpi, pair in _tasks(raw["task_progress"], code).items())


def _backlog(cases, raw, code):
    """K01 to K04 at the end of August: the running campaign's cases, each by its newest episode."""
    campaigns = raw["campaigns"]
    (running,) = campaigns[(campaigns["starts_on"] <= END) & (campaigns["ends_on"] >= END)]["code"]
    newest = cases.sort_values("episode").groupby("case_no").tail(1)
    newest = newest.assign(resolved=newest["closed_on"] <= END)
    own = newest[newest["led"] & (newest["campaign_code"] == running)]
    resolved = own[own["resolved"]]
    again = own["episode"] > 1
    regions = raw["regions"]
    villages = regions[(regions["parent_code"] == code) & (regions["level"] == "village")]["code"]
    burdened = newest[~newest["resolved"] & newest["village_code"].isin(villages)]["village_code"].nunique()
    return {
        "K01": (len(resolved), len(own)),
        "K02": (resolved["closing_method"].isin(SUBSTANTIVE).sum(), len(resolved)),
        "K03": (again.sum(), (own["resolved"] | again).sum()),
        "K04": (len(villages) - burdened, len(villages)),
    }


def _petitions(petitions, everywhere):
    led = petitions[petitions["led"]]
    first = led[led["episode"] == 1]
    settled = first[~first["repeats"] & first["closed_on"].notna()]
    settled = settled[_within(settled["closed_on"] + pd.Timedelta(days=90))]
    repeated = everywhere[(everywhere["episode"] == 1) & everywhere["repeat_of"].notna()]
    again = settled["case_no"].map(repeated.groupby("repeat_of")["opened_on"].min())
    rated = led[_within(led["closed_on"])]["satisfaction"].dropna()
    opened = first[_within(first["opened_on"])]
    return {
        "K05": _in_time(first, "accept_due_on", "accepted_on"),
        "K06": _in_time(led, "due_on", "closed_on"),
        "K07": (len(settled) - (again <= settled["closed_on"] + pd.Timedelta(days=90)).sum(), len(settled)),
        "K08": (rated.isin([1, 2]).sum(), len(rated)),
        "K09": (opened["repeats"].sum(), len(opened)),
    }


def _tasks(progress, code):
    own = progress[(progress["region_code"] == code) & (progress["planned_pct"] > 0)]
    august = own[own["month"] == AUGUST]
    known = august["actual_pct"].where(august["reported_on"].isna() | (august["reported_on"] <= END))
    year = own[(own["month"] >= YEAR) & (own["month"] <= AUGUST)]
    in_time = year["actual_pct"].notna() & (year["reported_on"] <= year["month"] + pd.Timedelta(days=24))
    return {"K16": ((known >= august["planned_pct"]).sum(), len(august)), "K17": (in_time.sum(), len(year))}


def _in_time(cases, due, done):
    """Count each led case in the period of the earlier of its due day and its end."""
    cases = cases[cases["led"] & cases[due].notna()]
    counted = cases[[due, done]].min(axis=1)
    return (_within(counted) & (cases[done] <= cases[due])).sum(), _within(counted).sum()


def _within(days):
    return (days >= YEAR) & (days <= END)


def _reported(raw, towns):
    """K11, K18, K19: what townships reported; nothing for August means nothing at all."""
    values = raw["kpi_values"]
    values = values[values["region_code"].isin(towns) & values["kpi_code"].isin(["K11", "K18", "K19"])]
    year = values[(values["month"] >= YEAR) & (values["month"] <= AUGUST)]
    august = year[year["month"] == AUGUST].set_index(["kpi_code", "region_code"])
    pooled = year.groupby(["kpi_code", "region_code"])[["numerator", "denominator"]].sum()
    rows = []
    for kpi in ("K11", "K18", "K19"):
        for code in towns:
            is_reported = (kpi, code) in august.index
            x, n = pooled.loc[(kpi, code)] if kpi == "K11" else (np.nan, np.nan)
            value = 100 * x / n if kpi == "K11" else august["value"].get((kpi, code), np.nan)
            rows.append((kpi, code, x, n, value if is_reported else np.nan, not is_reported))
    return pd.DataFrame(rows, columns=["kpi", "township", "x", "n", "value", "is_unreported"])


def _scored(sheet, raw):
    weights = raw["kpi_weights"].query("scheme == 'S2020' and weight > 0").set_index("kpi_code")
    higher = raw["kpis"].set_index("code")["direction"] == "higher"
    assert len(weights) == 19
    assert weights["weight"].sum() == 100
    sheet = sheet.join(weights[["weight", "goal", "floor"]], on="kpi")
    line = 60 + 40 * (sheet["value"] - sheet["floor"]) / (sheet["goal"] - sheet["floor"])
    assert (sheet["goal"] > sheet["floor"]).eq(sheet["kpi"].map(higher)).all()
    sheet["score"] = line.clip(0, 100).mask(sheet["n"] < 5).mask(sheet["is_unreported"].eq(True), 0.0)
    return sheet


def test_every_indicator_is_that_of_the_workbook(raw, workbook):
    stored = raw["kpi_values"].query("month >= @YEAR and month <= @AUGUST")
    flows = set(raw["kpis"].query("period == 'flow'")["code"])
    used = stored[(stored["month"] == AUGUST) | stored["kpi_code"].isin(flows)]
    pooled = used.groupby(["kpi_code", "region_code"])[["numerator", "denominator"]].sum(min_count=1)
    sheet = workbook.dropna(subset=["x"])
    sheet = sheet[sheet["n"] > 0]
    found = pooled.reindex(pd.MultiIndex.from_frame(sheet[["kpi", "township"]]))
    np.testing.assert_allclose(found["numerator"], sheet["x"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(found["denominator"], sheet["n"], rtol=1e-12)
    assert sheet["kpi"].nunique() == 17
    assert len(sheet) > 225


def test_the_ranking_is_that_of_the_workbook(raw, workbook):
    judged = workbook.dropna(subset=["score"])
    assert {"K01", "K16", "K18"} <= set(judged["kpi"])
    kept = judged.groupby("township")["weight"].sum()
    composite = (judged["weight"] * judged["score"]).groupby(judged["township"]).sum() / kept
    coverage = kept / 100
    composite = composite.where(coverage >= 0.8 - 1e-9)
    place = composite.map(lambda score: 1 + (composite > score).sum()).where(composite.notna())
    found = raw["kpi_scores"].query("scheme == 'S2020' and month == @AUGUST").set_index("region_code")
    found = found.loc[composite.index]
    np.testing.assert_allclose(found["score"].astype(float), composite, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found["coverage"].astype(float), coverage, rtol=0, atol=1e-9)
    np.testing.assert_array_equal(found["rank"].astype(float), place)
    assert sorted(place.dropna()) == list(range(1, 15))


def test_the_workbook_holds_what_is_hard(workbook):
    """The demo county has a small base, an unreported figure, a township under its floor: the test meets them."""
    assert ((workbook["n"] < 5) & workbook["score"].isna()).any()
    assert workbook["is_unreported"].eq(True).any()
    assert (workbook["score"] < 60).any()
    assert (workbook["score"] == 100).any()
