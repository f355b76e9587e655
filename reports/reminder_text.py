"""The reminders as Markdown: for the terminal, for a file, and cut to size for a group's robot."""

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from analysis.reminders import WHY_WORDS, Unit, Why


def reminder_text(title: str, finding: str, parts: Sequence[tuple[str, Sequence[Unit]]]) -> str:
    """Return the reminders of all units as one Markdown text.

    Parameters
    ----------
    title, finding
        The heading, and the sentence below it.
    parts
        Kinds of units with a heading each: lead departments, townships.
    """
    blocks = [f"# {title}", finding]
    for heading, units in parts:
        blocks += [f"## {heading}", *(map(unit_text, units) if units else ["没有需要催办的事项。"])]
    return "\n\n".join(blocks) + "\n"


def unit_text(unit: Unit) -> str:
    """Return one unit's reminders: a heading with counts, then for each reason a line per task."""
    lines = [f"### {unit.name}（{unit.counts}）"]
    is_one_place = len(set(unit.rows["place"])) == 1
    for why in Why:
        own = unit.rows[unit.rows["why"] == why.value]
        if len(own):
            lines += ["", f"**{WHY_WORDS[why]}**", *_task_lines(own, is_one_place=is_one_place)]
    return "\n".join(lines)


def messages(title: str, finding: str, units: Iterable[Unit], *, limit: int) -> Iterator[str]:
    """Yield the reminders of units as texts of no more than `limit` bytes, no unit in two of them.

    A unit that is too long by itself is cut at the end of a line, and says so.
    """
    head = f"# {title}\n\n{finding}"
    message = head
    for text in map(unit_text, units):
        longer = f"{message}\n\n{text}"
        if len(longer.encode()) > limit and message != head:
            yield message
            longer = f"# {title}\n\n{text}"
        message = _cut(longer, limit)
    yield message


def _task_lines(rows: pd.DataFrame, *, is_one_place: bool) -> list[str]:
    """Return a line per task: its deadline, then every place with its progress; a unit's only place goes unsaid."""
    said = rows["progress"] if is_one_place else rows["place"] + " " + rows["progress"]
    lines = []
    for task, own in rows.assign(said=said).groupby("task", sort=False):
        lines.append(f"- {task}，时限{own['deadline'].iloc[0]}：{'；'.join(own['said'])}")
    return lines


def _cut(text: str, limit: int) -> str:
    if len(text.encode()) <= limit:
        return text
    note = "\n（以下从略，完整清单见文件）"
    kept = text.encode()[: limit - len(note.encode())].decode(errors="ignore")
    return kept.rsplit("\n", 1)[0] + note
