"""The tile map: each township a tile at its place, coloured by one figure, with value, shape and word on it."""

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.outlines import Area, Outlines
from analysis.remembered import remembered
from analysis.scope import Scope
from analysis.tiles import Tile, TileFigures, legend, pace_today, tile_choices, tiles
from components.choices import pick
from components.filters import is_filtered, township_labels
from components.links import address, township_link
from components.outline_map import area_of, cut, offered_outlines, outline_map_html
from components.text import note
from components.township.walk import township_walk

Links = tuple[tuple[str, str], tuple[str, str]]
MANY_TILES = 60
"""More townships than this fill no screen with tiles: no map is drawn."""


@remembered
def tile_map_html(
    shown: Sequence[Tile],
    places: pd.DataFrame,
    *,
    figure: str,
    filters: Mapping[str, Any],
    chosen: Collection[str] = (),
    is_filter: bool = False,
    outlines: Outlines | None = None,
) -> str:
    """Return the tiles as a list laid out on a grid, under a legend of words and counts.

    A tile's name leads to the township's page, its figure too, or with `is_filter` to this page for that township
    alone, and from a chosen one back to all.

    Parameters
    ----------
    shown
        `analysis.tiles.tiles`, one a township.
    places
        `queries.regions.townships` with township (label): a township without a place comes in a row below the others.
    figure
        What the tiles show, in words.
    filters
        What the addresses hold beside the township: the as-of date.
    chosen
        Codes of the townships that are filtered by, marked on the map.
    outlines
        The county's own map: townships with an outline lie on it, the others in tiles below.
    """
    found = {tile.township_code: tile for tile in shown}
    rows = [row for row in _placed(places).to_dict("records") if row["code"] in found]
    if not rows or len(rows) > MANY_TILES:
        return ""
    on_map: list[tuple[Area, str, str]] = []
    tiled, columns = "", max(int(row["col"]) for row in rows) + 1
    for row in rows:
        tile, area, is_chosen = found[row["code"]], area_of(outlines, row), row["code"] in chosen
        links = _links(str(row["township"]), filters, is_chosen=is_chosen, is_filter=is_filter)
        if area is None:
            at = f"grid-column:{int(row['col']) + 1};grid-row:{int(row['row']) + 1}"
            tiled += _tile(tile, row, links, at=at, is_chosen=is_chosen)
        else:
            at = f"left:{area.label[0]:.1f}%;top:{area.label[1]:.1f}%"
            cut_out = f'<a class="{tile.colour}" {_link(links[1])} style="{cut(area)}" tabindex="-1"></a>'
            on_map.append((area, cut_out, _tile(tile, row, links, at=at, is_chosen=is_chosen)))
    marked = [area for row in rows if row["code"] in chosen and (area := area_of(outlines, row)) is not None]
    drawn = outline_map_html(outlines, on_map, marked, figure=figure)
    label = f'style="--tiles:{columns}" aria-label="{escape(figure)}"'
    grid = f'<ul class="gov-tiles" {label}>{tiled}</ul>' if tiled else ""
    return f'<div class="gov-tile-map">{_legend(shown)}{drawn}{grid}</div>'


def tile_map(
    shown: Sequence[Tile],
    places: pd.DataFrame,
    *,
    figure: str,
    filters: Mapping[str, Any],
    chosen: Collection[str] = (),
    is_filter: bool = False,
) -> None:
    """Show the tile map; nothing for more townships than make one."""
    html = tile_map_html(
        shown,
        places,
        figure=figure,
        filters=filters,
        chosen=chosen,
        is_filter=is_filter,
        outlines=offered_outlines(),
    )
    if html:
        st.html(html)


def tile_section(
    scope: Scope,
    places: pd.DataFrame,
    ranked: pd.DataFrame,
    judged: pd.DataFrame,
    now: pd.DataFrame,
    matrix: pd.DataFrame,
    campaigns: pd.DataFrame,
) -> None:
    """Show the tile map of the county as a filter of the page, with the choice of what colours it.

    Parameters
    ----------
    scope
        Of the page: its townships are marked. All other frames are over the whole set.
    places, ranked, judged, now, matrix
        `queries.regions.townships`; the others as in `analysis.tiles.TileFigures`.
    campaigns
        `queries.backlog.campaign_at`.
    """
    labels, choices = township_labels(), tile_choices(judged)
    known = TileFigures(ranked, judged, now, matrix, pace_today(campaigns, scope.as_of))
    figure = pick("地图显示", choices, key="tile") or next(iter(choices))
    chosen = scope.townships if is_filtered(scope) else frozenset()
    named = places.assign(township=places["code"].map(labels))
    filters = {"as_of": scope.as_of.isoformat()}
    tile_map(tiles(figure, known), named, figure=choices[figure], filters=filters, chosen=chosen, is_filter=True)
    note("点名称看乡镇画像，点数字只看该乡镇（街道），再点一次恢复全县。")
    township_walk()


def _placed(places: pd.DataFrame) -> pd.DataFrame:
    """Return the townships with col and row from 0; those without a place in rows of their own below."""
    known = places["tile_col"].notna() & places["tile_row"].notna()
    col, row = places["tile_col"] - places["tile_col"].min(), places["tile_row"] - places["tile_row"].min()
    width = int(col.max()) + 1 if known.any() else 5
    below = int(row.max()) + 1 if known.any() else 0
    order = (~known).cumsum() - 1
    return places.assign(col=col.where(known, order % width), row=row.where(known, below + order // width))


def _links(township: str, filters: Mapping[str, Any], *, is_chosen: bool, is_filter: bool) -> Links:
    """Return where a township's name and its figure lead: address, and what the walk then chooses ("" all)."""
    label = "" if is_chosen and is_filter else township
    here = address("", **{**filters, "township": [label] if label else []})
    own = township_link(township, filters=filters)
    return (own, township), (here if is_filter else own, label)


def _tile(tile: Tile, row: Mapping[Any, Any], links: Links, *, at: str, is_chosen: bool) -> str:
    """Return one tile; `at` is its place."""
    name, figure = links
    current = ' aria-current="true"' if is_chosen else ""
    says = f"{row['township']} {tile.value} {tile.note} {tile.word}"
    heading = f'<a class="name" {_link(name)} title="{escape(str(row["township"]))}">{escape(str(row["township"]))}</a>'
    shape = f'<span class="shape" role="img" aria-label="{escape(tile.word)}">{tile.shape}</span>'
    said = f"<b>{escape(tile.value)}</b><small>{escape(tile.note)}</small>{shape}"
    body = f'<a class="figure" {_link(figure)} title="{escape(says)}">{said}</a>'
    return f'<li class="{tile.colour}" style="{at}"{current}>{heading}{body}</li>'


def _link(target: tuple[str, str]) -> str:
    href, township = target
    return f'href="{escape(href)}" target="_self" data-township="{escape(township)}"'


def _legend(shown: Sequence[Tile]) -> str:
    items = "".join(
        f'<li class="{colour}"><span class="shape">{shape}</span> {escape(word)}<b>{count}</b></li>'
        for shape, word, colour, count in legend(shown)
    )
    return f'<ul class="gov-tile-legend">{items}</ul>'
