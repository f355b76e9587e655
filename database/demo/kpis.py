"""The indicators of COUNTY.md, their one assessment scheme and its weights; goals and floors are all invented."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from database.demo.departments import CODES

SCHEME = "S2020"
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
    """Return the one scheme with the columns of table `schemes`; it reaches back so that every month is scored."""
    return pd.DataFrame(
        [
            {
                "code": SCHEME,
                "name": "2020年考核方案（演示）",
                "valid_from": date(2018, 1, 1),
                "valid_to": date(2020, 12, 31),
            }
        ]
    )


def kpi_weights(counties: list[str]) -> pd.DataFrame:
    """Return one row per county and indicator with the columns of table `kpi_weights`: weights sum to 100."""
    return pd.DataFrame(
        [
            {
                "region_code": county,
                "scheme": SCHEME,
                "kpi_code": row["code"],
                "weight": float(row["weight"]),
                "goal": float(row["goal"]) if row["goal"] else None,
                "floor": float(row["floor"]) if row["floor"] else None,
            }
            for county in counties
            for row in _rows()
        ]
    )


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (Path(__file__).parent / "kpis.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))
