"""The real county with its 14 townships and 198 villages, and invented counties beside it for trials of size."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from database.demo.days import Counts, Numbers, random, share_out

COUNTY = "330822"
REFERENCE = Path(__file__).resolve().parents[1] / "reference"

COUNTIES = {14: 1, 98: 6, 1400: 90}
"""How many counties share so many townships; the first is the real one."""

INVENTED_VILLAGES = 10


@dataclass(frozen=True)
class Profile:
    """What is invented about a real township: residents, how well it works (0 to 1), posts, its place on the tiles."""

    population: int
    quality: float
    leader: str
    contact: str
    tile: tuple[int, int]


PROFILES = {
    "330822001": Profile(62_800, 0.62, "县委书记", "县委政法委", (2, 3)),
    "330822002": Profile(34_600, 0.72, "县长", "县政府办公室", (2, 2)),
    "330822003": Profile(38_900, 0.56, "县委副书记", "县公安局", (1, 2)),
    "330822104": Profile(15_200, 0.55, "县委常委、宣传部部长", "县委宣传部", (1, 3)),
    "330822108": Profile(27_600, 0.40, "县委常委、政法委书记", "县信访局", (4, 2)),
    "330822109": Profile(28_300, 0.97, "县委常委、组织部部长", "县委组织部", (3, 2)),
    "330822111": Profile(34_100, 0.10, "县委常委、纪委书记", "县纪委县监委", (0, 3)),
    "330822115": Profile(24_700, 0.62, "县委常委、常务副县长", "县综合行政执法局", (2, 1)),
    "330822116": Profile(27_900, 0.42, "县人大常委会主任", "县农业农村局", (3, 0)),
    "330822200": Profile(9_300, 0.66, "县政协主席", "县民政局", (1, 1)),
    "330822211": Profile(9_800, 0.74, "县委常委、统战部部长", "县司法局", (0, 2)),
    "330822213": Profile(9_400, 0.52, "副县长（分管农业农村）", "县自然资源和规划局", (3, 1)),
    "330822219": Profile(8_600, 0.63, "副县长、县公安局局长", "县大数据中心", (2, 0)),
    "330822221": Profile(9_100, 0.57, "副县长（分管社会事业）", "县卫生健康局", (4, 1)),
}
"""All invented (演示) but the codes. Neighbours stand beside each other on the tiles, north up."""


@dataclass(frozen=True)
class Places:
    """Where cases happen: townships in order, each with its county, residents, quality and villages.

    `village_codes` holds the villages of all townships, one township after another; those of township i are
    `village_codes[village_start[i] : village_start[i + 1]]`, with `village_population` beside them.
    """

    townships: tuple[str, ...]
    counties: tuple[str, ...]
    population: Counts
    quality: Numbers
    village_codes: tuple[str, ...]
    village_population: Counts
    village_start: Counts


def regions(townships: int, seed: int) -> pd.DataFrame:
    """Return the tree of regions.

    Returns
    -------
    pd.DataFrame
        One row per region with the columns of table `regions`, parents before children, in the fixed order
        街道, 镇, 乡 by code.

    Raises
    ------
    ValueError
        `townships` is none of 14, 98 and 1400.

    Source: database/reference; residents, posts and dates are invented.
    """
    if townships not in COUNTIES:
        raise ValueError(f"乡镇（街道）数只支持 {'、'.join(map(str, COUNTIES))}，不支持 {townships}")
    above = _cities(townships)
    real = _real_county(seed, parent="99010000" if above else None)
    rows = [*above, *real, *_invented_counties(townships, seed)]
    return pd.DataFrame([{**row, "sort_order": order} for order, row in enumerate(rows)])


def places(frame: pd.DataFrame, seed: int) -> Places:
    """Return what the generators of cases need of `regions`."""
    towns = frame[frame["level"] == "township"]
    villages = frame[frame["level"] == "village"]
    rng = random(seed, "quality")
    drawn = rng.uniform(0.2, 0.9, len(towns))
    quality = [PROFILES[code].quality if code in PROFILES else float(drawn[i]) for i, code in enumerate(towns["code"])]
    sizes = villages.groupby("parent_code", sort=False).size().reindex(towns["code"])
    return Places(
        townships=tuple(towns["code"]),
        counties=tuple(towns["parent_code"]),
        population=towns["population"].to_numpy(np.int64),
        quality=np.array(quality),
        village_codes=tuple(villages["code"]),
        village_population=villages["population"].to_numpy(np.int64),
        village_start=np.concatenate([[0], np.cumsum(sizes.to_numpy(np.int64))]),
    )


def _real_county(seed: int, parent: str | None) -> list[dict[str, Any]]:
    rng = random(seed, "regions")
    townships = [_township(row) for row in _reference("townships")]
    villages = [village for town in townships for village in _villages(town, rng)]
    county = {"code": COUNTY, "parent_code": parent, "level": "county", "name": "常山县", "short_name": "常山",
              "kind": "县", "population": sum(town["population"] for town in townships),
              "households": sum(town["households"] for town in townships)}  # fmt: skip
    return [county, *townships, *villages]


def _township(row: dict[str, str]) -> dict[str, Any]:
    profile = PROFILES[row["township_code"]]
    return {
        "code": row["township_code"],
        "parent_code": COUNTY,
        "level": "township",
        "name": row["township_name"],
        "short_name": row["township_name"].removesuffix(row["kind"]),
        "kind": row["kind"],
        "population": profile.population,
        "households": round(profile.population / 2.74),
        "county_leader": profile.leader,
        "contact_department": profile.contact,
        "tile_col": profile.tile[0],
        "tile_row": profile.tile[1],
    }


def _villages(town: dict[str, Any], rng: np.random.Generator) -> list[dict[str, Any]]:
    """Share the township's residents out; a community has about twice the residents of a village."""
    rows = [row for row in _reference("villages") if row["township_code"] == town["code"]]
    is_community = np.array([row["village_kind"] != "村委会" for row in rows])
    weights = rng.uniform(0.7, 1.3, len(rows)) * np.where(is_community, 2.2, 1.0)
    residents = share_out(town["population"], weights)
    named = rng.random(len(rows)) < 0.12 + 0.25 * PROFILES[town["code"]].quality
    months = rng.integers(6, 9, len(rows))
    return [
        {
            "code": row["village_code"],
            "parent_code": town["code"],
            "level": "village",
            "name": _village_name(row),
            "short_name": _village_name(row),
            "kind": "村" if row["village_kind"] == "村委会" else "社区",
            "population": int(residents[i]),
            "households": round(int(residents[i]) / 2.74),
            "named_on": date(2020, int(months[i]), 28) if named[i] else None,
        }
        for i, row in enumerate(rows)
    ]


