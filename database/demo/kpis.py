"""The indicators of COUNTY.md, their assessment schemes and weights; goals and floors are all invented."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from database.demo.departments import CODES

SCHEMES = (
    ("S2018", "2018年考核方案（演示）", date(2018, 1, 1), date(2020, 4, 30), "weight_2018"),
    ("S2020", "2020年考核方案（演示）", date(2020, 5, 1), date(2020, 12, 31), "weight_2020"),
)
"""Code, name, first and last day, column of kpis.csv: before the checklist began in May 2020 nothing can be asked of
it, so an older scheme does without K16 and K17."""

_WORDS = ("code", "name", "domain", "unit", "direction", "kind", "period", "reset", "formula", "source")


def kpis() -> pd.DataFrame:
    """Return one row per indicator with the columns of table `kpis`.

    K22A to K22C and K23A stand beside K22 and K23: the other figures that the interview publishes with them.
    """
    return pd.DataFrame(
        [
            {
                **{name: row[name] for name in _WORDS},
                "department_code": CODES[row["department"]],
                "computed_from": row["computed_from"] or None,
            }
            for row in _rows()
        ]
    )


def schemes() -> pd.DataFrame:
    """Return one row per scheme with the columns of table `schemes`; together they cover every month."""
    return pd.DataFrame([scheme[:4] for scheme in SCHEMES], columns=["code", "name", "valid_from", "valid_to"])


def kpi_weights(counties: list[str]) -> pd.DataFrame:
    """Return one row per county, scheme and indicator with the columns of table `kpi_weights`: weights sum to 100."""
    return pd.DataFrame(
        [
            {
                "region_code": county,
                "scheme": code,
                "kpi_code": row["code"],
                "weight": float(row[weight]),
                "goal": float(row["goal"]) if row["goal"] else None,
                "floor": float(row["floor"]) if row["floor"] else None,
            }
            for county in counties
            for code, _, _, _, weight in SCHEMES
            for row in _rows()
        ]
    )


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (Path(__file__).parent / "kpis.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))
