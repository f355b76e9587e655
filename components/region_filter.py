"""The region whose children are compared, in a database of several counties: chosen in the sidebar, kept in the URL.

A county alone has nothing to choose: no filter is drawn, and nothing in its address speaks of it.
Source: docs/decisions/0012-regions-above.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from analysis.remembered import remembered

REGION, TOWNSHIP, DOWN = "region", "township", "_down"
LEVEL_NAMES = {"county": "县（市、区）", "city": "市", "province": "省", "township": "乡镇（街道）"}
MANY_CHILDREN = 30


@dataclass(frozen=True)
class Regions:
    """The regions that have others to compare, by code, the roots first: labels, parents, levels."""

    labels: Mapping[str, str]
    parents: Mapping[str, str]
    levels: Mapping[str, str]
    counties: frozenset[str]

    @property
    def root(self) -> str:
        """The region that is shown where none is asked for."""
        return next(iter(self.labels))

    def children(self, code: str) -> list[str]:
        """Return the regions right below, in the fixed order; none below a county."""
        return [child for child in self.labels if self.parents.get(child) == code]

    def above(self, code: str) -> list[str]:
        """Return the regions above, from the top down."""
        found: list[str] = []
        while (code := self.parents.get(code, "")) in self.labels:
            found.insert(0, code)
        return found

    def counties_in(self, code: str) -> list[str]:
        """Return the counties in a region, itself among them."""
        return [county for county in self.labels if county in self.counties and code in (county, *self.above(county))]


def known_regions(nodes: pd.DataFrame) -> Regions | None:
    """Return what can be chosen from `queries.units.region_nodes`; None where there is one county or none."""
    if int(nodes["is_county"].sum()) < 2:
        return None
    codes = nodes["code"].tolist()
    parents = {code: str(parent) for code, parent in zip(codes, nodes["parent_code"], strict=True) if pd.notna(parent)}
    roots = [code for code in codes if parents.get(code) not in set(codes)]
    ordered = [*roots, *(code for code in codes if code not in set(roots))]
    names = dict(zip(codes, unique_labels(nodes, dict(zip(codes, nodes["name"], strict=True))), strict=True))
    levels = dict(zip(codes, nodes["level"], strict=True))
    counties = frozenset(nodes.loc[nodes["is_county"], "code"])
    return Regions({code: names[code] for code in ordered}, parents, levels, counties)


@remembered
def unique_labels(regions: pd.DataFrame, parents: Mapping[str, str]) -> pd.Series:
    """Return a label for each region that no other has: its short name, else its name, else that with its parent's.

    `parents` are names by code.
    """
    short = regions["short_name"].fillna(regions["name"])
    labels = short.where(~short.duplicated(keep=False), regions["name"])
    codes = regions["parent_code"] if "parent_code" in regions else [None] * len(regions)
    full = [parents.get(code, "") + name for code, name in zip(codes, regions["name"], strict=True)]
    return labels.where(~labels.duplicated(keep=False), pd.Series(full, regions.index, "str"))


def draw_region(regions: Regions, homes: Mapping[str, str], query: Mapping[str, Sequence[str]], own: str | None) -> str:
    """Draw the filter with the ways up and down; return the code of the region chosen.

    Parameters
    ----------
    homes
        The county of each township by its label: a link that names a township means its county.
    query
        The URL before the filters are drawn.
    own
        The viewer's own county, which is shown first.
    """
    if REGION not in st.session_state and not query.get(REGION):
        county = next((homes[name] for name in query.get(TOWNSHIP, ()) if name in homes), own)
        if county in regions.labels:
            st.session_state[REGION] = county
    codes = list(regions.labels)
    named = regions.labels.__getitem__
    chosen: str = st.selectbox(
        "地区", codes, format_func=named, key=REGION, bind="query-params", on_change=_forget_townships
    )
    for code in reversed(regions.above(chosen)):
        st.button(f"↑ {regions.labels[code]}", key=f"_up_{code}", on_click=_go, args=(code,), type="tertiary")
    children = regions.children(chosen)
    if 0 < len(children) <= MANY_CHILDREN:
        st.pills(f"进入{level_name(regions, chosen)}", children, format_func=named, key=DOWN, on_change=_go_down)
    return chosen


def level_name(regions: Regions, code: str) -> str:
    """Name what a region's children are: 县（市、区）, 市, 乡镇（街道）."""
    levels = {regions.levels[child] for child in regions.children(code)}
    return "、".join(LEVEL_NAMES.get(level, "下级地区") for level in sorted(levels)) or LEVEL_NAMES["township"]


def unknown_region(regions: Regions | None, query: Mapping[str, Sequence[str]]) -> str:
    """Return a sentence that names a region in the URL that cannot be chosen; "" without one."""
    known = () if regions is None else regions.labels.values()
    lost = [name for name in query.get(REGION, ()) if name and name not in known]
    shown = "本县" if regions is None else regions.labels[regions.root]
    return f"链接中的地区“{'、'.join(lost)}”不在名单中，已显示{shown}。" if lost else ""


def county_links(regions: Regions, region: str, title: str) -> None:
    """Say that a page is about one county, and lead to each county in the region, other filters kept."""
    st.title(title)
    st.info("本页按县查看。请选择一个县（市、区）：")
    kept = {key: st.query_params.get_all(key) for key in st.query_params if key not in (REGION, TOWNSHIP)}
    links = "".join(
        f'<a href="?{escape(urlencode({**kept, REGION: regions.labels[code]}, doseq=True))}" target="_self">'
        f"{escape(regions.labels[code])}</a>"
        for code in regions.counties_in(region)
    )
    st.html(f'<nav class="gov-row" aria-label="选择县（市、区）">{links}</nav>')


def kept_region(regions: Regions) -> str:
    """Return what was chosen on another page, and keep it: Streamlit forgets a filter that a page does not draw."""
    chosen: str = st.session_state.get(REGION, regions.root)
    st.session_state[REGION] = chosen
    return chosen


def placed(filters: Mapping[str, Any], regions: Regions | None, region: str | None) -> dict[str, Any]:
    """Return the filters of an address within a region: named where it is not the one shown first.

    A region compared stands where a township would: the address leads into it.
    """
    if regions is None or region is None or REGION in filters:
        return dict(filters)
    into = {regions.labels[code] for code in regions.children(region)} & {str(filters.get(TOWNSHIP))}
    if into:
        return {**{key: value for key, value in filters.items() if key != TOWNSHIP}, REGION: into.pop()}
    return dict(filters) if region == regions.root else {**filters, REGION: regions.labels[region]}


def _go(code: str) -> None:
    st.session_state[REGION] = code
    _forget_townships()


def _go_down() -> None:
    chosen = st.session_state.get(DOWN)
    st.session_state[DOWN] = None
    if chosen is not None:
        _go(chosen)


def _forget_townships() -> None:
    st.session_state[TOWNSHIP] = []
