"""Files are whole or not there, on a full disk and in a folder that cannot be written too."""

import errno
import os
from pathlib import Path

import pytest

from reports import files
from reports.files import Unwritten, replace_all, write_all, write_new


def fill_disk(monkeypatch: pytest.MonkeyPatch, *, after: int) -> None:
    """Let the disk be full once so many files have been written, half of the next one being on it."""
    left = [after]

    def fsync(_: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", fsync)


def all_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_full_disk_leaves_neither_file_nor_folder_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_disk(monkeypatch, after=1)
    with pytest.raises(Unwritten, match=r"乙\.png（磁盘空间不足）"):
        write_all({tmp_path / "图片" / "甲.png": b"1" * 9000, tmp_path / "图片" / "乙.png": b"2" * 9000})
    assert all_below(tmp_path) == []


def test_what_is_replaced_stays_as_it_was_when_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_bytes(b"old")
    (tmp_path / "a.xlsx").write_bytes(b"old")
    fill_disk(monkeypatch, after=1)
    with pytest.raises(Unwritten, match="磁盘空间不足"):
        replace_all({tmp_path / "a.md": b"new", tmp_path / "a.xlsx": b"new"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.md": b"old", "a.xlsx": b"old"}
    monkeypatch.undo()
    replace_all({tmp_path / "a.md": b"new", tmp_path / "a.xlsx": b"new"})
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"new"}


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EACCES, "没有写入权限"), (errno.EROFS, "只读文件系统"), (errno.EIO, f"系统错误{errno.EIO}")],
)
def test_a_folder_that_cannot_be_written_is_told_in_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def refuse(*_: object, **__: object) -> tuple[int, str]:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.tempfile, "mkstemp", refuse)
    with pytest.raises(Unwritten, match=f"无法写入 .*a.docx（{said}）"):
        write_new(tmp_path / "a.docx", b"1")
    assert all_below(tmp_path) == []


@pytest.mark.skipif(os.geteuid() != 0 or not Path("/proc/sys").is_dir(), reason="needs a folder closed even to root")
def test_a_real_folder_closed_to_everybody_is_told_too() -> None:
    with pytest.raises(Unwritten, match="无法写入"):
        write_new(Path("/proc/sys/a.docx"), b"1")


def test_several_files_are_written_all_or_none(tmp_path: Path) -> None:
    write_new(tmp_path / "b", b"theirs")
    with pytest.raises(Unwritten, match="没有覆盖"):
        write_all({tmp_path / "a": b"1", tmp_path / "b": b"2"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"b": b"theirs"}
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unwritten):
        write_all({tmp_path / "c": b"1", tmp_path / "file" / "d": b"2"})
    assert not (tmp_path / "c").exists()
