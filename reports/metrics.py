"""口径说明 as a document: every figure and indicator in one Markdown text, so that paper and screen cannot differ."""

from collections.abc import Sequence
from itertools import groupby

from analysis.definitions import INDICATORS, Definition

HEAD = """# 口径说明

本文由 `python -m reports metrics` 从看板的口径登记生成，与看板“数据 / 口径说明”一字不差，不要手工修改。
"""
_FIELDS = {
    "meaning": "含义",
    "formula": "公式",
    "period": "时段",
    "source": "来源",
    "unit": "单位",
    "direction": "评价方向",
    "department": "责任单位",
    "rule": "考核",
}


def metrics_text(definitions: Sequence[Definition]) -> str:
    """Return all definitions as Markdown: a section per subject, a heading per figure, a line per known field.

    Parameters
    ----------
    definitions
        `analysis.definitions.catalogue`, in the order they are printed.
    """
    sections = [
        f"## {subject}\n\n" + "\n".join(_entry(each) for each in group)
        for subject, group in groupby(definitions, key=lambda each: each.subject)
    ]
    return "\n".join([HEAD, *sections])


def _entry(definition: Definition) -> str:
    code = f"（{definition.code}）" if definition.subject == INDICATORS else f" `{definition.code}`"
    lines = [f"- {word}：{_escaped(text)}" for name, word in _FIELDS.items() if (text := getattr(definition, name))]
    return "\n".join([f"### {_escaped(definition.name)}{code}", "", *lines, ""])


def _escaped(text: str) -> str:
    """Return text that Markdown does not read as markup, on one line."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("*", r"\*").replace("_", r"\_").replace("<", r"\<")
