"""Passwords: what makes one acceptable, its hash, and the comparison.

streamlit-authenticator supplies the hash (bcrypt) and the rules for names. Its two modules are pure, but the package
around them imports and starts all of Streamlit (half a second, five warnings), so they are loaded by their file.
"""

import re
import secrets
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

MIN_LENGTH = 10
MAX_BYTES = 72
"""bcrypt looks at no more; a Chinese character takes three."""

FEWEST_DISTINCT = 5
_NOBODYS = "$2b$12$94GQYHC0O2J7nQu/MnZ9i.59vxuuMVYJFyU2B9yqYkPngDGIyf712"
"""A hash of no account's password, for comparing where there is no account: as costly as the others, from the first."""
_LEGIBLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_KINDS = (r"[a-z]", r"[A-Z]", r"\d", r"[^a-zA-Z\d]")
_COMMON = frozenset(Path(__file__).with_name("common_passwords.txt").read_text("utf8").split())
_DISGUISES = str.maketrans("013457@$!", "oieastasi")


def password_fault(password: str, *names: str) -> str | None:
    """Return what is wrong with a new password, in one Chinese sentence, or None.

    Parameters
    ----------
    *names
        What the password must not contain: the account's name and what it is called on screen.
    """
    if len(password) < MIN_LENGTH:
        return f"密码至少 {MIN_LENGTH} 个字符。"
    if len(password.encode()) > MAX_BYTES:
        return f"密码过长：最多 {MAX_BYTES} 个字节（约 {MAX_BYTES // 3} 个汉字），超出的部分不会参与校验。"
    if sum(bool(re.search(kind, password)) for kind in _KINDS) < 3:
        return "密码须包含大写字母、小写字母、数字、符号中的至少三种。"
    if any(name.casefold() in password.casefold() for name in names if name):
        return "密码不能包含账号名或显示名称。"
    if is_common(password):
        return "这个密码太常见，容易被猜中，请换一个。"
    return None


def is_common(password: str) -> bool:
    """Tell whether a password is among those tried first: a well-known word or row of keys dressed up, or few signs.

    Digits and signs around and between the letters do not save a word of the list, nor does writing 0 for o or @ for a.
    """
    folded = password.casefold()
    if len(set(folded)) < FEWEST_DISTINCT:
        return True
    disguised = folded.strip("0123456789!.#*?-_ ").translate(_DISGUISES)
    bare, undisguised = (re.sub(r"[\W\d_]", "", text) for text in (folded, disguised))
    digits = re.sub(r"\D", "", folded)
    return bool({bare, undisguised} & _COMMON) or (digits in _COMMON and len(bare) <= 3)


def new_password() -> str:
    """Return a password to hand out, without signs that are taken for one another; it is changed at first sign-in."""
    groups = ("".join(secrets.choice(_LEGIBLE) for _ in range(4)) for _ in range(4))
    made = "-".join(groups)
    return new_password() if password_fault(made) else made


def is_account_name(name: str) -> bool:
    """Tell whether `name` can be an account: up to 20 letters, digits, - and _."""
    return len(name) <= 20 and bool(_module("validator").Validator().validate_username(name)) and "@" not in name


def password_hash(password: str) -> str:
    """Return the bcrypt hash, as streamlit-authenticator's credential files hold it."""
    return str(_module("hasher").Hasher.hash(password))


def is_password(password: str, hashed: str | None) -> bool:
    """Tell whether `password` belongs to the hash; without one it takes the same time and says no."""
    fits = len(password.encode()) <= MAX_BYTES and "\0" not in password
    matches = _module("hasher").Hasher.check_pw(password if fits else "", hashed or _NOBODYS)
    return bool(matches) and hashed is not None


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
