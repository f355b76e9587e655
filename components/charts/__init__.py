"""The charts, without Streamlit: the same specification stands on the page, the slide and the picture."""

from components.charts.ageing import ageing_chart
from components.charts.backlog import backlog_chart
from components.charts.bump import bump_chart
from components.charts.campaign import campaign_chart
from components.charts.closing_times import closing_times_chart
from components.charts.funnel import funnel_chart
from components.charts.rankings import ranking_chart
from components.charts.signals import signal_chart
from components.charts.task_progress import task_progress_chart
from components.charts.timeliness import timeliness_chart
from components.charts.timetable import milestone_chart, timetable_chart

__all__ = [
    "ageing_chart",
    "backlog_chart",
    "bump_chart",
    "campaign_chart",
    "closing_times_chart",
    "funnel_chart",
    "milestone_chart",
    "ranking_chart",
    "signal_chart",
    "task_progress_chart",
    "timeliness_chart",
    "timetable_chart",
]