def _village_name(row: dict[str, str]) -> str:
    """Name a village with its kind: 辉埠村 and 辉埠社区 lie in one township."""
    short, kind = row["village_short"], "村" if row["village_kind"] == "村委会" else "社区"
    return short if short.endswith(kind) else short + kind


def _reference(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _cities(townships: int) -> list[dict[str, Any]]:
    """Return the invented city (98) or the province with its cities of ten counties (1400); nothing above 14."""
    if townships == 14:
        return []
    count = -(-COUNTIES[townships] // 10)
    province = {"code": "99", "parent_code": None, "level": "province", "name": "演示省", "short_name": "演示省"}
    cities = [
        {
            "code": f"99{city:02d}0000",
            "parent_code": "99" if count > 1 else None,
            "level": "city",
            "name": f"演示市{city:02d}",
            "short_name": f"演示市{city:02d}",
        }
        for city in range(1, count + 1)
    ]
    return [province, *cities] if count > 1 else cities


def _invented_counties(townships: int, seed: int) -> list[dict[str, Any]]:
    counties = COUNTIES[townships] - 1
    if not counties:
        return []
    rng = random(seed, "invented counties")
    sizes = share_out(townships - 14, np.ones(counties))
    rows: list[dict[str, Any]] = []
    for number, size in enumerate(sizes, start=1):
        rows += _invented_county(number, int(size), rng)
    return rows


def _invented_county(number: int, size: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    code = f"99{number:04d}"
    residents = rng.integers(8_000, 60_000, size)
    rows: list[dict[str, Any]] = [
        _place(code, f"99{number // 10 + 1:02d}0000", "county", f"演示县{number:02d}", "县", int(residents.sum()))
    ]
    for town in range(size):
        kind = ("街道", "镇", "乡")[min(2, town * 3 // size)]
        own = f"{code}{town + 1:03d}"
        tile = {"tile_col": town % 5, "tile_row": town // 5}
        name = f"演示{number:02d}{town + 1:02d}{kind}"
        rows.append(_place(own, code, "township", name, kind, int(residents[town])) | tile)
        shares = share_out(int(residents[town]), np.ones(INVENTED_VILLAGES))
        rows += [
            _place(f"{own}{i + 1:03d}", own, "village", f"演示{i + 1}村", "村", int(shares[i]))
            for i in range(INVENTED_VILLAGES)
        ]
    return rows


def _place(code: str, parent: str, level: str, name: str, kind: str, population: int) -> dict[str, Any]:
    return {"code": code, "parent_code": parent, "level": level, "name": name,
            "short_name": name.removesuffix(kind) if level == "township" else name, "kind": kind,
            "population": population, "households": round(population / 2.74)}  # fmt: skip
