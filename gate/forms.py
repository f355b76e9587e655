"""What the gate's forms share: whose form it is, its fields, its cookie, and where it may lead."""

import secrets
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from gate.caller import is_https, is_own_origin
from gate.middleware import page_path

TOKEN_COOKIE = "dashboard_sign_in"  # noqa: S105
MAX_FORM_BYTES = 16_384


def own_destination(given: str) -> str:
    """Return `given` if it is a page of this server, with its query; "/" for anything else (open redirect)."""
    if any(ord(character) < 0x20 or character == "\\" for character in given):
        return "/"
    try:
        parts = urlsplit(given)
    except ValueError:
        return "/"
    path = page_path(parts.path) if given.startswith("/") and not parts.scheme and not parts.netloc else None
    if path is None:
        return "/"
    return f"{path}?{parts.query}" if parts.query else path


def is_own_form(request: Request, given: str) -> bool:
    """Tell whether our own page sent the form: by its Origin, or where a client sends none, by the token.

    The token alone would turn away a browser that opens several tabs at once, as each gets a cookie of its own.
    """
    if "origin" in request.headers:
        return is_own_origin(request)
    token = request.cookies.get(TOKEN_COOKIE, "")
    return bool(token) and secrets.compare_digest(token.encode(), given.encode())


def form_token(request: Request) -> str:
    """Return the token that ties a form to this browser's cookie, made anew where there is none."""
    return request.cookies.get(TOKEN_COOKIE) or secrets.token_urlsafe(24)


def set_cookie(response: Response, request: Request, name: str, value: str, path: str = "/") -> None:
    """Give the browser a cookie that scripts and other sites cannot reach, and that ends with the browser."""
    response.set_cookie(name, value, path=path, httponly=True, samesite="lax", secure=is_https(request))


async def form_fields(request: Request) -> dict[str, str] | None:
    """Return the fields of a form, or None when it is no form or too long to be one of ours."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            return None
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        return None
    return {name: values[0] for name, values in fields.items()}
