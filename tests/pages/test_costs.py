"""What a page costs, counted and never timed: reads of the database."""

from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

import auth
import cache

Open = Callable[..., AppTest]
PAGES = (
    "pages/overview/overview.py",
    "pages/assessment/rankings.py",
    "pages/backlog/structure.py",
    "pages/township/township.py",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_shown_before_asks_the_shared_database_for_the_newest_release_alone(open_page: Open, path: str) -> None:
    app = open_page(path)
    asked: Counter[str] = Counter()

    def note(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        if connection.engine is not auth.state():
            asked["newest release" if "FROM data_releases" in statement else statement] += 1

    sa.event.listen(cache.engine(), "before_cursor_execute", note)
    app.run()
    assert not app.exception
    assert asked == {"newest release": 1}
