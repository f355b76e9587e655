"""What a database says of its fault, said in Chinese: also by a client that has no code for it."""

import pytest
from sqlalchemy.exc import OperationalError

from database.faults import fault_word


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute", "连接数已用完"),
        ("consuming input failed: could not receive data from server: Connection timed out", "连接中断"),
        ("server closed the connection unexpectedly", "连接中断"),
        ("FATAL:  the database system is starting up", "数据库正在启动"),
        ("could not extend file: No space left on device", "磁盘空间不足"),
        ("database or disk is full", "磁盘空间不足"),
        (
            'connection to server on socket "/srv/full/.s.PGSQL.5432": FATAL:  sorry, too many clients already',
            "连接数已用完",
        ),
        ("connection timeout expired", "连接不上"),
        ("something else\nHINT: more", "something else"),
    ],
)
def test_a_fault_without_a_code_is_known_by_its_words(said: str, word: str) -> None:
    assert fault_word(OperationalError("SELECT", {}, Exception(said))) == word
