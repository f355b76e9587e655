"""The indicators that are computed from cases and task reports, per township and month; the rest are reported."""

from collections.abc import Callable, Mapping

from database.kpis import backlog, flows, reports
from database.kpis.basis import Basis, Floats

Figure = Callable[[Basis], tuple[Floats, Floats]]
"""Returns the months' own numerators and denominators, NaN where there is nothing to tell."""

COMPUTED: Mapping[str, Figure] = {
    "backlog_resolution_rate": backlog.resolution_rate,  # K01
    "backlog_substantive_share": backlog.substantive_share,  # K02
    "backlog_rebound_rate": backlog.rebound_rate,  # K03
    "villages_without_backlog": backlog.villages_without_backlog,  # K04
    "petitions_accepted_in_time": flows.petitions_accepted_in_time,  # K05
    "petitions_closed_in_time": flows.petitions_closed_in_time,  # K06
    "petitions_settled_at_once": flows.petitions_settled_at_once,  # K07
    "petitions_satisfied": flows.petitions_satisfied,  # K08
    "petitions_repeated": flows.petitions_repeated,  # K09
    "disputes_settled": flows.disputes_settled,  # K10
    "suits_per_resident": flows.suits_per_resident,  # K12
    "events_closed_in_time": flows.events_closed_in_time,  # K13
    "appeals_answered_in_time": flows.appeals_answered_in_time,  # K14
    "risks_cleared": flows.risks_cleared,  # K15
    "tasks_on_schedule": reports.tasks_on_schedule,  # K16
    "reports_in_time": reports.reports_in_time,  # K17
    "petitions_year_on_year": flows.petitions_year_on_year,  # K20
    "disputes_opened": flows.disputes_opened,  # K21
}
"""Values of kpis.computed_from -> the figure; the numbers are those of COUNTY.md."""

OF_SETS: Mapping[str, str] = {
    "villages_without_backlog": "petition_backlog",
    "suits_per_resident": "litigation",
    "petitions_year_on_year": "petition",
    "disputes_opened": "dispute",
}
"""Figures that are no sum over cases -> the stream that they are computed from; the latter three ask of each case but
when it first opened, and of what category it is."""

OF_REPORTS = frozenset({"tasks_on_schedule", "reports_in_time"})
"""Figures that no case tells of."""

SUMS = COMPUTED.keys() - OF_SETS.keys() - OF_REPORTS
"""Figures whose numerator and denominator are sums over cases."""

__all__ = ["COMPUTED", "OF_REPORTS", "OF_SETS", "SUMS", "Basis", "Figure", "Floats"]
