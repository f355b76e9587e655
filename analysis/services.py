"""平台运行: what the mediation centre, the four platforms and the others carry, each in the words of its stream.

Source: DOMAIN "Words", "Rates in use", "Published facts" (three platforms in one; the command centre not live yet).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.breakdown import OWN_LABEL
from analysis.months import add_months, month_of
from analysis.remembered import remembered
from analysis.rules import POOLED_MONTHS
from analysis.streams import FOUR_PLATFORMS, PENDING_PLATFORM, PLATFORMS, STREAMS, Stream
from analysis.wording import MISSING, change_in_points, month, percent, share

CENTRE, APPEALS = "矛调中心", "慢城通"
FOUR = "四平台"
WITHOUT = "不经平台"
CENTRE_PARTS = {"petition": "调处化解", "dispute": "调处化解", "event": "事件处置", "risk": "风险研判"}
"""The three platforms of the mediation centre, by the stream that each carries."""

COUNTS = ("opened", "opened_before", "closed", "closed_in_time", "late", "rated", "satisfied", "ended", "settled",
          "involved", "shared", "open", "overdue")  # fmt: skip


@dataclass(frozen=True)
class Channel:
    """One stream on one platform ("" on none): what the pages show as one line."""

    platform: str
    stream: Stream

    @property
    def code(self) -> str:
        """What tells it from the others."""
        return f"{self.stream.code}/{self.platform}"

    @property
    def label(self) -> str:
        """Its name for a list: 矛调中心 · 矛盾纠纷."""
        return f"{self.platform or WITHOUT} · {self.stream.short_name}"


@dataclass(frozen=True)
class CommandCentre:
    """Whether the command centre is live, and the sentence that says so; `due_on` None where nothing says when."""

    is_live: bool
    due_on: date | None
    word: str
    note: str


def channels(found: pd.DataFrame) -> list[Channel]:
    """Return what there is to show: the centre's parts, whether they have rows or not, then all else that has.

    Parameters
    ----------
    found : pd.DataFrame
        `queries.services.services`.
    """
    known = dict.fromkeys(zip(found["platform"], found["stream"], strict=True))
    centre = [(CENTRE, stream) for stream in CENTRE_PARTS]
    order = {platform: i for i, platform in enumerate((CENTRE, *PLATFORMS))}
    streams = list(STREAMS)
    rest = sorted(
        (pair for pair in known if pair not in centre),
        key=lambda pair: (pair[0] == "", order.get(pair[0], len(order)), pair[0], streams.index(pair[1])),
    )
    return [Channel(platform, STREAMS[stream]) for platform, stream in (*centre, *rest)]


def channel_of(listed: list[Channel], code: str | None) -> Channel:
    """Return the channel of a code; the first where there is none."""
    return next((channel for channel in listed if channel.code == code), listed[0])


@remembered
def channel_table(found: pd.DataFrame, listed: list[Channel]) -> pd.DataFrame:
    """Add each channel up over its townships, with its words.

    Returns
    -------
    pd.DataFrame
        One row per channel in their order: code, group, part (the stream's name, for the centre with its platform),
        COUNTS (int64), and what `worded` adds.
    """
    sums = found.groupby(["platform", "stream"])[list(COUNTS)].sum()
    keys = [(channel.platform, channel.stream.code) for channel in listed]
    rows = sums.reindex(pd.MultiIndex.from_tuples(keys, names=["platform", "stream"]), fill_value=0).reset_index()
    rows.insert(0, "code", [channel.code for channel in listed])
    rows.insert(1, "group", [_group(channel.platform) for channel in listed])
    rows.insert(2, "part", [_part(channel) for channel in listed])
    return worded(rows)


@remembered
def township_table(found: pd.DataFrame, channel: Channel, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return one channel by township in the fixed order, 县本级 last where it has any, with its words.

    Returns
    -------
    pd.DataFrame
        One row per township of `labels`: township (label), COUNTS, and what `worded` adds.
    """
    own = found[(found["platform"] == channel.platform) & (found["stream"] == channel.stream.code)]
    sums = own.groupby("township_code")[list(COUNTS)].sum()
    others = {code: OWN_LABEL for code in sums.index if code not in labels}
    rows = sums.reindex([*labels, *others], fill_value=0).reset_index()
    rows.insert(1, "township", list({**labels, **others}.values()))
    return worded(rows)


def worded(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what a reader sees: in_time, content, success (rate and x/n; — for none), shared_words (str)."""
    counts = rows.to_dict("records")
    return rows.assign(
        in_time=[share(row["closed_in_time"], row["closed_in_time"] + row["late"]) for row in counts],
        content=[share(row["satisfied"], row["rated"]) for row in counts],
        success=[share(row["settled"], row["ended"]) for row in counts],
        shared_words=[_departments(row["involved"], row["shared"]) for row in counts],
    )


def total(rows: pd.DataFrame, label: str) -> dict[str, object]:
    """Return the row that adds others up under `label`, with its words."""
    sums = pd.DataFrame([{name: int(rows[name].sum()) for name in COUNTS}])
    return {"township": label, **{str(name): value for name, value in worded(sums).to_dict("records")[0].items()}}


def services_finding(table: pd.DataFrame, centre: CommandCentre) -> str:
    """Say what the centre and the four platforms carried, and where the command centre stands.

    Parameters
    ----------
    table
        `channel_table`.
    """
    own = table[table["group"] == CENTRE]
    disputes = own[own["stream"] == "dispute"]
    said = [f"近{POOLED_MONTHS}个月{CENTRE}受理{own['opened'].sum():,}件"]
    if disputes["ended"].sum():
        said[0] += f"，矛盾纠纷调解成功率{percent(disputes['settled'].sum() / disputes['ended'].sum())}"
    events = table[(table["group"] == FOUR) & (table["stream"] == "event")]
    counted = events["closed_in_time"].sum() + events["late"].sum()
    if counted:
        rate = percent(events["closed_in_time"].sum() / counted)
        said.append(f"{FOUR}上报治理事件{events['opened'].sum():,}件，按时办结率{rate}")
    return "；".join([*said, centre.note])


def command_centre(steps: pd.DataFrame, tasks: pd.DataFrame, *, as_of: date) -> CommandCentre:
    """Tell whether the command centre is live, from the milestone 上线 of the task that builds it.

    Parameters
    ----------
    steps
        `queries.milestones.milestones`: done_on is NaT for what is not done by the as-of date.
    tasks
        `queries.task_book.task_facts`: code, title.
    """
    own = tasks.loc[tasks["title"].str.contains(PENDING_PLATFORM), "code"]
    found = steps[steps["task_code"].isin(own) & steps["title"].str.contains("上线")]
    if found.empty:
        return CommandCentre(False, None, "未上线", f"{PENDING_PLATFORM}未上线")
    step = found.iloc[0]
    if not pd.isna(step["done_on"]):
        return CommandCentre(True, step["done_on"].date(), "已上线", f"{PENDING_PLATFORM}已上线")
    if pd.isna(step["due_on"]):
        return CommandCentre(False, None, "未上线", f"{PENDING_PLATFORM}未上线")
    due = step["due_on"].date()
    when = f"{due.month}月" if due.year == as_of.year else month(due)
    said = f"预计{when}上线" if due >= as_of else f"原定{when}上线，未上线"
    return CommandCentre(False, due, "未上线", f"{PENDING_PLATFORM}{said}")


def month_rates(months: pd.DataFrame) -> pd.DataFrame:
    """Return the in-time rate of each month of `queries.services.service_months`.

    Returns
    -------
    pd.DataFrame
        One row per month with any case counted: label (str, 2020年8月), rate (float64, 0-1), words (str, x/n).
    """
    counted = months["closed_in_time"] + months["late"]
    own = months[counted > 0]
    n = counted[counted > 0]
    return pd.DataFrame(
        {
            "label": pd.Series([month(day) for day in own["month"]], dtype="str"),
            "rate": (own["closed_in_time"] / n).to_numpy(),
            "words": pd.Series([share(x, k) for x, k in zip(own["closed_in_time"], n, strict=True)], dtype="str"),
        }
    )


def rates_finding(rates: pd.DataFrame, word: str) -> str:
    """Say the newest month's rate and how it moved against the month before, as the title of their chart.

    Parameters
    ----------
    rates
        `month_rates`. `word` is what the rate is called.
    """
    if rates.empty:
        return f"没有可以计算的{word}"
    last = rates.iloc[-1]
    said = f"{last['label']}{word}{last['words']}"
    if len(rates) == 1:
        return said
    before = rates.iloc[-2]
    return f"{said}，较{before['label']}{change_in_points(100 * (last['rate'] - before['rate']))}"


def department_rows(
    found: pd.DataFrame, channel: Channel, departments: pd.DataFrame, *, shown: int = 8
) -> pd.DataFrame:
    """Return the departments most involved in a channel: department (name), cases (int64).

    Parameters
    ----------
    found, departments
        `queries.services.service_departments` and `queries.names.department_names`.
    """
    names = dict(zip(departments["code"], departments["name"], strict=True))
    own = found[(found["platform"] == channel.platform) & (found["stream"] == channel.stream.code)].head(shown)
    return own.assign(department=own["department_code"].map(names).fillna(own["department_code"]))[
        ["department", "cases"]
    ].reset_index(drop=True)


def span_words(as_of: date) -> str:
    """Say which months are counted: 2019年9月—2020年8月."""
    last = month_of(as_of)
    return f"{month(add_months(last, 1 - POOLED_MONTHS))}—{month(last)}"


def _group(platform: str) -> str:
    return FOUR if platform in FOUR_PLATFORMS else platform or WITHOUT


def _part(channel: Channel) -> str:
    name = channel.stream.short_name
    if channel.platform == CENTRE:
        return f"{name}（{CENTRE_PARTS[channel.stream.code]}）" if channel.stream.code in CENTRE_PARTS else name
    return f"{channel.platform}：{name}" if channel.platform in FOUR_PLATFORMS else name


def _departments(involved: int, shared: int) -> str:
    if not involved:
        return MISSING
    return f"{involved:,}（{shared:,}）"
