"""What the reads of regions above the county cost: `python -m benchmarks.region_reads URL`, a demo of 98 or 1400.

Prints one JSON: the processor's milliseconds in this process of each read, the median of several, for the region at the
top (its children compared), on a stored day and on another, and beside them the same figures asked for township by
township.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any

from sqlalchemy import Connection

from analysis.scope import Scope
from database.engine import reading_engine
from queries import backlog, rankings, tasks
from queries.regions import townships
from queries.units import region_nodes

STORED, BETWEEN = date(2020, 8, 31), date(2020, 8, 28)
TIMES = 5


def main(url: str) -> None:
    """Measure on the database at `url`."""
    engine = reading_engine(url)
    with engine.connect() as connection:
        nodes = region_nodes(connection)
        codes = frozenset(townships(connection)["code"])
        found = {
            "townships": len(codes),
            "regions_compared": int(nodes["parent_code"].eq(nodes["code"].iloc[0]).sum()),
            "by_region_ms": _measured(connection, Scope(STORED, codes, region=str(nodes["code"].iloc[0]))),
            "by_region_between_stored_days_ms": _measured(
                connection, Scope(BETWEEN, codes, region=str(nodes["code"].iloc[0]))
            ),
            "by_township_ms": _measured(connection, Scope(STORED, codes)),
        }
    engine.dispose()
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


def _measured(connection: Connection, scope: Scope) -> dict[str, float]:
    reads: tuple[Callable[..., Any], ...] = (
        backlog.backlog_at, backlog.backlog_by_week, backlog.backlog_by_month, backlog.ageing, tasks.task_matrix,
        tasks.task_summary, rankings.kpi_table,
    )  # fmt: skip
    return {read.__name__: round(median(_once(connection, read, scope) for _ in range(TIMES)), 1) for read in reads}


def _once(connection: Connection, read: Callable[..., Any], scope: Scope) -> float:
    start = time.process_time()
    read(connection, scope)
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main(sys.argv[1])
