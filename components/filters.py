"""The shared filters: region, township, as-of date and stream, kept in the URL and over every page.

dashboard.py draws them once a run from frames it read; pages ask `current_scope`. The URL holds labels
(`?township=天马&as_of=2020-07-31&stream=治理事件`) and leaves defaults out; Streamlit's own binding keeps it so.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from analysis.scope import Scope, Viewer
from components import page_filters
from components.filter_choices import BACKLOG, STREAM_NAMES, Campaign, Choices, whole_place
from components.page_filters import DEPARTMENT, WORK_GROUP
from components.region_filter import county_links, level_name, placed

MANY_TOWNSHIPS = 30
_CHOICES = "_choices"


def draw_filters(options: Choices) -> None:
    """Draw the filters that apply to this page and remember what may be chosen."""
    st.session_state[_CHOICES] = options
    if "township" in options.shown and not options.is_above:
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
    if options.regions is None:
        return "　".join(own if _chosen(options) else ["全县", *own])
    return "　".join([whole_place(options), *own])


def current_scope(viewer: Viewer, *, in_campaign: bool = False) -> Scope:
    """Return what the shared filters ask for, for the one who is looking.

    `in_campaign` preselects the campaign that runs on the as-of day, for a page about the backlog; on a day without
    one, above the counties, or with another stream chosen, the scope is the whole stream. The scope says what is
    wanted, never what is allowed: `cache.fetch` checks the viewer's rights.
    """
    if not viewer.account:
        raise ValueError(f"a scope needs a viewer, got {viewer!r}")
    options = _options()
    as_of = st.session_state.get("as_of") or options.newest
    stream = (st.session_state.get("stream") or BACKLOG) if "stream" in options.shown else BACKLOG
    is_about_campaign = in_campaign and stream == BACKLOG and not options.is_above
    campaign = _running(options.campaigns, as_of) if is_about_campaign else None
    return Scope(
        as_of,
        _chosen(options) or options.everything,
        stream,
        campaign=campaign,
        work_group=next(iter(own_filter(WORK_GROUP)), None),
        department=next(iter(own_filter(DEPARTMENT)), None),
        region=options.region,
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
    return len(scope.townships) < len(_options().everything)


def carried_query(keys: Sequence[str]) -> dict[str, list[str]]:
    """Return what this page's address carries for the filters of another page, to lead back there as it was."""
    return {key: st.query_params.get_all(key) for key in keys if key in st.query_params}


def county_scope(scope: Scope) -> Scope:
    """Return the same scope over all townships of its region."""
    return replace(scope, townships=_options().everything)


def link_filters(scope: Scope) -> dict[str, str | list[str]]:
    """Return what an address within the same filters holds; the day is written in full."""
    chosen = {"township": list(townships_in(scope).values())} if is_filtered(scope) else {}
    return {**chosen, "as_of": scope.as_of.isoformat()}


def place(scope: Scope) -> str:
    """Name the place that `scope` is about: 全县 (its region), or its townships by short name in fixed order."""
    options = _options()
    if not is_filtered(scope):
        return whole_place(options)
    names = [label for code, label in options.townships.items() if code in scope.townships]
    return "、".join(names) if len(names) <= 3 else f"{'、'.join(names[:2])}等{len(names)}个乡镇（街道）"


def townships_in(scope: Scope) -> dict[str, str]:
    """Return the label of each township (region compared) of `scope` by code, in fixed order."""
    options = _options()
    if options.is_above:
        return dict(options.townships)
    return {code: label for code, label in options.townships.items() if code in scope.townships}


def township_labels() -> Mapping[str, str]:
    """Return the label of each township (region compared) by code, in fixed order."""
    return _options().townships


def compares_regions() -> bool:
    """Tell whether the page is about regions above the townships."""
    options = st.session_state.get(_CHOICES)
    return isinstance(options, Choices) and options.is_above


def ask_for_county(title: str) -> None:
    """Show the counties to choose from in place of a page that is about one of them."""
    options = _options()
    if options.regions is not None and options.region is not None:
        county_links(options.regions, options.region, title)


def unit_name() -> str:
    """Name what is compared: 乡镇（街道）, or above it 县（市、区）, 市."""
    options = _options()
    if options.regions is None or options.region is None:
        return "乡镇（街道）"
    return level_name(options.regions, options.region)


def in_region(filters: dict[str, Any]) -> dict[str, Any]:
    """Return the filters of an address with the region that the page is about, where there are several."""
    options = st.session_state.get(_CHOICES)
    return placed(filters, options.regions, options.region) if isinstance(options, Choices) else filters


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
    return frozenset() if options.is_above else frozenset(st.session_state.get("township") or ()) & options.everything


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
