"""A visitor without a screen: signs in over HTTP and speaks Streamlit's own protocol over its WebSocket.

For tests and long runs, where fifty browsers would measure themselves.
"""

import re
import ssl
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlencode, urlsplit

import httpx
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from auth import COOKIE

NAVIGATE = {"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
RUN_SECONDS = 60.0
_MOST_BYTES = 64 * 1024 * 1024


class NotServed(Exception):  # noqa: N818
    """The server did not do what a browser would have been given."""


@dataclass
class Shown:
    """What one run of a page sent: its texts, what it said in red, how many bytes in all and how long it took."""

    text: str = ""
    bytes: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Visitor:
    """One person: a cookie, and at most one open page."""

    def __init__(self, url: str, *, trusted: ssl.SSLContext | None = None) -> None:
        """Stand before the server at `url`; `trusted` says which certificates to believe on HTTPS."""
        self.url = url
        self._trusted = trusted
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=30, verify=trusted or True)
        self._open = ExitStack()
        self._socket: ClientConnection | None = None
        self._page = ""
        self._hash = ""
        self._session = ""
        self._widgets: dict[str, str] = {}
        self._given: dict[str, WidgetState] = {}

    def sign_in(self, account: str, password: str) -> None:
        """Fill in the form.

        Raises
        ------
        NotServed
            The server did not let the account in.
        """
        form = self.http.get("/sign-in", headers=NAVIGATE)
        token = re.findall('name="token" value="(.*?)"', form.text)
        fields = {"account": account, "password": password, "token": token[0] if token else "", "next": "/"}
        answer = self.http.post("/sign-in", data=fields, headers={**NAVIGATE, "Origin": self.url})
        if answer.status_code != 303 or COOKIE not in self.http.cookies:
            raise NotServed(f"sign-in of {account}: {answer.status_code}")

    def sign_out(self) -> None:
        """End the session and leave the page."""
        self.leave()
        self.http.post("/sign-out", headers={"Origin": self.url})

    def open(self, stem: str = "", **query: str) -> Shown:
        """Open a page as a navigation does: its HTML, then a WebSocket of its own, then the first run.

        Raises
        ------
        NotServed
            The page, the WebSocket or the run was refused or did not come in time.
        """
        self.leave()
        path = f"/{stem}?{urlencode(query)}" if query else f"/{stem}"
        answer = self.http.get(path, headers=NAVIGATE)
        if answer.status_code != 200:
            raise NotServed(f"{path}: {answer.status_code}")
        self._page, self._hash = stem, ""
        self._widgets, self._given = {}, {}
        self._socket = self._connected()
        return self.run(**query)

    def run(self, *, pressed: str = "", **query: str) -> Shown:
        """Run the open page with the filters of `query`, as after a click; `pressed` is the label of a button.

        Raises
        ------
        NotServed
            The connection was lost, or the run did not end in time.
        """
        if self._socket is None:
            raise NotServed("no page is open")
        asked = BackMsg()
        asked.rerun_script.query_string = urlencode(query)
        asked.rerun_script.page_script_hash = self._hash
        asked.rerun_script.page_name = "" if self._hash else self._page
        asked.rerun_script.is_history_navigation = bool(self._hash)
        asked.rerun_script.context_info.url = f"{self.url}/{self._page}"
        asked.rerun_script.widget_states.widgets.extend(self._given.values())
        if pressed:
            asked.rerun_script.widget_states.widgets.add(id=self._widget(pressed), trigger_value=True)
        try:
            self._socket.send(asked.SerializeToString())
            return self._shown(time.monotonic())
        except (OSError, EOFError, TimeoutError) as error:
            raise NotServed(f"/{self._page}: {type(error).__name__}") from error
        except Exception as error:
            if type(error).__module__.startswith("websockets"):
                raise NotServed(f"/{self._page}: {type(error).__name__}") from error
            raise

    def upload(self, label: str, name: str, content: bytes) -> Shown:
        """Give a file to the uploader whose label begins so, as a browser does, and run the page.

        Raises
        ------
        NotServed
            There is no such uploader, or the server did not take the file.
        """
        given = WidgetState(id=self._widget(label))
        urls = self._place_for(name)
        self.http.get("/_stcore/health")  # hands out the token that a page must send along
        token = {"Origin": self.url, "X-Xsrftoken": self.http.cookies.get("_streamlit_xsrf") or ""}
        answer = self.http.put(urls.upload_url, files={"file": (name, content)}, headers=token)
        if answer.status_code != 204:
            raise NotServed(f"upload: {answer.status_code}")
        given.file_uploader_state_value.uploaded_file_info.add(
            name=name, size=len(content), file_id=urls.file_id, file_urls=urls
        )
        self._given[given.id] = given
        return self.run()

    def leap(self, stem: str) -> None:
        """Ask for another page over the connection that is open, past the gate's look at addresses."""
        self._page, self._hash = stem, ""

    def leave(self) -> None:
        """Close the open page, as a closed tab does."""
        self._open.close()
        self._socket = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
        self.http.close()

    def _place_for(self, name: str) -> FileURLs:
        """Ask over the open connection where a file is to be sent."""
        if self._socket is None:
            raise NotServed("no page is open")
        asked, message = BackMsg(), ForwardMsg()
        asked.file_urls_request.request_id = name
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self._session
        self._socket.send(asked.SerializeToString())
        while message.WhichOneof("type") != "file_urls_response":
            message.ParseFromString(bytes(self._socket.recv(timeout=RUN_SECONDS)))  # type: ignore[arg-type]
        place: FileURLs = message.file_urls_response.file_urls[0]
        return place

    def _widget(self, label: str) -> str:
        found = next((widget for own, widget in self._widgets.items() if own.startswith(label)), None)
        if found is None:
            raise NotServed(f"/{self._page}: no {label} on the page")
        return found

    def _connected(self) -> ClientConnection:
        parts = urlsplit(self.url)
        address = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/_stcore/stream"
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies.jar)
        try:
            return self._open.enter_context(
                connect(
                    address,
                    origin=Origin(self.url),
                    additional_headers={"Cookie": cookies},
                    subprotocols=[Subprotocol("streamlit")],
                    max_size=_MOST_BYTES,
                    ssl=self._trusted,
                    proxy=None,
                )
            )
        except Exception as error:
            raise NotServed(f"WebSocket: {type(error).__name__}") from error

    def _shown(self, begun: float) -> Shown:
        """Gather what a run sends until it has finished."""
        shown, texts = Shown(), []
        while True:
            left = RUN_SECONDS - (time.monotonic() - begun)
            if left <= 0 or self._socket is None:
                raise NotServed(f"/{self._page}: no end within {RUN_SECONDS:.0f} s")
            message = ForwardMsg()
            received = bytes(self._socket.recv(timeout=left))  # type: ignore[arg-type]
            message.ParseFromString(received)
            shown.bytes += len(received)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._session = message.new_session.initialize.session_id or self._session
            elif kind == "navigation":
                self._hash = message.navigation.page_script_hash
            elif kind == "delta":
                texts.append(message.delta.SerializeToString().decode("utf8", "ignore"))
                element = message.delta.new_element
                for widget in (element.button, element.file_uploader):
                    self._widgets |= {widget.label: widget.id} if widget.id else {}
                if element.alert.format == Alert.ERROR:
                    shown.faults.append(element.alert.body)
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                shown.text, shown.seconds = "\n".join(texts), time.monotonic() - begun
                return shown
