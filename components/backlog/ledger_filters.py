"""The filters of the ledger: how the cases stand, in which order, and every column, kept in the URL by their words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Literal, NamedTuple

import pandas as pd
import streamlit as st

from analysis.ledger import (
    REPEATS,
    SATISFACTIONS,
    STATE_WORDS,
    TIMES,
    TOWNSHIP_LED,
    TOWNSHIP_LED_WORD,
    CaseFilter,
    Order,
    State,
    order_words,
)
from analysis.scope import Rights, Scope
from analysis.streams import Stream
from analysis.wording import day
from components import page_filters
from components.choices import choice
from components.page_filters import PageFilter

SIZES = {"50件": 50, "20件": 20, "100件": 100, "200件": 200}
FALLING = ("降序", "升序")
COLUMNS = 4
MOST_DAYS = 99_999
TEXTS = 2
"""Boxes of texts stand before the lists, those of days and ages behind."""
_FIELDS = {"platform": "platform", "category": "category", "channel": "channel", "level": "level",
           "lead_department_code": "lead", "case_leader": "leader", "closing_method": "method"}  # fmt: skip
_LABELS = {"platform": "平台", "category": "类别", "channel": "渠道", "level": "等级", "lead": "主办单位",
           "leader": "包案领导", "method": "办结方式"}  # fmt: skip


class Box(NamedTuple):
    """A filter that is typed: its key in the URL, its label, how it is said, and what goes into it."""

    key: str
    label: str
    said: str
    holds: Literal["text", "day", "count"]

    @property
    def value(self) -> Any:
        """What stands in it: a text without blanks around it, a day or a number; "" or None for nothing."""
        value = st.session_state.get(self.key)
        return (value or "").strip() if self.holds == "text" else value


@dataclass(frozen=True)
class Asked:
    """What is asked of the ledger: filters, order and page size; platform and campaign belong to the scope."""

    where: CaseFilter
    order_by: Order
    descending: bool
    size: int
    platform: str
    campaign: str | None
    words: tuple[str, ...]

    def within(self, scope: Scope) -> Scope:
        """Return a scope narrowed to the platform and campaign asked for."""
        return replace(scope, platform=self.platform, campaign=self.campaign or scope.campaign)


def ledger_filters(
    stream: Stream, values: pd.DataFrame, villages: Mapping[str, str], campaigns: Mapping[str, str]
) -> Asked:
    """Draw the filters and return what they ask.

    Parameters
    ----------
    values : pd.DataFrame
        `queries.case_values.case_values`.
    villages
        Labels (天马·某村) by code; none where no township is chosen.
    campaigns
        Names by code.
    """
    left, right, third, fourth = st.columns([4, 2, 1, 1], vertical_alignment="bottom")
    with left:
        state = choice("状态", tuple(STATE_WORDS.values()), key="state")
    orders = {word: order for order, word in order_words(stream).items()}
    with right:
        order = _listed("排序", list(orders), key="sort")
    with third:
        direction = _listed("顺序", FALLING, key="order")
    with fourth:
        size = _listed("每页", tuple(SIZES), key="size")
    lists, boxes = _lists(stream, values, villages, campaigns), _boxes(stream)
    _say_unknown(lists, boxes)
    with st.expander("更多筛选", icon=":material/filter_list:"):
        _draw(lists, boxes)
        st.button("清除以上筛选", on_click=_clear, args=(lists, boxes), key="ledger_clear")
    words = tuple(() if state == STATE_WORDS["all"] else (state,)) + tuple(_said(lists, boxes))
    picked = {each.key: next(iter(page_filters.chosen(each)), None) for each in lists}
    states: dict[str, State] = {word: code for code, word in STATE_WORDS.items()}
    return Asked(
        _filter(picked, boxes, states[state]),
        orders[order],
        direction == FALLING[0],
        SIZES[size],
        picked["platform"] or "",
        picked["campaign"],
        words,
    )


def village_labels(villages: pd.DataFrame, townships: Mapping[str, str]) -> dict[str, str]:
    """Return the label of each village by code, its township first: two townships may have a village of one name."""
    rows = villages[["code", "township_code", "name"]].itertuples(index=False)
    return {code: f"{townships.get(township, township)}·{name}" for code, township, name in rows}


def rights_said(rights: Rights, townships: Mapping[str, str], departments: Mapping[str, str]) -> str:
    """Say to which cases the viewer's rights narrow the ledger; "" for none."""
    if rights.townships is not None:
        return f"按您的权限，只列出{'、'.join(townships.get(code, code) for code in rights.townships)}的案件。"
    if rights.department is not None:
        return f"按您的权限，只列出由{departments.get(rights.department, rights.department)}主办的案件。"
    return ""


def _listed(label: str, words: Sequence[str], *, key: str) -> str:
    """Show a short list, the first its default; an unknown word in the URL is named."""
    own = PageFilter(key, label, {word: word for word in words})
    sentence = page_filters.unknown(own, _query())
    if sentence:
        st.warning(sentence.replace("已显示全部", f"已按{words[0]}显示"), icon=":material/info:")
    return st.selectbox(label, list(words), key=key, bind="query-params") or words[0]


