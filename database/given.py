"""What every region's derived figures are computed from, read once for all of them."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database.extent import Extent
from database.involvement import involvement
from database.kpi_values import computed_kpis, known_campaigns, township_basis
from database.kpis.basis import Basis, month_numbers
from database.ledger import first_repeats, township_ledger
from database.tables import cases
from database.tree import Tree


class Given:
    """The tree, the extent, the indicators and campaigns; ledgers and bases are read region by region."""

    def __init__(self, connection: Connection, tree: Tree, scope: Extent) -> None:
        self.tree, self.scope = tree, scope
        self._connection = connection
        self.computed, self._running = computed_kpis(connection), known_campaigns(connection)

    @cached_property
    def regions(self) -> list[str]:
        """Every region with figures, children before parents; cases of an unknown region keep rows of their own."""
        places = set(self._connection.scalars(sa.select(cases.c.township_code).distinct()))
        return [*sorted(places - self.tree.parents.keys()), *self.tree.upwards()]

    @cached_property
    def _repeats(self) -> dict[str, int]:
        return first_repeats(self._connection, until=self.scope.last)

    def ledger(self, connection: Connection, region: str) -> pd.DataFrame:
        """Read the cases that carry the region's own code."""
        return township_ledger(connection, region, until=self.scope.last, repeats=self._repeats)

    def involved(self, connection: Connection, region: str) -> pd.DataFrame:
        """Read the departments of the cases that carry the region's own code."""
        return involvement(connection, until=self.scope.last, place=region)

    def sums_basis(self, ledger: pd.DataFrame, months: Sequence[date]) -> Basis:
        """Gather what indicators are computed from that are sums over cases, of a ledger of several regions."""
        return Basis(month_numbers(months), ledger, pd.DataFrame(), self._running)

    def basis(self, connection: Connection, township: str, ledger: pd.DataFrame, months: Sequence[date]) -> Basis:
        """Gather what a township's indicators are computed from."""
        return township_basis(
            connection,
            township,
            ledger=ledger,
            months=months,
            as_of=self.scope.last,
            tree=self.tree,
            running=self._running,
        )
