"""The tile map: each township a tile at its place, coloured by one figure, with value, shape and word on it."""

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.tiles import Tile, legend
from components.links import address, township_link

MANY_TILES = 60
"""More townships than this fill no screen with tiles: no map is drawn."""


def tile_map_html(
    tiles: Sequence[Tile],
    places: pd.DataFrame,
    *,
    figure: str,
    filters: Mapping[str, Any],
    chosen: Collection[str] = (),
    is_filter: bool = False,
) -> str:
    """Return the tiles as a list laid out on a grid, under a legend of words and counts.

    A tile's name leads to the township's page, its figure too, or with `is_filter` to this page for that township
    alone, and from a chosen one back to all.

    Parameters
    ----------
    tiles
        `analysis.tiles.tiles`, one a township.
    places
        `queries.regions.townships` with township (label): a township without a place comes in a row below the others.
    figure
        What the tiles show, in words.
    filters
        What the addresses hold beside the township: the as-of date.
    chosen
        Codes of the townships that are filtered by, marked on the map.
    """
    found = {tile.township_code: tile for tile in tiles}
    rows = [row for row in _placed(places).to_dict("records") if row["code"] in found]
    if not rows or len(rows) > MANY_TILES:
        return ""
    items = ""
    for row in rows:
        is_chosen = row["code"] in chosen
        target, label = str(row["township"]), "" if is_chosen and is_filter else str(row["township"])
        here = address("", **{**filters, "township": [label] if label else []})
        figure_link = (here if is_filter else township_link(label, filters=filters), label)
        name_link = (township_link(target, filters=filters), target)
        items += _tile(found[row["code"]], row, name_link, figure_link, is_chosen=is_chosen)
    columns = max(int(row["col"]) for row in rows) + 1
    grid = f'<ul class="gov-tiles" style="--tiles:{columns}" aria-label="{escape(figure)}">{items}</ul>'
    return f'<div class="gov-tile-map">{_legend(tiles)}{grid}</div>'


def tile_map(
    tiles: Sequence[Tile],
    places: pd.DataFrame,
    *,
    figure: str,
    filters: Mapping[str, Any],
    chosen: Collection[str] = (),
    is_filter: bool = False,
) -> None:
    """Show the tile map; nothing for more townships than make one."""
    html = tile_map_html(tiles, places, figure=figure, filters=filters, chosen=chosen, is_filter=is_filter)
    if html:
        st.html(html)


def _placed(places: pd.DataFrame) -> pd.DataFrame:
    """Return the townships with col and row from 0; those without a place in rows of their own below."""
    known = places["tile_col"].notna() & places["tile_row"].notna()
    col, row = places["tile_col"] - places["tile_col"].min(), places["tile_row"] - places["tile_row"].min()
    width = int(col.max()) + 1 if known.any() else 5
    below = int(row.max()) + 1 if known.any() else 0
    order = (~known).cumsum() - 1
    return places.assign(col=col.where(known, order % width), row=row.where(known, below + order // width))


def _tile(
    tile: Tile, row: Mapping[Any, Any], name: tuple[str, str], figure: tuple[str, str], *, is_chosen: bool
) -> str:
    """Return one tile; links are address and the township that the walk then chooses ("" all)."""
    at = f"grid-column:{int(row['col']) + 1};grid-row:{int(row['row']) + 1}"
    current = ' aria-current="true"' if is_chosen else ""
    says = f"{row['township']} {tile.value} {tile.note} {tile.word}"
    heading = f'<a class="name" {_link(name)}>{escape(str(row["township"]))}</a>'
    shape = f'<span class="shape" role="img" aria-label="{escape(tile.word)}">{tile.shape}</span>'
    said = f"<b>{escape(tile.value)}</b><small>{escape(tile.note)}</small>{shape}"
    body = f'<a class="figure" {_link(figure)} title="{escape(says)}">{said}</a>'
    return f'<li class="{tile.colour}" style="{at}"{current}>{heading}{body}</li>'


def _link(target: tuple[str, str]) -> str:
    href, township = target
    return f'href="{escape(href)}" target="_self" data-township="{escape(township)}"'


def _legend(tiles: Sequence[Tile]) -> str:
    items = "".join(
        f'<li class="{colour}"><span class="shape">{shape}</span> {escape(word)}<b>{count}</b></li>'
        for shape, word, colour, count in legend(tiles)
    )
    return f'<ul class="gov-tile-legend">{items}</ul>'
