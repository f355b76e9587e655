"""One case on a page: its facts, its episodes and what was decided about it, in words.

Source: DOMAIN "Words", "Time limits".
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analysis.case_words import Names, case_headings, case_words, day_words
from analysis.follow_ups import CASE
from analysis.ledger import SATISFACTIONS, TOWNSHIP_LED_WORD
from analysis.wording import MISSING

EPISODES = ("episode", "opened_on", "accept_due_on", "accepted_on", "due", "lead", "leader", "departments", "closed_on",
            "method", "satisfaction")  # fmt: skip
_IN_EPISODES = {"episode", "opened_on", "due_on", "closed_on", "method", "satisfaction"}


def newest_episode(episodes: pd.DataFrame, as_of: date) -> dict[str, Any]:
    """Return the newest episode of a case as a row of `queries.ledger.case_page`.

    Parameters
    ----------
    episodes : pd.DataFrame
        `queries.case_file.case_episodes`, not empty.
    """
    row = {str(name): value for name, value in episodes.iloc[-1].to_dict().items()}
    is_open = pd.isna(row["closed_on"])
    late = not pd.isna(row["due_on"]) and row["due_on"].date() < as_of
    return {**row, "first_opened_on": episodes["first_opened_on"].min(), "is_open": is_open,
            "is_overdue": is_open and late}  # fmt: skip


def case_facts(episodes: pd.DataFrame, names: Names, as_of: date) -> dict[str, str]:
    """Return what stands about a case as a whole, by heading; without what is not known, and what its episodes say."""
    headings = case_headings(names.stream)
    said = case_words(newest_episode(episodes, as_of), names, as_of)
    shown = {headings[field]: value for field, value in said.items() if field not in _IN_EPISODES and value != ""}
    return {
        heading: f"{value}天" if heading == headings["age_days"] else _text(value) for heading, value in shown.items()
    }


def case_finding(episodes: pd.DataFrame, names: Names, as_of: date) -> str:
    """Say how a case stands: 招贤：信访积案在办81天，超期12天，第2次交办."""
    newest = newest_episode(episodes, as_of)
    said = case_words(newest, names, as_of)
    stream, number = names.stream, len(episodes)
    standing = f"{said['age_days']}天{stream.closed}" if not newest["is_open"] else f"在办{said['age_days']}天"
    late = f"，超期{(as_of - newest['due_on'].date()).days}天" if newest["is_overdue"] else ""
    again = f"，第{number}次{stream.opened}（反弹{number - 1}次）" if number > 1 else ""
    return f"{said['township']}：{stream.name}{standing}{late}{again}"


def episodes_finding(episodes: pd.DataFrame, names: Names, as_of: date) -> str:
    """Say how the episodes of a case went, the newest last: 交办2次：化解1次（1次超期），第2次在办12天.

    An episode without a due date is never late.
    """
    stream, closed = names.stream, episodes[episodes["closed_on"].notna()]
    late = int((closed["closed_on"] > closed["due_on"]).sum())
    said = [f"{stream.closed}{len(closed)}次{f'（{late}次超期）' if late else ''}"] if len(closed) else []
    newest = episodes.iloc[-1]
    if pd.isna(newest["closed_on"]):
        said.append(f"第{newest['episode']}次在办{(as_of - newest['opened_on'].date()).days}天")
    return f"{stream.opened}{len(episodes)}次：{'，'.join(said)}"


def episode_rows(episodes: pd.DataFrame, involved: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Say the episodes of a case.

    Parameters
    ----------
    involved : pd.DataFrame
        `queries.case_file.involved_departments`.

    Returns
    -------
    pd.DataFrame
        One row per episode, in order: the columns of EPISODES, all in words.
    """
    helping = involved.groupby("episode")["name"].agg("、".join)
    rows = [_episode(row, helping.get(row["episode"], MISSING), names) for row in episodes.to_dict("records")]
    return pd.DataFrame(rows, columns=list(EPISODES))


def case_reference(township_code: str, case_no: str) -> str:
    """Return how a follow-up names the case it is about."""
    return f"{CASE}:{township_code}:{case_no}"


def decided_on(follow_ups: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    """Keep the follow-ups on a case (`analysis.follow_ups.follow_up_table`), and those on its township's backlog."""
    town, number = (str(episodes.iloc[-1][name]) for name in ("township_code", "case_no"))
    is_backlog = str(episodes.iloc[-1]["stream"]) == "petition_backlog"
    wanted = {case_reference(town, number), *([f"backlog:{town}"] if is_backlog else [])}
    return follow_ups[follow_ups["reference"].isin(wanted)].reset_index(drop=True)


def _episode(row: dict[Any, Any], helping: str, names: Names) -> dict[str, str]:
    lead = row["lead_department_code"]
    by_rule = "（按规定推算）" if row["due_is_default"] else ""
    rated = row["satisfaction"]
    return {
        "episode": f"第{row['episode']}次",
        **{name: day_words(row[name]) for name in ("opened_on", "accept_due_on", "accepted_on", "closed_on")},
        "due": f"{day_words(row['due_on'])}{by_rule}",
        "lead": TOWNSHIP_LED_WORD if pd.isna(lead) else names.departments.get(lead, lead),
        "leader": _or_dash(row["case_leader"]),
        "departments": helping,
        "method": _or_dash(row["closing_method"]),
        "satisfaction": MISSING if np.isnan(rated) else SATISFACTIONS[str(int(rated))],
    }


def _or_dash(value: Any) -> str:
    return MISSING if pd.isna(value) else str(value)


def _text(value: Any) -> str:
    return day_words(value) if isinstance(value, date) else str(value)
