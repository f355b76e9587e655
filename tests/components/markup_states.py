"""Every component of HTML in every state a county can bring it into: what it is then given, and its markup."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd

from analysis.annotations import Note
from analysis.climbs import climbs
from analysis.contributions import gap_of
from analysis.control_charts import Assurance, Variation
from analysis.definitions import DEFINITIONS
from analysis.explanation import explained_rows
from analysis.follow_ups import follow_up_table
from analysis.lights import LIGHTS, Light
from analysis.meeting.plan import Item, Topic
from analysis.meeting.slides import Slide
from analysis.outlines import Area, Outlines
from analysis.rankings import ALL, ranked_rows, with_notes
from analysis.tiles import Tile
from analysis.weak_links.briefing import weak_link_rows
from analysis.weak_links.kinds import findings
from analysis.wording import MISSING
from components import annotations, definitions, follow_ups, kpi, lights, tables, tiles
from components.assessment import heat, signals, standings, what_if
from components.backlog import goals, structure
from components.meeting import meeting, presenter
from components.meeting.slides import Leaf
from components.tables import Column, table_html
from components.tasks import matrix, task_book, weak_links
from components.township import sections, township
from tests.components.chart_states import LONG, State, measured, named
from tests.judged import judged

DAY = date(2020, 8, 31)
WEIGHTS = {"K01": 9.0, "K18": 1.0, "K21": 0.0}
WORDS = f"{LONG}的积案由包案领导逐件约谈，问题解决到位的当场签订协议。"


def _codes(state: State) -> dict[str, str]:
    return {f"t{i}": name for i, name in enumerate(named(state))}


def _ranked(state: State) -> pd.DataFrame:
    rank, labels = measured(state, np.arange(1, state.rows + 1)), _codes(state)
    same = dict.fromkeys(("rank", "previous_rank", "rank_low", "rank_high"), rank)
    frame = pd.DataFrame({"township_code": list(labels), "score": 100 - rank, "rank_change": 0 * rank, **same})
    frame = frame.assign(
        coverage=1.0, scheme_score=frame["score"], beats_next=0 * rank, weight_low=rank, weight_high=rank
    )
    return frame.astype({"township_code": "str"})


def _rows(state: State) -> pd.DataFrame:
    labels = _codes(state)
    return with_notes(
        ranked_rows(_ranked(state), labels), dict.fromkeys(labels, "基数小1项"), dict.fromkeys(labels, WORDS)
    )


def _judged(state: State) -> pd.DataFrame:
    value = measured(state, np.full(state.rows, 18))
    found = {(code, "K01"): (x, 20.0) for code, x in zip(_codes(state), value, strict=True)}
    return judged({**found, ("t0", "K18"): 80.0, ("t0", "K21"): 1234.0}, WEIGHTS, list(_codes(state)))


def _heat(state: State) -> str:
    rows = _rows(state)
    return heat.heat_html(
        _judged(state) if state.rows else _judged(State(1)).head(0), rows, standings.standing_links(rows, DAY)
    )


def _explanation(state: State) -> str:
    found = _judged(State(2))
    gap = gap_of(found, "t0")
    rows = explained_rows(gap, climbs(found, "t0"))
    rows = pd.concat([rows] * (state.rows // 2 + 1), ignore_index=True).head(state.rows).assign(name=named(state))
    if state.missing:
        rows = rows.assign(**{name: float("nan") for name in ("score", "gap", "contribution")})
    return standings.explanation_table_html(replace(gap, rows=rows), rows, township=LONG, month=DAY)


def _grid(state: State) -> pd.DataFrame:
    kinds = [list(Variation)[i % len(Variation)] for i in range(state.rows)]
    rows = pd.DataFrame(
        {"kpi_code": "K01", "name": "信访积案化解率", "form": "share", "region_code": list(_codes(state))}
    )
    value = measured(state, np.ones(state.rows))
    return rows.assign(
        place=named(state),
        variation=[kind.value for kind in kinds],
        variation_word=["" if np.isnan(v) else "变差" for v in value],
        assurance=Assurance.FAIL.value,
        assurance_word=["" if np.isnan(v) else "达不到" for v in value],
        says=WORDS,
    )


def _notes(state: State) -> list[Note]:
    reply = "" if state.missing else "已整改"
    return [
        Note(DAY, f"{name}停办", i % 2 == 0, "行动办", reply, reply and LONG) for i, name in enumerate(named(state))
    ]


def _follow_ups(state: State) -> str:
    due = None if state.missing else DAY
    reply = None if state.missing else WORDS
    said = [
        SimpleNamespace(
            id=i,
            author="行动办",
            reply=reply,
            replier=reply and LONG,
            decision=SimpleNamespace(
                subject=name, promise=WORDS, owner=LONG, raised_on=DAY, due_on=due, done_on=None, township_code=code,
                reference="",
            ),
        )
        for i, (code, name) in enumerate(_codes(state).items())
    ]  # fmt: skip
    return follow_ups.follow_ups_html(follow_up_table(said, _codes(state), as_of=DAY, newest=DAY))


def _cards(state: State) -> str:
    values = measured(state, np.arange(state.rows))
    return kpi.cards_html(
        [
            kpi.Card(
                name,
                MISSING if np.isnan(v) else f"{v:,.0f}",
                "件",
                note=WORDS,
                foot="92/114",
                trend=list(values),
                trend_says="近八周走势",
                tone="red",
                figure="opened",
            )
            for name, v in zip(named(state), values, strict=True)
        ]
    )


def _multiples(state: State) -> str:
    values = measured(state, np.arange(state.rows) * 13 + 1)
    trends = {
        name: ([*values[i:], float(v)], [float("nan"), 2.0])
        for i, (name, v) in enumerate(zip(named(state), values, strict=True))
    }
    return kpi.multiples_html(kpi.township_cells(trends))


def _matrix(state: State) -> str:
    kinds = list(LIGHTS)
    places = _codes(State(state.rows and 14, state.is_long)) if state.rows != 1 else _codes(state)
    tasks = pd.DataFrame(
        {
            "task_code": list(_codes(state)),
            "title": named(state),
            "work_group": [f"组{i // 3}" for i in range(state.rows)],
        }
    )
    cells = [
        (task, code, "township", kinds[(i + j) % len(kinds)])
        for i, task in enumerate(tasks["task_code"])
        for j, code in enumerate(places)
        if not state.missing or (state.missing != "all" and j % 2)
    ]
    found = pd.DataFrame(cells, columns=["task_code", "region_code", "scope", "light"])
    return matrix.matrix_html(
        found, tasks.assign(number=range(state.rows)), places, link=lambda task, place: f"task?task={task}"
    )


def _weak_links(state: State) -> str:
    known = "" if state.missing else WORDS
    rows = [
        {
            "reference": f"r{i}",
            "kind": "red",
            "severity": 1 + i % 3,
            "size": 1.0,
            "subject": name,
            "evidence": WORDS,
            "owner": known,
        }
        for i, name in enumerate(named(state))
    ]
    found = findings(rows or [{"reference": "r", "kind": "red", "severity": 3, "size": 1.0}]).head(state.rows)
    told = weak_link_rows(found.assign(bottleneck=known, countermeasure=known, leaders=known, decided=known))
    return weak_links.weak_links_html(told, {}, {}, may_decide=True)


def _facts(state: State) -> str:
    text = None if state.missing or not state.rows else WORDS * min(state.rows, 10)
    day = pd.NaT if state.missing else pd.Timestamp(DAY)
    fact = dict.fromkeys(("objective", "measure", "lead", "responsible", "work_group", "origin"), text)
    return task_book.facts_html({**fact, "weight": 2.5, "starts_on": day, "due_on": day})


def _task_ways(state: State) -> str:
    facts = pd.DataFrame({"code": list(_codes(state)), "number": range(state.rows), "title": named(state)})
    return task_book.task_ways_html(facts, "t0", filters={}) if state.rows else ""


def _tiles(state: State) -> list[Tile]:
    value = measured(state, np.arange(state.rows) * 97.5)
    return [
        Tile(
            code, MISSING if np.isnan(v) else f"{v:,.1f}", "" if np.isnan(v) else f"第{i + 1}名", "■", "明显靠后", "red"
        )
        for i, (code, v) in enumerate(zip(_codes(state), value, strict=True))
    ]


def _places(state: State) -> pd.DataFrame:
    at = measured(state, np.arange(state.rows))
    labels = _codes(state)
    return pd.DataFrame(
        {"code": list(labels), "township": list(labels.values()), "tile_col": at % 4, "tile_row": at // 4}
    )


def _tile_map(state: State) -> str:
    return tiles.tile_map_html(_tiles(state), _places(state), figure="综合得分", filters={})


def _outline_map(state: State) -> str:
    areas = {
        name: Area((((x, y), (x + 23, y), (x + 23, y + 23 / 4), (x, y + 23 / 4)),), (x + 11, y + 3))
        for i, name in enumerate(named(state))
        for x, y in [(25.0 * (i % 4), 6.0 * (i // 4))]
    }
    outlines = Outlines(areas, 0.7)
    return tiles.tile_map_html(_tiles(state), _places(state), figure="综合得分", filters={}, outlines=outlines)


def _table(state: State) -> str:
    value = measured(state, np.arange(state.rows))
    day = pd.Series([pd.NaT if np.isnan(v) else pd.Timestamp(DAY) for v in value], dtype="datetime64[s]")
    frame = pd.DataFrame(
        {"township": named(state), "open": value, "rate": value / 100, "score": value, "day": day, "word": None}
    )
    columns = (
        Column("township", "乡镇（街道）"),
        Column("open", "未化解", tables.count, is_number=True),
        Column("rate", "化解率", tables.rate, is_number=True),
        Column("score", "得分", tables.score, is_number=True),
        Column("day", "时限", tables.short_day),
        Column("word", "说明"),
    )
    return table_html(frame, columns, caption="单位：件。")


def _definitions(state: State) -> list[object]:
    one = DEFINITIONS["opened"]
    return [replace(one, code=f"d{i}", name=name, subject="积案", rule="") for i, name in enumerate(named(state))]


def _counts(state: State) -> dict[Light, int]:
    return {light: i + 1 for i, light in zip(range(state.rows), LIGHTS, strict=False) if not state.missing}


def _clear_villages(state: State) -> str:
    return structure.clear_villages_html([(name, "、".join(["★新昌村"] * 20)) for name in named(state)])


def _goals(state: State) -> str:
    standing = "" if state.missing else WORDS
    known = [SimpleNamespace(number=i + 1, goal=name, standing=standing) for i, name in enumerate(named(state))]
    return goals.goals_html(known, range(1, 6))  # type: ignore[arg-type]


def _what_if(state: State) -> str:
    return what_if.what_if_table_html(what_if.what_if_rows(_ranked(state), _codes(state)), is_sure=True)


def _slides(state: State) -> str:
    said = [Slide(Item(Topic.TOWNSHIP, code), f"{name}领先", WORDS) for code, name in _codes(state).items()]
    return meeting.slide_list_html(said, _codes(state))


def _presenter(state: State) -> str:
    leaves = [Leaf(f"t{i}", "乡镇", f"{name}领先", f"<p>{WORDS}</p>", WORDS) for i, name in enumerate(named(state))]
    return presenter.presenter_html(leaves, stamp="截至2020年8月31日", is_demo=True)


def _ranking(state: State) -> str:
    return standings.ranking_table_html(_rows(state), kind=ALL, places=state.rows, as_of=DAY)


SHOWN: dict[str, Callable[[State], str]] = {
    "annotations.notes_html": lambda state: annotations.notes_html(_notes(state)),
    "assessment.heat.heat_html": _heat,
    "assessment.heat.legend_html": lambda _: heat.legend_html(),
    "assessment.signals.flagged_html": lambda state: signals.flagged_html(_grid(state), {}),
    "assessment.signals.grid_html": lambda state: signals.grid_html(_grid(state), {}),
    "assessment.signals.verdicts_html": lambda _: signals.verdicts_html(Variation.CONCERN, Assurance.FAIL),
    "assessment.standings.explanation_table_html": _explanation,
    "assessment.standings.ranking_table_html": _ranking,
    "assessment.standings.township_row_html": lambda state: standings.township_row_html(_rows(state), "t0", DAY),
    "assessment.what_if.what_if_table_html": _what_if,
    "backlog.goals.goals_html": _goals,
    "backlog.structure.clear_villages_html": _clear_villages,
    "definitions.definition_list_html": lambda state: definitions.definition_list_html(_definitions(state)),
    "definitions.definitions_html": lambda state: definitions.definitions_html(_definitions(state)),
    "follow_ups.follow_ups_html": _follow_ups,
    "kpi.cards_html": _cards,
    "kpi.multiples_html": _multiples,
    "lights.counts_html": lambda state: lights.counts_html(_counts(state)),
    "meeting.meeting.slide_list_html": _slides,
    "meeting.presenter.presenter_html": _presenter,
    "outline_map.outline_map_html": _outline_map,
    "tables.table_html": _table,
    "tasks.matrix.matrix_html": _matrix,
    "tasks.task_book.facts_html": _facts,
    "tasks.task_book.task_ways_html": _task_ways,
    "tasks.weak_links.weak_links_html": _weak_links,
    "tiles.tile_map_html": _tile_map,
    "township.sections.notes_html": lambda state: sections.notes_html("化解率", _notes(state)),
    "township.township.posts_html": lambda state: township.posts_html(
        [(f"书记{i}", n) for i, n in enumerate(named(state))]
    ),
}
