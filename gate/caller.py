"""Who calls: address, session, scheme and origin of an ASGI connection."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from auth import COOKIE
from settings import get_settings
from state.sessions import session_hash

_REWRITTEN_PORT = 0
"""uvicorn believes X-Forwarded-For from 127.0.0.1 and then writes port 0: the true peer was this machine."""


def caller_address(connection: HTTPConnection) -> str:
    """Return the client's address; forwarded ones are believed only from DASHBOARD_TRUSTED_PROXIES."""
    client = connection.client
    peer = "" if client is None else ("127.0.0.1" if client.port == _REWRITTEN_PORT else client.host)
    forwarded = ",".join(connection.headers.getlist("x-forwarded-for"))
    hops = [*(hop.strip() for hop in forwarded.split(",") if hop.strip()), peer]
    while len(hops) > 1 and _is_trusted(hops[-1]):
        hops.pop()
    return hops[-1][:45]


def caller_session(connection: HTTPConnection) -> str | None:
    """Return the hash of the session that the cookie names, living or not."""
    session_id = connection.cookies.get(COOKIE)
    return session_hash(session_id) if session_id else None


def is_own_origin(connection: HTTPConnection) -> bool:
    """Tell whether the browser says that a page of this very host asks; without an Origin it is not."""
    origin = urlsplit(connection.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == connection.headers.get("host")


def is_https(connection: HTTPConnection) -> bool:
    """Tell whether the browser speaks HTTPS, with this server or with the proxy before it."""
    return connection.url.scheme in ("https", "wss")


def _is_trusted(hop: str) -> bool:
    try:
        address = ip_address(hop)
    except ValueError:
        return False
    return any(address in network for network in get_settings().trusted_proxies)
