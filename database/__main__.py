"""Command line over the shared database: python -m database demo|upgrade|template|load|check|refresh|distribute."""

import gc
import sys

from database.arguments import read_arguments

STOPPED = 1
OBJECTS_KEPT = 200_000
"""New objects after which a command looks for garbage: it is short, and what it imports stays."""


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command and return the exit status."""
    given = read_arguments(arguments)
    try:
        from database.commands import carried_out  # here: help, and a wrong call, need neither pandas nor a database

        return carried_out(given, given.url or _default_url())
    except KeyboardInterrupt:
        print("已停止，数据库保持原样", file=sys.stderr)  # noqa: T201
        return STOPPED


def _default_url() -> str:
    from settings import get_settings

    settings = get_settings()
    return settings.loader_url or settings.database_url


if __name__ == "__main__":
    gc.set_threshold(OBJECTS_KEPT)
    sys.exit(main())