def _lists(
    stream: Stream, values: pd.DataFrame, villages: Mapping[str, str], campaigns: Mapping[str, str]
) -> list[PageFilter]:
    found = []
    for field, key in _FIELDS.items():
        own = values[values["field"] == field]
        options = dict(zip(own["value"], own["label"], strict=True))
        if key == "lead":
            options = {TOWNSHIP_LED: TOWNSHIP_LED_WORD, **options}
        else:  # a rare word that is not among the newest cases is asked for all the same
            options |= {text: text for text in st.query_params.get_all(key) if text and text not in options.values()}
        found.append(PageFilter(key, _LABELS[key], options))
    return [
        *found,
        PageFilter("village", "村（社区）", villages),
        PageFilter("satisfaction", "满意度", SATISFACTIONS),
        PageFilter("repeat", "是否重复", REPEATS),
        PageFilter("times", "第几次", TIMES),
        PageFilter("campaign", "专项行动", campaigns),
    ]


def _boxes(stream: Stream) -> list[Box]:
    named = {"opened": stream.opened, "due": "期限", "closed": stream.closed, "first": f"首次{stream.opened}"}
    ends = {"from": "自", "to": "至"}
    return [
        Box("number", "案件编号（可只填一部分）", "编号含", "text"),
        Box("repeat_of", "原案件编号（须填全）", "原案件编号", "text"),
        *(Box(f"{key}_{end}", f"{word}{said}", f"{word}{said}", "day")
          for key, word in named.items() for end, said in ends.items()),
        *(Box(f"age_{end}", f"天数{said}", f"天数{said}", "count") for end, said in ends.items()),
    ]  # fmt: skip


def _draw(lists: Sequence[PageFilter], boxes: Sequence[Box]) -> None:
    """Draw all in rows, so that on a phone too what belongs together stands together."""
    drawn: list[Callable[[], None]] = [partial(_draw_box, box) for box in boxes]
    drawn[TEXTS:TEXTS] = [partial(_draw_list, own) for own in lists]
    for first in range(0, len(drawn), COLUMNS):
        for column, draw in zip(st.columns(COLUMNS), drawn[first : first + COLUMNS], strict=False):
            with column:
                draw()


def _draw_list(own: PageFilter) -> None:
    page_filters.draw(own)
    if own.key == "village" and not own.options:
        st.caption("先在左侧选乡镇（街道）")


def _draw_box(box: Box) -> None:
    if box.holds == "text":
        st.text_input(box.label, key=box.key, bind="query-params", max_chars=64)
    elif box.holds == "day":
        st.date_input(box.label, None, key=box.key, format="YYYY-MM-DD", bind="query-params")
    else:
        st.number_input(box.label, 0, MOST_DAYS, None, 1, key=box.key, bind="query-params")


def _say_unknown(lists: Sequence[PageFilter], boxes: Sequence[Box]) -> None:
    """Name what the URL asks for and no filter can take."""
    query = _query()
    sentences = [page_filters.unknown(own, query) for own in lists]
    for box in boxes:
        wrong = [text for text in query.get(box.key, ()) if text and not _fits(text, box)]
        kind = "日期" if box.holds == "day" else "天数"
        sentences += [f"链接中的{box.label}“{wrong[0]}”不是{kind}，已忽略。"] if wrong else []
    for sentence in filter(None, sentences):
        st.warning(sentence, icon=":material/info:")


def _said(lists: Sequence[PageFilter], boxes: Sequence[Box]) -> list[str]:
    """Return what is chosen, in words."""
    said = ["" if box.value in ("", None) else f"{box.said}{_shown(box.value)}" for box in boxes]
    said[TEXTS:TEXTS] = [f"{own.label}{page_filters.said(own)}" for own in lists if page_filters.chosen(own)]
    return list(filter(None, said))


def _shown(value: Any) -> str:
    return day(value) if isinstance(value, date) else str(value)


def _filter(picked: Mapping[str, str | None], boxes: Sequence[Box], state: State) -> CaseFilter:
    satisfaction, repeat, times = picked["satisfaction"], picked["repeat"], picked["times"]
    return CaseFilter(
        state=state,
        category=picked["category"],
        channel=picked["channel"],
        level=picked["level"],
        lead=picked["lead"],
        leader=picked["leader"],
        village=picked["village"],
        method=picked["method"],
        is_repeat=None if repeat is None else repeat == "yes",
        satisfaction=None if satisfaction is None else int(satisfaction),
        is_again=None if times is None else times == "again",
        **{box.key: box.value for box in boxes},
    )


def _clear(lists: Sequence[PageFilter], boxes: Sequence[Box]) -> None:
    for own in lists:
        page_filters.clear(own)
    for box in boxes:
        st.session_state[box.key] = "" if box.holds == "text" else None


def _fits(text: str, box: Box) -> bool:
    if box.holds == "count":
        return text.isdecimal() and int(text) <= MOST_DAYS
    return box.holds == "text" or _is_day(text)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _query() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}
