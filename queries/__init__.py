"""Which rows answer the question: SQLAlchemy Core statements read into frames."""

from queries.ledger import case_page
from queries.task_book import task_texts
from queries.tasks import task_list
from queries.weak_links import pressing_cases

ROWS = frozenset({case_page, task_list, task_texts, pressing_cases})
"""The readers of rows: fetched within the rows scope of the viewer, all others within the figures scope."""
