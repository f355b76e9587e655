"""指标一览表: every indicator in every township, its level told by shape and word, n/N on pointing at a cell."""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.explanation import basis_words, value_words
from analysis.kpis import STATE_WORDS
from analysis.levels import LEVELS, RANGES, Level, score_level
from analysis.wording import MISSING, number, place
from components.definitions import term
from components.links import link_mark, rows_link
from components.marks import level_mark
from components.text import nothing_html
from components.township_names import township_head


def heat_html(judged: pd.DataFrame, ranked: pd.DataFrame, links: Mapping[str, str]) -> str:
    """Return the heat table: a row per indicator, a column per township, the composite on top.

    Parameters
    ----------
    judged
        Rows of `queries.rankings.kpi_table`.
    ranked
        `analysis.rankings.ranked_rows` in the order of the columns: township_code, township, score, rank, is_tied.
    links
        Where a township's composite leads, by code; its heading leads to its 画像.
    """
    if ranked.empty:
        return nothing_html("可以比较的乡镇（街道）")
    labels = dict(zip(ranked["township_code"], ranked["township"], strict=True))
    heads = "".join(map(township_head, labels.values()))
    head = f'<tr><th class="kpi" scope="col">指标（权重）</th>{heads}</tr>'
    cells = {(row["kpi_code"], row["township_code"]): row for row in judged.to_dict("records")}
    kpis = judged.drop_duplicates("kpi_code").sort_values("kpi_code")
    order = pd.concat([kpis[kpis["weight"] > 0], kpis[kpis["weight"] == 0]]).to_dict("records")
    body = "".join(_row(kpi, [cells.get((kpi["kpi_code"], code)) for code in labels], labels) for kpi in order)
    table = f'<table class="gov-heat"><thead>{head}</thead><tbody>{_composite(ranked, links)}{body}</tbody></table>'
    return f"<div class='gov-box' tabindex='0'>{table}</div>"


def heat_table(judged: pd.DataFrame, ranked: pd.DataFrame, links: Mapping[str, str]) -> None:
    """Show the heat table under its legend."""
    st.html(legend_html() + heat_html(judged, ranked, links))


def legend_html() -> str:
    """Return what the shapes mean, with the scores they stand for."""
    items = "".join(f"<li>{level_mark(LEVELS[level])} <small>{escape(RANGES[level])}</small></li>" for level in LEVELS)
    return f'<ul class="gov-counts gov-legend">{items}</ul>'


def _composite(ranked: pd.DataFrame, links: Mapping[str, str]) -> str:
    cells = "".join(
        f"<td><b>{row['score']:.1f}</b><small>{_standing(row, links)}</small></td>"
        if not pd.isna(row["rank"])
        else f"<td><b>{MISSING}</b><small>暂不排名</small></td>"
        for row in ranked.to_dict("records")
    )
    return f'<tr class="sum"><th class="kpi" scope="row">综合得分</th>{cells}</tr>'


def _standing(row: Mapping[Any, Any], links: Mapping[str, str]) -> str:
    return link_mark((place(row["rank"], is_tied=bool(row["is_tied"])), links[row["township_code"]]))


def _row(kpi: Mapping[Any, Any], cells: list[Mapping[Any, Any] | None], labels: Mapping[str, str]) -> str:
    weight = f"权重{number(kpi['weight'], digits=1)}" if kpi["weight"] > 0 else "监测"
    unit = "" if pd.isna(kpi["unit"]) else f"，{kpi['unit']}"
    heading = f"{term(kpi['name'], kpi['kpi_code'])} <small>{escape(weight)}{escape(unit)}</small>"
    return f'<tr><th class="kpi" scope="row">{heading}</th>{"".join(_cell(cell, labels) for cell in cells)}</tr>'


def _cell(cell: Mapping[Any, Any] | None, labels: Mapping[str, str]) -> str:
    if cell is None:
        return f'<td class="none">{MISSING}</td>'
    level = score_level(cell["score"], cell["state"])
    mark = LEVELS[level]
    score = "" if pd.isna(cell["score"]) else f"，得分{cell['score']:.1f}"
    rank = "" if pd.isna(cell["rank"]) else f"，本项第{cell['rank']:.0f}名"
    basis = "，".join(filter(None, (basis_words(cell), STATE_WORDS[cell["state"]])))
    said = f"{labels[cell['township_code']]} {cell['name']} {value_words(cell)}{f'（{basis}）' if basis else ''}"
    value = MISSING if pd.isna(cell["value"]) or level is Level.UNREPORTED else f"{cell['value']:{_digits(cell)}}"
    shape = f'<span class="shape" aria-label="{escape(mark.word)}">{mark.shape}</span>' if cell["weight"] > 0 else ""
    title = escape(f"{said}{score}{rank}，{mark.word}" if cell["weight"] > 0 else said)
    _, target = rows_link(cell["computed_from"], cell["kpi_code"], labels[cell["township_code"]], cell["month"])
    link = f'<a href="{escape(target)}" target="_self">{value} {shape}</a>'
    return f'<td class="{mark.colour} {level.value}" title="{title}">{link}</td>'


def _digits(cell: Mapping[Any, Any]) -> str:
    return ",.0f" if cell["kind"] in ("count", "rank", "amount") else ".1f"
