"""Which rows answer the question: SQLAlchemy Core statements read into frames."""

from queries.case_file import case_episodes, involved_departments
from queries.case_leaders import case_leaders
from queries.ledger import case_count, case_page, each_case
from queries.task_book import task_texts
from queries.tasks import task_list
from queries.township import village_backlog
from queries.weak_links import pressing_cases

ROWS = frozenset(
    {
        case_count,
        case_episodes,
        case_leaders,
        case_page,
        each_case,
        involved_departments,
        pressing_cases,
        task_list,
        task_texts,
        village_backlog,
    }
)
"""The readers of rows: fetched within the rows scope of the viewer, all others within the figures scope."""
