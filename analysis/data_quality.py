"""The titles over the tables of 数据质量: what the checks found, how new the data are, what came last.

Source: DESIGN "Pages"; DOMAIN "Words".
"""

from collections.abc import Mapping

import pandas as pd

from analysis.findings import NAMED, most
from analysis.wording import day, month_day


def problems_finding(problems: pd.DataFrame, counts: Mapping[str, int]) -> str:
    """Say how many problems of which severity the checks found, and in which table most of them.

    Parameters
    ----------
    problems, counts
        `database.check.finding_table` and `counts_by_severity`.
    """
    if problems.empty:
        return "核对没有发现问题"
    said = "、".join(f"{word}{n}处" for word, n in counts.items() if n)
    by_table = problems["table"].value_counts()
    where = most(by_table.index, by_table, unit="处") if len(by_table) > 1 else f"都在{by_table.index[0]}"
    return f"核对发现{said}，{where if len(by_table) == 1 else f'最多的是{where}'}"


def indicators_finding(by_kpi: pd.DataFrame) -> str:
    """Say which indicators that departments report lack a figure, and in how many townships.

    Parameters
    ----------
    by_kpi
        `analysis.reporting.kpi_reports_by_kpi`.
    """
    if by_kpi.empty:
        return "没有应由部门报送的指标"
    lacking = most(by_kpi["kpi"], by_kpi["missing"], unit="个")
    return f"指标未报送的是{lacking}" if lacking else f"由部门报送的{len(by_kpi)}项指标已全部报送"


def streams_finding(newest: pd.Series) -> str:
    """Say to which day the cases reach, and which kinds of them stop earlier.

    Parameters
    ----------
    newest : pd.Series
        The newest day (datetime64[s]) of each kind of case, by its name.
    """
    if newest.empty:
        return "还没有登记事项"
    last = newest.max()
    early = newest[newest < last].sort_values(kind="stable")
    said = f"{len(newest)}类事项登记到{day(last)}"
    if early.empty:
        return said
    named = "、".join(f"{name}到{month_day(when)}" for name, when in early.head(NAMED).items())
    return f"{said}，其中{named}{f'等{len(early)}类较早' if len(early) > NAMED else ''}"


def releases_finding(batches: pd.DataFrame) -> str:
    """Say which release is the newest, and whether it came with errors.

    Parameters
    ----------
    batches
        `queries.releases.releases`, the newest first, never empty.
    """
    newest = batches.iloc[0]
    errors = f"有{newest['errors']}处错误" if newest["errors"] else "没有错误"
    return f"最新为第{newest['id']}批，截至{day(newest['as_of'])}，变动{newest['changed']:,}行，发布时{errors}"
