"""A township's name wherever it stands: one click leads to its 画像, as of the day that the page is about.

The day comes from the shared filters, so that no table has to carry it; where they are not drawn, a name is a name.
"""

from html import escape
from typing import Any

from components.filters import compares_regions, shown_townships
from components.links import address, link_mark, township_link


def township_address(label: Any) -> str:
    """Return the address of a township's 画像, by its label; "" for what is none (全县, 县本级).

    A region above the townships leads into itself, on the same page.
    """
    labels, as_of = shown_townships()
    if as_of and label in labels and compares_regions():
        return address("", township=str(label), as_of=as_of.isoformat())
    return township_link(str(label), filters={"as_of": as_of.isoformat()}) if as_of and label in labels else ""


def place_mark(place: Any, between: str) -> str:
    """Return a township and its village as trusted markup, the township a link, neither broken over two lines."""
    township, separator, village = str(place).partition(between)
    shown = separator if separator.strip() else " "
    rest = f"{shown}<span class='gov-day'>{escape(village)}</span>" if village else ""
    return f"<span class='gov-day'>{township_mark(township)}</span>{rest}"


def township_head(label: Any) -> str:
    """Return a township's label as the heading of a column, which may be too narrow for it: whole when pointed at."""
    return f'<th scope="col" title="{escape(str(label))}">{township_mark(label)}</th>'


def township_mark(label: Any) -> str:
    """Return a township's label as trusted markup, a link to its 画像; other labels as they are."""
    target = township_address(label)
    return link_mark((str(label), target)) if target else escape(str(label))
