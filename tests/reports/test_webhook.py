"""The signed webhook against a real server: taken, late, broken, refusing; what fails is tried again and told."""

import base64
import hashlib
import hmac
import socket
import time

import pytest

from reports.webhook import Undelivered, post, signed_address
from tests.reports.conftest import OK, Robot

SECRET = "SEC-a+b/c="


def _post(robot: Robot, **how: object) -> int:
    return post(robot.url, SECRET, "催办", "## 未报\n- 12 任务", **{"wait": 0.0, "timeout": 2.0, **how})  # type: ignore[arg-type]


def test_the_signature_is_the_one_that_openssl_makes() -> None:
    # printf '1599360473000\nSEC123' | openssl dgst -sha256 -hmac SEC123 -binary | base64
    address = signed_address("https://host/send?access_token=x", "SEC123", moment_ms=1599360473000)
    expected = "CJZXDPkcvkc8JitAy5%2Fib6OAhntAOvAnBpnQsV7QhAU%3D"
    assert address == f"https://host/send?access_token=x&timestamp=1599360473000&sign={expected}"
    assert signed_address("https://host/send", "SEC123", moment_ms=1).startswith("https://host/send?timestamp=1&sign=")


def test_a_message_arrives_as_markdown_with_a_fresh_signature(robot: Robot) -> None:
    assert _post(robot) == 1
    assert robot.bodies == [{"msgtype": "markdown", "markdown": {"title": "催办", "text": "## 未报\n- 12 任务"}}]
    assert robot.types == ["application/json; charset=utf-8"]
    assert robot.paths == ["/robot/send"]
    (query,) = robot.queries
    assert query["access_token"] == ["token-1"]
    moment = query["timestamp"][0]
    assert abs(time.time() * 1000 - int(moment)) < 60_000
    digest = hmac.new(SECRET.encode(), f"{moment}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert query["sign"] == [base64.b64encode(digest).decode()]


def test_without_a_secret_nothing_is_signed(robot: Robot) -> None:
    assert post(robot.url, None, "催办", "文", wait=0.0) == 1
    assert robot.queries == [{"access_token": ["token-1"]}]


@pytest.mark.parametrize("answer", [(500, b"broken"), (429, {}), (200, {"errcode": -1}), (200, b"<html>")])
def test_what_may_pass_is_tried_again(robot: Robot, answer: tuple[int, object]) -> None:
    robot.answers = [answer, OK]
    waits: list[float] = []
    assert _post(robot, wait=2.0, sleep=waits.append) == 2
    assert waits == [2.0]
    assert len(robot.bodies) == 2


def test_after_three_attempts_it_is_told(robot: Robot) -> None:
    robot.answers = [(500, b"broken")]
    waits: list[float] = []
    with pytest.raises(Undelivered, match="发送3次均未成功：对方返回 HTTP 500") as told:
        _post(robot, wait=2.0, sleep=waits.append)
    assert (len(robot.bodies), waits) == (3, [2.0, 4.0])
    assert "token" not in str(told.value)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, {"errcode": 310000, "errmsg": "sign not match"}), "310000：sign not match"),
        ((403, b""), "HTTP 403"),
        ((302, b""), "HTTP 302"),
    ],
)
def test_a_refusal_is_told_at_once(robot: Robot, answer: tuple[int, object], said: str) -> None:
    robot.answers = [answer]
    with pytest.raises(Undelivered, match=said):
        _post(robot)
    assert len(robot.bodies) == 1


def test_a_robot_that_does_not_answer_is_left_after_the_time_set(robot: Robot) -> None:
    robot.is_slow = True
    began = time.monotonic()
    with pytest.raises(Undelivered, match="发送2次均未成功：对方没有按时应答"):
        _post(robot, attempts=2, timeout=0.2)
    assert time.monotonic() - began < 3
    assert len(robot.bodies) == 2


def test_nobody_there_is_told_without_the_address() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(Undelivered, match="连接不上") as told:
        post(f"http://127.0.0.1:{port}/send?access_token=token-1", SECRET, "催办", "文", attempts=2, wait=0.0)
    assert "token-1" not in str(told.value)
