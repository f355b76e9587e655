"""The frame around every page: who is looking, the shared filters, the menu and the foot; no figures."""

from collections.abc import Callable
from datetime import date
from html import escape
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from analysis.outlines import read_outlines
from analysis.scope import Viewer
from analysis.wording import day, moment
from auth import bind_session, current_viewer, fingerprint
from cache import fetch, release
from components import filters, paper
from components.copy_link import copy_link
from components.filter_choices import Choices, choices, not_honoured, township_names
from components.outline_map import offer_outlines
from components.page_filters import DEPARTMENT, LIGHT, WORK_GROUP, PageFilter, light_filter
from components.region_filter import Regions, draw_region, kept_region, known_regions
from components.session_watch import session_watch
from components.tasks.weak_links import KIND, kind_filter
from errors import DatabaseEmpty, DataError
from gate.notices import ICON, TITLE
from navigation import Page, menu
from queries.campaigns import campaigns
from queries.names import first_day, lead_department_names, work_group_names
from queries.regions import townships
from queries.releases import Release, newest_as_of
from queries.units import region_nodes
from settings import get_settings

SIDEBAR_PIXELS = 260


def frame() -> None:
    """Draw the frame and run the page that was asked for."""
    st.set_page_config(TITLE, ICON, layout="wide", initial_sidebar_state=SIDEBAR_PIXELS)
    viewer = current_viewer()
    if viewer is None:
        session_watch()
        st.stop()
    bind_session(viewer)
    own_map = get_settings().township_map
    offer_outlines(None if own_map is None else read_outlines(own_map))
    chosen, page = _menu(viewer)
    newest = _filters(page, viewer)
    with st.sidebar:
        if newest is not None:
            copy_link(_as_of(newest) if "as_of" in page.filters else None)
        session_watch(viewer.name, fingerprint(viewer))
    if newest is None:
        if not page.filters:  # the import needs no figures: it brings the first
            chosen.run()
        st.stop()
    body, foot = st.container(), st.container(key="foot")  # the foot stands even when the page stops early
    with foot:
        _foot(newest)
    with body:
        if filters.compares_regions() and not page.is_above:
            filters.ask_for_county(page.title)
        else:
            chosen.run()


def _menu(viewer: Viewer) -> tuple[StreamlitPage, Page]:
    """Draw the menu of the viewer's role; return the page asked for, as Streamlit's and as ours."""
    own = [(_as_streamlit(page), section, page) for section, pages in menu(viewer.role).items() for page in pages]
    sections: dict[str, list[StreamlitPage]] = {}
    for shown, section, _ in own:
        sections.setdefault(section, []).append(shown)
    chosen = st.navigation(sections, position="top")
    return chosen, next(page for shown, _, page in own if shown == chosen)


def _as_streamlit(page: Page) -> StreamlitPage:
    visibility: Literal["visible", "hidden"] = "hidden" if page.is_hidden else "visible"
    return st.Page(page.path, title=page.title, icon=page.icon, default=page.is_default, visibility=visibility)


def _filters(page: Page, viewer: Viewer) -> Release | None:
    """Say what the URL asks for and cannot have, draw the filters and the chip; say it when there are no data."""
    try:
        newest = release()
        if newest is None:
            raise DatabaseEmpty
        query = {key: st.query_params.get_all(key) for key in st.query_params}
        options = _options(page, newest, query, viewer)
    except DataError as error:
        st.error(str(error), icon=":material/database_off:")
        return None
    top = st.container()  # always there, so that the charts below keep their place when a note or the chip comes
    with st.sidebar:
        filters.draw_filters(options)
    with top:
        for note in not_honoured(query, options):
            st.warning(note, icon=":material/info:")
        filters.filter_chip()
    return newest


def _options(page: Page, newest: Release, query: dict[str, list[str]], viewer: Viewer) -> Choices:
    last = fetch(newest_as_of) or newest.as_of
    known = {
        WORK_GROUP: lambda: PageFilter(WORK_GROUP, "专项组", _labels(work_group_names)),
        DEPARTMENT: lambda: PageFilter(DEPARTMENT, "牵头单位", _labels(lead_department_names)),
        LIGHT: light_filter,
        KIND: kind_filter,
    }
    own = [known[name]() for name in page.filters if name in known]
    towns, regions = fetch(townships), known_regions(fetch(region_nodes))
    region = None if regions is None else _region(regions, towns, page, query, viewer)
    return choices(
        towns, fetch(campaigns), earliest=fetch(first_day), newest=last, shown=page.filters, own=own,
        regions=regions, region=region,
    )  # fmt: skip


def _region(regions: Regions, towns: pd.DataFrame, page: Page, query: dict[str, list[str]], viewer: Viewer) -> str:
    """Draw the region to choose where townships are chosen; return its code."""
    if "township" not in page.filters:
        return kept_region(regions)
    parents = dict(zip(towns["code"], towns["parent_code"], strict=True))
    homes = {name: parents[code] for code, name in township_names(towns, regions).items()}
    with st.sidebar:
        return draw_region(regions, homes, query, parents.get(viewer.township_code))


def _labels(names: Callable[..., pd.DataFrame]) -> dict[str, str]:
    """Return names by code, for a filter."""
    return dict(fetch(names)[["code", "name"]].itertuples(index=False))


def _as_of(newest: Release) -> date:
    """Return the day of the figures on the page."""
    chosen: date | None = st.session_state.get("as_of")
    return chosen or fetch(newest_as_of) or newest.as_of


def _foot(newest: Release) -> None:
    """Say as of which day and from which release the figures are, and whether they are made up."""
    as_of = _as_of(newest)
    mark = "<span><b class='gov-mark'>演示数据</b> 未公开发布的数字均为演示</span>" if newest.is_demo else ""
    batch = f"数据批次 {newest.id}（{moment(newest.published_at)}发布，来源：{escape(newest.source or '未注明')}）"
    again = "<span><b>较上次发布有更正</b></span>" if newest.restates(as_of) else ""
    where = f"<span>筛选：{escape(filters.filters_said())}</span>"
    st.html(
        f"<footer class='gov-note gov-foot'><b>截至 {day(as_of)}</b>{where}<span>{batch}</span>{again}{mark}</footer>"
    )
    demo = "　演示数据" if newest.is_demo else ""
    paper.margins(f"{TITLE}　截至{day(as_of)}　筛选：{filters.filters_said()}　数据批次{newest.id}{demo}")


frame()
