import pandas as pd

from analysis.reminders import REMINDERS, Unit
from reports.reminder_text import messages, reminder_text, unit_text


def _unit(name: str, *rows: tuple[str, str, str]) -> Unit:
    frame = pd.DataFrame(rows, columns=["why", "task", "place"]).assign(
        progress="计划50%、完成30%", deadline="9月15日（还剩15天）"
    )
    return Unit(name, name, frame.reindex(columns=list(REMINDERS)))


ONE = _unit("甲镇", ("overdue", "1 任务", "甲镇"), ("due", "2 任务", "甲镇"))
TWO = _unit("县信访局", ("unreported", "3 任务", "甲镇"), ("unreported", "3 任务", "乙乡"))


def test_a_unit_of_several_places_names_each_and_of_one_none() -> None:
    assert unit_text(TWO) == (
        "### 县信访局（未报2项次）\n\n**未报**\n"
        "- 3 任务，时限9月15日（还剩15天）：甲镇 计划50%、完成30%；乙乡 计划50%、完成30%"
    )
    assert unit_text(ONE) == (
        "### 甲镇（逾期1项次、15天内到期1项次）\n\n**逾期**\n- 1 任务，时限9月15日（还剩15天）：计划50%、完成30%"
        "\n\n**15天内到期**\n- 2 任务，时限9月15日（还剩15天）：计划50%、完成30%"
    )


def test_a_part_without_units_says_so() -> None:
    text = reminder_text("催办", "没有", [("牵头单位", []), ("乡镇（街道）", [ONE])])
    assert text.startswith("# 催办\n\n没有\n\n## 牵头单位\n\n没有需要催办的事项。\n\n## 乡镇（街道）\n\n### 甲镇")


def test_messages_keep_to_their_size_and_lose_no_unit() -> None:
    units = [_unit(f"第{i}镇", ("overdue", f"{i} 任务", "甲镇")) for i in range(12)]
    whole = "\n".join(messages("催办", "说明", units, limit=100_000))
    assert whole.count("# 催办\n") == 1
    parts = list(messages("催办", "说明", units, limit=400))
    assert len(parts) > 3
    assert max(len(part.encode()) for part in parts) <= 400
    assert all(part.startswith("# 催办\n\n") for part in parts)
    assert all("".join(parts).count(unit_text(unit)) == 1 for unit in units)


def test_a_unit_that_is_too_long_alone_is_cut_and_says_so() -> None:
    long = _unit("长镇", *(("overdue", f"{i} 任务", "甲镇") for i in range(50)))
    (text,) = messages("催办", "说明", [long], limit=900)
    assert len(text.encode()) <= 900
    assert text.endswith("（以下从略，完整清单见文件）")
    assert "\n- 0 任务" in text
