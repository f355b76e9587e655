"""The demo's tree: the real townships and villages, invented residents, tiles that keep neighbours together."""

import csv
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from database.demo import demo_frames
from database.demo.regions import regions as invented

REFERENCE = Path(__file__).resolve().parents[2] / "database" / "reference"


def _reference(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def regions(demo_engine: Engine) -> pd.DataFrame:
    with demo_engine.connect() as connection:
        return pd.read_sql(sa.text("select * from regions order by sort_order"), connection)


def test_the_townships_are_the_real_ones_in_the_fixed_order(regions: pd.DataFrame) -> None:
    towns = regions[regions["level"] == "township"]
    real = _reference("townships.csv")
    assert list(zip(towns["code"], towns["name"], towns["kind"], strict=True)) == [
        (row["township_code"], row["township_name"], row["kind"]) for row in real
    ]
    assert len(real) == 14
    assert towns["kind"].tolist() == ["街道"] * 3 + ["镇"] * 6 + ["乡"] * 5


def test_the_villages_are_the_real_ones_and_their_names_tell_them_apart(regions: pd.DataFrame) -> None:
    villages = regions[regions["level"] == "village"]
    assert len(villages) == 198
    assert set(zip(villages["code"], villages["parent_code"], strict=True)) == {
        (row["village_code"], row["township_code"]) for row in _reference("villages.csv")
    }
    assert not villages.duplicated(["parent_code", "name"]).any()
    assert set(villages.loc[villages["name"].str.startswith("辉埠"), "name"]) == {"辉埠社区", "辉埠村"}
    assert villages.loc[villages["name"] == "金川社区", "parent_code"].tolist() == ["330822001"]
    assert villages["name"].str.endswith(("村", "社区")).all()


def test_residents_add_up_from_village_to_county(regions: pd.DataFrame) -> None:
    people = regions.groupby("level")["population"].sum()
    assert people["village"] == people["township"] == people["county"]
    assert 320_000 < people["county"] < 360_000
    by_town = regions[regions["level"] == "village"].groupby("parent_code")["population"].sum()
    towns = regions[regions["level"] == "township"].set_index("code")["population"]
    assert by_town.to_dict() == towns.to_dict()


def test_every_township_has_leaders_by_post_and_some_villages_are_named(regions: pd.DataFrame) -> None:
    towns = regions[regions["level"] == "township"]
    assert towns["county_leader"].notna().all()
    assert towns["contact_department"].is_unique
    villages = regions[regions["level"] == "village"]
    assert 10 < villages["named_on"].notna().sum() < 100


def test_neighbours_stand_beside_each_other_on_the_tiles(regions: pd.DataFrame) -> None:
    towns = regions[regions["level"] == "township"].set_index("name")
    place = {name: (int(row["tile_col"]), int(row["tile_row"])) for name, row in towns.iterrows()}
    assert len(set(place.values())) == 14
    assert {min(values) for values in zip(*place.values(), strict=True)} == {0}
    pairs = {
        frozenset((r["township_name"], other))
        for r in _reference("townships.csv")
        for other in r["neighbours"].split("|")
    }
    beside = sum(max(abs(a - b) for a, b in zip(place[one], place[two], strict=True)) == 1 for one, two in pairs)
    assert beside / len(pairs) > 0.9


def test_the_tiles_run_from_north_to_south_and_west_to_east(regions: pd.DataFrame) -> None:
    towns = regions[regions["level"] == "township"].set_index("code")
    real = {
        row["township_code"]: (float(row["label_lon"]), float(row["label_lat"])) for row in _reference("townships.csv")
    }
    by_row = [[real[c][1] for c in towns.index[towns["tile_row"] == r]] for r in sorted(towns["tile_row"].unique())]
    by_col = [[real[c][0] for c in towns.index[towns["tile_col"] == c_]] for c_ in sorted(towns["tile_col"].unique())]
    assert all(sum(a) / len(a) > sum(b) / len(b) for a, b in pairwise(by_row))
    assert all(sum(a) / len(a) < sum(b) / len(b) for a, b in pairwise(by_col))


@pytest.mark.parametrize(("townships", "counties", "cities", "provinces"), [(98, 6, 1, 0), (1400, 90, 9, 1)])
def test_the_trials_of_size_are_a_city_and_a_province_plainly_invented_but_for_the_real_county(
    townships: int, counties: int, cities: int, provinces: int
) -> None:
    tree = invented(townships, 7)
    levels = tree["level"].value_counts()
    assert [levels.get(name, 0) for name in ("township", "county", "city", "province")] == [
        townships, counties, cities, provinces
    ]  # fmt: skip
    parents = tree.set_index("code")["parent_code"].dropna()
    assert set(parents) <= set(tree["code"])
    assert not tree["code"].duplicated().any()
    assert not tree.loc[tree["level"] != "village", "name"].duplicated().any()
    is_real = tree["code"].str.startswith("330822")
    assert tree.loc[~is_real, "name"].str.startswith("演示").all()
    assert tree.loc[~is_real & (tree["level"] != "village"), "short_name"].str.startswith("演示").all()
    assert tree[is_real]["level"].tolist() == invented(14, 7)["level"].tolist()
    assert parents["330822"] == "99010000"
    assert tree[tree["level"] == "county"].groupby("parent_code").size().max() <= 10


def test_the_campaign_of_the_real_county_stays_as_published_beside_invented_counties() -> None:
    parts = [frame for name, frame in demo_frames(cases=4_000, townships=98, seed=7) if name == "cases"]
    cases = pd.concat(
        part.reindex(columns=["township_code", "case_no", "campaign_code"]).astype(object) for part in parts
    )
    inside = cases[cases["campaign_code"].notna()]
    is_real = inside["township_code"].str.startswith("330822")
    assert inside.loc[is_real, "case_no"].nunique() == 114
    assert 0 < (~is_real).sum() < 1_000
