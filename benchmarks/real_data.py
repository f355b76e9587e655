"""Public data shaped into contract workbooks: python -m benchmarks.real_data elevator|citizen_reports FROM.csv TO.xlsx.

Nobody made these data for this product, so they try the loader, the reads and the pages as a county's own would.
Nothing is put right on the way but what the contract has no place for, and that is told.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xlsxwriter

CITY = "NYC"
BOROUGHS = {"BRONX": "BX", "BROOKLYN": "BK", "MANHATTAN": "MN", "QUEENS": "QN", "STATEN ISLAND": "SI"}
TAIPEI = "TPE"
CLOSED = "Closed"


@dataclass(frozen=True)
class Shaped:
    """Rows by table, with the columns of the contract, and what had to be decided on the way (Chinese)."""

    sheets: Mapping[str, pd.DataFrame]
    remarks: tuple[str, ...]


def elevator_log(log: pd.DataFrame) -> Shaped:
    """Shape New York's log of elevator complaints: the city as the county, community boards as townships.

    A complaint of no board lies in the city itself. One whose status is not Closed is open, whatever date it carries:
    the contract has no status, and a date would close it. Hours are left out: the contract counts days.

    Parameters
    ----------
    log
        One row per complaint, all text: case_id, district ("05 BRONX", "Unspecified BRONX"), category, opened_at,
        closed_at (ISO, NaN), status (Closed, Open, Assigned), unit, borough, due_at (empty throughout).
    """
    number, borough = (log["district"].str.extract(r"^(\S+) (.+)$")[place] for place in (0, 1))
    is_placed = number != "Unspecified"
    boards = pd.DataFrame({"code": borough.map(BOROUGHS) + number, "name": log["district"]})
    named = boards[is_placed].drop_duplicates().sort_values("code").assign(parent_code=CITY, level="township")
    city = pd.DataFrame({"code": [CITY], "name": ["纽约市"], "parent_code": [None], "level": ["county"]})
    is_closed = log["status"] == CLOSED
    rows = pd.DataFrame(
        {
            "township_code": boards["code"].where(is_placed, CITY),
            "case_no": log["case_id"],
            "episode": 1,
            "stream": "appeal",
            "category": log["category"],
            "lead_department_code": log["unit"],
            "opened_on": log["opened_at"].str[:10],
            "closed_on": log["closed_at"].str[:10].where(is_closed),
        }
    )
    units = pd.DataFrame({"code": sorted(log["unit"].unique())}).assign(name=lambda frame: frame["code"])
    remarks = (
        f"未注明社区委员会的{int((~is_placed).sum())}件记在全市（县本级）",
        f"状态不是已结案而有结案时间的{int((~is_closed & log['closed_at'].notna()).sum())}件按未办结",
        f"所在区与社区委员会名称不同的{int((borough != log['borough']).sum())}件按社区委员会",
        f"开始与结束同一秒的{int((log['opened_at'] == log['closed_at']).sum())}件按当日办结",
        f"没有期限的{int(log['due_at'].isna().sum())}件不计超期",
    )
    return Shaped({"regions": pd.concat([city, named]), "departments": units, "cases": rows}, remarks)


def citizen_reports(reports: pd.DataFrame) -> Shaped:
    """Shape Taipei's monthly citizen reports: the city as the county, districts as townships, kinds as indicators.

    Each is the share of a kind among all reports of the district and month; no direction is the better one. A kind
    without a case has no row and stays unreported.

    Parameters
    ----------
    reports
        One row per kind, district and month, all text: indicator, district, period (2015-07), numerator, denominator,
        value (percent, four decimals).
    """
    kinds = {name: f"R{place:02d}" for place, name in enumerate(sorted(reports["indicator"].unique()), 1)}
    places = {name: f"{TAIPEI}{place:02d}" for place, name in enumerate(sorted(reports["district"].unique()), 1)}
    towns = pd.DataFrame({"code": places.values(), "name": places.keys()}).assign(parent_code=TAIPEI, level="township")
    city = pd.DataFrame({"code": [TAIPEI], "name": ["臺北市"], "parent_code": [None], "level": ["county"]})
    about = pd.DataFrame({"code": kinds.values(), "name": [f"{name}占比" for name in kinds]}).assign(
        unit="%", direction="neutral", kind="proportion", period="flow", formula="本类件数÷全部通报件数"
    )
    values = pd.DataFrame(
        {
            "region_code": reports["district"].map(places),
            "kpi_code": reports["indicator"].map(kinds),
            "month": reports["period"],
            **{name: reports[name] for name in ("numerator", "denominator", "value")},
        }
    )
    whole = len(kinds) * len(places) * reports["period"].nunique()
    remarks = (f"{whole}个区、月、类别中{whole - len(reports)}个没有行，按未报送，不记为0",)
    return Shaped({"regions": pd.concat([city, towns]), "kpis": about, "kpi_values": values}, remarks)


SHAPES: Mapping[str, Callable[[pd.DataFrame], Shaped]] = {"elevator": elevator_log, "citizen_reports": citizen_reports}


def write_sheets(path: Path, sheets: Mapping[str, pd.DataFrame]) -> None:
    """Write a workbook with a sheet per table, every cell as text."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        for name, frame in sheets.items():
            page = book.add_worksheet(name)
            page.write_row(0, 0, list(frame.columns))
            for place, row in enumerate(frame.astype(object).where(frame.notna(), None).itertuples(index=False), 1):
                for column, value in enumerate(row):
                    if value is not None:
                        page.write_string(place, column, str(value))


def main() -> None:
    """Shape one file and say what had to be decided."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=list(SHAPES))
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    given = parser.parse_args()
    shaped = SHAPES[given.kind](pd.read_csv(given.source, dtype="str"))
    write_sheets(given.target, shaped.sheets)
    print("\n".join(shaped.remarks))  # noqa: T201


if __name__ == "__main__":
    main()
