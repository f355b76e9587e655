"""A group's robot by a signed webhook, as DingTalk has it: HMAC-SHA256 over moment and secret, Markdown as JSON.

What cannot be delivered is tried again where that may help, and then told; it never keeps anything else waiting.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote_plus, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

ATTEMPTS = 3
WAIT_SECONDS = 2.0
TIMEOUT_SECONDS = 10.0
LONGEST_MESSAGE = 18_000
"""Bytes of a text; the robot takes 20,000 of a whole message."""

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_BUSY = -1
_MAY_PASS = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


class Undelivered(Exception):  # noqa: N818
    """A message was not taken; the message is one Chinese sentence without the address, which holds a token."""


class _MayPass(Exception):  # noqa: N818
    """A failure that another attempt may overcome."""


class _NoRedirect(HTTPRedirectHandler):
    """Follow no redirect: the address and its signature are for one host alone."""

    def redirect_request(self, *_: Any) -> None:
        """Refuse."""


def signed_address(url: str, secret: str, *, moment_ms: int) -> str:
    """Return the address with moment and signature: HMAC-SHA256 of both, a line each, in base64, url-quoted."""
    text = f"{moment_ms}\n{secret}".encode()
    sign = base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()
    return f"{url}{'&' if '?' in url else '?'}timestamp={moment_ms}&sign={quote_plus(sign)}"


def post(
    url: str,
    secret: str | None,
    title: str,
    text: str,
    *,
    attempts: int = ATTEMPTS,
    wait: float = WAIT_SECONDS,
    timeout: float = TIMEOUT_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Post one Markdown message and return how many attempts it took.

    Parameters
    ----------
    secret
        Signs every attempt anew; None for a robot without one.
    attempts, wait, timeout
        How often, how long before the second attempt (twice as long before the next), how long one may take; seconds.

    Raises
    ------
    Undelivered
        Every attempt failed, or the robot refused the message.
    """
    body = json.dumps({"msgtype": "markdown", "markdown": {"title": title, "text": text}}, ensure_ascii=False).encode()
    opener = _opener(url)
    for attempt in range(1, attempts + 1):
        moment = round(time.time() * 1000)
        address = url if secret is None else signed_address(url, secret, moment_ms=moment)
        try:
            _send(opener, address, body, timeout)
        except _MayPass as failure:
            if attempt == attempts:
                raise Undelivered(f"发送{attempts}次均未成功：{failure}") from None
            sleep(wait * 2 ** (attempt - 1))
        else:
            return attempt
    raise ValueError(f"expected one attempt or more, got {attempts}")


def _opener(url: str) -> OpenerDirector:
    is_local = urlsplit(url).hostname in LOCAL_HOSTS
    return build_opener(_NoRedirect, *([ProxyHandler({})] if is_local else []))


def _send(opener: OpenerDirector, address: str, body: bytes, timeout: float) -> None:
    request = Request(address, body, {"Content-Type": "application/json; charset=utf-8"})  # noqa: S310
    try:
        with opener.open(request, timeout=timeout) as response:
            answer = response.read(65_536)
    except HTTPError as error:
        error.close()
        if error.code >= HTTPStatus.INTERNAL_SERVER_ERROR or error.code in _MAY_PASS:
            raise _MayPass(f"对方返回 HTTP {error.code}") from None
        raise Undelivered(f"对方拒绝接收（HTTP {error.code}）") from None
    except TimeoutError:
        raise _MayPass("对方没有按时应答") from None
    except (URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise _MayPass("对方没有按时应答" if isinstance(reason, TimeoutError) else "连接不上") from None
    _check(answer)


def _check(answer: bytes) -> None:
    """Look into the robot's answer: it says 200 to what it refuses, too."""
    try:
        said = json.loads(answer)
        code = int(said["errcode"])
    except (ValueError, KeyError, TypeError):
        raise _MayPass("对方的应答无法识别") from None
    if code == _BUSY:
        raise _MayPass("对方系统繁忙")
    if code:
        raise Undelivered(f"对方拒绝接收（{code}：{said.get('errmsg', '')}）")
