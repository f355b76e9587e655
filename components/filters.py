"""The shared filters: township, as-of date and stream, kept in the URL and over every page.

dashboard.py draws them once a run from frames it read; pages ask `current_scope`. The URL holds labels
(`?township=天马&as_of=2020-07-31&stream=治理事件`) and leaves defaults out; Streamlit's own binding keeps it so.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import streamlit as st

from analysis.scope import Scope, Viewer
from analysis.streams import STREAMS
from components import page_filters
from components.page_filters import DEPARTMENT, WORK_GROUP, PageFilter

BACKLOG = "petition_backlog"
STREAM_NAMES = {stream.code: stream.name for stream in STREAMS.values()}
MANY_TOWNSHIPS = 30
_CHOICES = "_choices"


@dataclass(frozen=True)
class Campaign:
    """A campaign and the days it runs."""

    code: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Choices:
    """What may be chosen: townships by code in fixed order with their labels, and the days with data."""

    townships: Mapping[str, str]
    earliest: date
    newest: date
    campaigns: tuple[Campaign, ...] = ()
    shown: tuple[str, ...] = ("township", "as_of")
    own: tuple[PageFilter, ...] = ()


def choices(
    townships: pd.DataFrame,
    campaigns: pd.DataFrame,
    *,
    newest: date,
    earliest: date | None,
    shown: Sequence[str],
    own: Sequence[PageFilter] = (),
) -> Choices:
    """Return what may be chosen, from frames of regions and campaigns; a doubled short name gives way to the name.

    `own` are the filters of this page only.
    """
    short = townships["short_name"].fillna(townships["name"])
    labels = short.where(~short.duplicated(keep=False), townships["name"])
    running = tuple(
        Campaign(str(row["code"]), _day(row["starts_on"]), _day(row["ends_on"])) for row in campaigns.to_dict("records")
    )
    named = dict(zip(townships["code"], labels, strict=True))
    return Choices(named, earliest or newest, newest, running, tuple(shown), tuple(own))


def not_honoured(query: Mapping[str, Sequence[str]], options: Choices) -> list[str]:
    """Return one Chinese sentence for each value in the URL that no filter can take.

    `query` is the URL before the filters are drawn: Streamlit drops what it cannot use without a word.
    """
    notes = []
    known = set(options.townships.values())
    unknown = [name for name in query.get("township", ()) if name and name not in known]
    if unknown:
        rest = "其余所选乡镇（街道）照常显示" if set(query["township"]) & known else "已显示全县"
        notes.append(f"链接中的乡镇（街道）“{'、'.join(unknown)}”不在本县名单中，{rest}。")
    for text in query.get("as_of", ()):
        if not _is_within(text, options):
            notes.append(
                f"链接中的截至日期“{text}”无法使用（可选{options.earliest}至{options.newest}），已按{options.newest}显示。"
            )
    for text in query.get("stream", ()):
        if text not in STREAM_NAMES.values():
            notes.append(f"链接中的事项类别“{text}”不存在，已按{STREAM_NAMES[BACKLOG]}显示。")
    return [*notes, *filter(None, (page_filters.unknown(own, query) for own in options.own))]


def draw_filters(options: Choices) -> None:
    """Draw the filters that apply to this page and remember what may be chosen."""
    st.session_state[_CHOICES] = options
    if "township" in options.shown:
        _draw_townships(options)
    else:
        _keep("township")
    if "as_of" in options.shown:
        _draw_day(options)
    else:
        _keep("as_of")
    if "stream" in options.shown:
        st.selectbox(
            "事项类别", list(STREAM_NAMES), format_func=STREAM_NAMES.__getitem__, key="stream", bind="query-params"
        )
    for own in options.own:
        page_filters.draw(own)


def _draw_townships(options: Choices) -> None:
    codes, named = list(options.townships), options.townships.__getitem__
    if len(codes) > MANY_TOWNSHIPS:
        st.multiselect(
            "乡镇（街道）", codes, format_func=named, key="township", bind="query-params", placeholder="全县"
        )
    else:
        st.pills("乡镇（街道）", codes, selection_mode="multi", format_func=named, key="township", bind="query-params")


def _draw_day(options: Choices) -> None:
    st.date_input(
        "截至日期",
        options.newest,
        options.earliest,
        options.newest,
        key="as_of",
        format="YYYY-MM-DD",
        bind="query-params",
    )


def _keep(key: str) -> None:
    """Keep what was chosen on another page: Streamlit forgets a filter that a page does not draw."""
    if key in st.session_state:
        st.session_state[key] = st.session_state[key]


def filter_chip() -> None:
    """Show what is filtered, visibly and with one click to clear it; nothing when nothing is."""
    options = _options()
    said = _said(options)
    if said:
        st.button(f"当前筛选：{'　'.join(said)}　✕ 清除", key="clear_filters", on_click=_clear, type="secondary")


def filters_said() -> str:
    """Say what is filtered, for the foot and for paper: 全县 or the townships, and what else is chosen."""
    options = _options()
    own = [part for part in _said(options) if not part.startswith("截至")]
    return "　".join(own if _chosen(options) else ["全县", *own])


def current_scope(viewer: Viewer, *, in_campaign: bool = False) -> Scope:
    """Return what the shared filters ask for, for the one who is looking.

    `in_campaign` preselects the campaign that runs on the as-of day, for a page about the backlog; on a day without
    one, or with another stream chosen, the scope is the whole stream. The scope says what is wanted, never what is
    allowed: `cache.fetch` checks the viewer's rights.
    """
    if not viewer.account:
        raise ValueError(f"a scope needs a viewer, got {viewer!r}")
    options = _options()
    as_of = st.session_state.get("as_of") or options.newest
    stream = (st.session_state.get("stream") or BACKLOG) if "stream" in options.shown else BACKLOG
    campaign = _running(options.campaigns, as_of) if in_campaign and stream == BACKLOG else None
    return Scope(
        as_of,
        _chosen(options) or frozenset(options.townships),
        stream,
        campaign=campaign,
        work_group=next(iter(own_filter(WORK_GROUP)), None),
        department=next(iter(own_filter(DEPARTMENT)), None),
    )


def own_filter(key: str) -> tuple[str, ...]:
    """Return the codes chosen in one of the page's own filters; none for all, and where the page has no such filter."""
    return next((page_filters.chosen(own) for own in _options().own if own.key == key), ())


