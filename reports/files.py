"""Files that are whole or not there: written aside first, and never over what stands there already."""

import errno
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path


class Unwritten(Exception):  # noqa: N818
    """A file was not written; the message is one Chinese sentence."""


def write_new(path: Path, content: bytes) -> None:
    """Write a new file, whole or not at all; its folder is made.

    What stands there is never overwritten: somebody may have edited it.

    Raises
    ------
    Unwritten
        Something of that name is there already, or the place cannot be written.
    """
    _refuse_existing(path)
    with _written_aside(path, content) as aside:
        _put(aside, path)


def replace_all(files: Mapping[Path, bytes]) -> None:
    """Write files that are ours alone, each whole or as it was; all are written aside before one is put in place.

    Raises
    ------
    Unwritten
        The place cannot be written.
    """
    with ExitStack() as stack:
        ready = [(stack.enter_context(_written_aside(path, content)), path) for path, content in files.items()]
        for aside, path in ready:
            aside.replace(path)


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write several new files, all of them or none.

    Raises
    ------
    Unwritten
        As `write_new`; what was written of them by then is taken away again.
    """
    for path in files:
        _refuse_existing(path)
    made = [folder for folder in dict.fromkeys(path.parent for path in files) if not folder.exists()]
    done: list[Path] = []
    try:
        for path, content in files.items():
            write_new(path, content)
            done.append(path)
    except Unwritten:
        for path in done:
            path.unlink(missing_ok=True)
        for folder in made:
            with suppress(OSError):  # another's file may stand there by now
                folder.rmdir()
        raise


@contextmanager
def _written_aside(path: Path, content: bytes) -> Iterator[Path]:
    """Yield a finished file beside `path`, whose folder is made; nothing is left of it at the end."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".part", dir=path.parent)
        aside = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.chmod(0o666 & ~_umask())
            yield aside
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise Unwritten(f"无法写入 {path}（{_reason(error)}）") from None


def _refuse_existing(path: Path) -> None:
    if os.path.lexists(path):
        raise Unwritten(f"{path} 已经存在，没有覆盖；请换一个文件名，或先移走原文件")


def _put(aside: Path, path: Path) -> None:
    """Give the finished file its name; a hard link fails where another came first, a rename would replace it."""
    try:
        os.link(aside, path)
    except FileExistsError:
        _refuse_existing(path)
        raise
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
            raise
        _refuse_existing(path)  # a file system without hard links
        aside.rename(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _reason(error: OSError) -> str:
    words = {
        errno.ENOSPC: "磁盘空间不足",
        errno.EACCES: "没有写入权限",
        errno.EPERM: "没有写入权限",
        errno.EROFS: "只读文件系统",
        errno.ENOENT: "文件夹不存在，也无法建立",
        errno.EDQUOT: "磁盘配额已满",
        errno.ENOTDIR: "上级路径不是目录",
        errno.EEXIST: "上级路径不是目录",
        errno.ENAMETOOLONG: "文件名太长",
    }
    return words.get(error.errno or 0, f"系统错误{error.errno}")
