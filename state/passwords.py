"""Passwords: what makes one acceptable, its hash, and the comparison.

streamlit-authenticator supplies the hash (bcrypt) and the rules for names. Its two modules are pure, but the package
around them imports and starts all of Streamlit (half a second, five warnings), so they are loaded by their file.
"""

import re
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

MIN_LENGTH = 8
MAX_BYTES = 72
"""bcrypt looks at no more; a Chinese character takes three."""

_KINDS = (r"[a-z]", r"[A-Z]", r"\d", r"[^a-zA-Z\d]")


def password_fault(password: str, account: str) -> str | None:
    """Return what is wrong with a new password, in one Chinese sentence, or None."""
    if len(password) < MIN_LENGTH:
        return f"密码至少 {MIN_LENGTH} 个字符。"
    if len(password.encode()) > MAX_BYTES:
        return f"密码过长：最多 {MAX_BYTES} 个字节（约 {MAX_BYTES // 3} 个汉字），超出的部分不会参与校验。"
    if sum(bool(re.search(kind, password)) for kind in _KINDS) < 3:
        return "密码须包含大写字母、小写字母、数字、符号中的至少三种。"
    if account.casefold() in password.casefold():
        return "密码不能包含账号名。"
    return None


def is_account_name(name: str) -> bool:
    """Tell whether `name` can be an account: up to 20 letters, digits, - and _."""
    return len(name) <= 20 and bool(_module("validator").Validator().validate_username(name)) and "@" not in name


def password_hash(password: str) -> str:
    """Return the bcrypt hash, as streamlit-authenticator's credential files hold it."""
    return str(_module("hasher").Hasher.hash(password))


def is_password(password: str, hashed: str | None) -> bool:
    """Tell whether `password` belongs to the hash; without one it takes the same time and says no."""
    fits = len(password.encode()) <= MAX_BYTES and "\0" not in password
    matches = _module("hasher").Hasher.check_pw(password if fits else "", hashed or _nobodys_hash())
    return bool(matches) and hashed is not None


@cache
def _nobodys_hash() -> str:
    return password_hash("nobody")


@cache
def _module(name: str) -> ModuleType:
    package = find_spec("streamlit_authenticator")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("streamlit_authenticator")
    file = Path(package.submodule_search_locations[0]) / "utilities" / f"{name}.py"
    spec = spec_from_file_location(f"_credential_{name}", file)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(str(file))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