def own_query() -> dict[str, str | list[str]]:
    """Return what the page's own filters add to an address, by their words."""
    said = {own.key: [own.options[code] for code in page_filters.chosen(own)] for own in _options().own}
    return {key: words for key, words in said.items() if words}


def is_filtered(scope: Scope) -> bool:
    """Tell whether `scope` asks for less than all townships."""
    return len(scope.townships) < len(_options().townships)


def carried_query(keys: Sequence[str]) -> dict[str, list[str]]:
    """Return what this page's address carries for the filters of another page, to lead back there as it was."""
    return {key: st.query_params.get_all(key) for key in keys if key in st.query_params}


def county_scope(scope: Scope) -> Scope:
    """Return the same scope over all townships."""
    return replace(scope, townships=frozenset(_options().townships))


def link_filters(scope: Scope) -> dict[str, str | list[str]]:
    """Return what an address within the same filters holds; the day is written in full."""
    chosen = {"township": list(townships_in(scope).values())} if is_filtered(scope) else {}
    return {**chosen, "as_of": scope.as_of.isoformat()}


def place(scope: Scope) -> str:
    """Name the place that `scope` is about: 全县, or its townships by short name in fixed order."""
    options = _options()
    if not is_filtered(scope):
        return "全县"
    names = [label for code, label in options.townships.items() if code in scope.townships]
    return "、".join(names) if len(names) <= 3 else f"{'、'.join(names[:2])}等{len(names)}个乡镇（街道）"


def townships_in(scope: Scope) -> dict[str, str]:
    """Return the label of each township of `scope` by code, in fixed order."""
    return {code: label for code, label in _options().townships.items() if code in scope.townships}


def township_labels() -> Mapping[str, str]:
    """Return the label of each township by code, in fixed order."""
    return _options().townships


def shown_townships() -> tuple[frozenset[str], date | None]:
    """Return the labels of all townships and the day the page is about; nothing where no filters are drawn."""
    options = st.session_state.get(_CHOICES)
    if not isinstance(options, Choices):
        return frozenset(), None
    return frozenset(options.townships.values()), st.session_state.get("as_of") or options.newest


def _options() -> Choices:
    options = st.session_state.get(_CHOICES)
    if not isinstance(options, Choices):
        raise ValueError("the filters have not been drawn: a page runs inside dashboard.py")
    return options


def _chosen(options: Choices) -> frozenset[str]:
    return frozenset(st.session_state.get("township") or ()) & frozenset(options.townships)


def _said(options: Choices) -> list[str]:
    said = []
    chosen = _chosen(options)
    if chosen and "township" in options.shown:
        said.append("、".join(label for code, label in options.townships.items() if code in chosen))
    if "as_of" in options.shown and st.session_state.get("as_of", options.newest) not in (None, options.newest):
        said.append(f"截至{st.session_state['as_of']}")
    if "stream" in options.shown and st.session_state.get("stream", BACKLOG) != BACKLOG:
        said.append(STREAM_NAMES[st.session_state["stream"]])
    return [*said, *filter(None, map(page_filters.said, options.own))]


def _clear() -> None:
    options = _options()
    st.session_state["township"] = []
    st.session_state["as_of"] = options.newest
    if "stream" in options.shown:
        st.session_state["stream"] = BACKLOG
    for own in options.own:
        page_filters.clear(own)


def _running(campaigns: Collection[Campaign], as_of: date) -> str | None:
    running = [c for c in campaigns if c.starts_on <= as_of <= c.ends_on]
    return max(running, key=lambda c: c.starts_on).code if running else None


def _is_within(text: str, options: Choices) -> bool:
    try:
        return options.earliest <= date.fromisoformat(text) <= options.newest
    except ValueError:
        return False


def _day(value: pd.Timestamp) -> date:
    return date(value.year, value.month, value.day)
