"""What stands on the slides of the checklist: its lights, and its red cells by work group."""

from analysis.lights import LIGHTS
from analysis.meeting import task_frames
from analysis.meeting.material import Material
from analysis.meeting.parts import Chart, Content, Table, series_of
from analysis.meeting.tables import Column, counted

LISTED = 10
"""So many red cells are listed beside their chart."""


def tasks_content(material: Material) -> Content:
    """Return the lights by work group, and the tasks that are not on schedule."""
    figures = material.figures
    rows = task_frames.lights_by_group(figures)
    lights = [light for light in LIGHTS if light.value in rows]
    series = tuple(series_of(task_frames.light_word(light), rows[light.value], light) for light in lights)
    unit = "项次" if figures.is_filtered else "项"
    chart = Chart("stacked_bars", f"各专项组任务亮灯（{unit}）", tuple(rows["work_group"]), series)
    columns = (
        Column("light_word", "亮灯", 1.5),
        Column("task", "重点任务", 3.6),
        Column("lead", "牵头单位", 1.6),
        Column("progress", "计划 / 实际", 1.8, is_number=True),
    )
    pressing = task_frames.pressing_tasks(figures)
    table = Table("未达序时和临期的任务（全县）", pressing, columns) if len(pressing) else None
    return Content(chart, table, share=0.42)


def work_groups_content(material: Material) -> Content | None:
    """Return the red cells by work group and the widest of them; None without any."""
    groups = task_frames.red_by_group(material.figures)
    if groups.empty:
        return None
    chart = Chart("bars", "各专项组红灯（个）", tuple(groups["work_group"]), (series_of("红灯", groups["red"], "red"),))
    columns = (
        Column("light_word", "亮灯", 1.5),
        Column("task", "重点任务", 3.2),
        Column("place", "乡镇（街道）", 1.4),
        Column("progress", "计划 / 实际", 1.5, is_number=True),
        Column("reported", "报送", 1.35),
        Column("deadline", "时限", 1.35),
    )
    cells = task_frames.cell_rows(material.figures)
    heading = "红灯事项" if len(cells) <= LISTED else f"红灯事项（差距最大的{LISTED}个，共{len(cells)}个）"
    return Content(chart, Table(heading, cells.head(LISTED), columns), _groups(material), share=0.3)


def _groups(material: Material) -> Table:
    columns = (
        Column("work_group", "专项组"),
        counted("tasks", "任务"),
        counted("green", "绿灯"),
        counted("yellow", "黄灯"),
        counted("red", "红灯"),
        counted("grey", "其他"),
        counted("cells", "亮红灯的乡镇事项"),
        counted("townships", "涉及乡镇（街道）"),
    )
    return Table("", task_frames.group_rows(material.figures), columns)
