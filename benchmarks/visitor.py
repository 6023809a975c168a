"""A visitor who speaks Streamlit's own protocol: what a browser would send, and nothing is drawn.

Messages go over the websocket ``/_stcore/stream`` as protocol buffers. The visitor keeps the tree
of elements as a browser does, answers the timers of fragments, and takes what they point to by
HTTP. A browser costs more of the processor than what it asks of the server; this costs little.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import UploadedFileInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

_EVENTS = "$$STREAMLIT_INTERNAL_KEY_{}__events"  # the widget that takes a component's triggers
_LARGEST = 1 << 28  # bytes of a message


class Late(Exception):
    """Something did not come in time."""


@dataclass
class Node:
    """A place of the page. run: the number of the run of a script that drew it last."""

    run: int
    fragment: str
    element: Element | None = None
    children: dict[int, Node] = field(default_factory=dict)

    def elements(self) -> Iterator[tuple[Element, str]]:
        """The elements here and below, in order, each with the fragment that drew it."""
        if self.element is not None:
            yield self.element, self.fragment
        for _, child in sorted(self.children.items()):
            yield from child.elements()

    def prune(self, keep: Callable[[Node], bool]) -> None:
        """Take out what a run has not drawn again."""
        self.children = {place: child for place, child in self.children.items() if keep(child)}
        for child in self.children.values():
            child.prune(keep)


class Visitor:
    """One session with a server.

    Args:
        address: of the server.
        patience: s, the longest that it waits for one thing.
        on_message: is called with the bytes of everything that the server sends.
    """

    def __init__(
        self, address: str, patience: float, on_message: Callable[[bytes], None] = lambda _: None
    ) -> None:
        self._address, self._patience, self._on_message = address, patience, on_message
        self._socket = connect(
            f"ws{address.removeprefix('http')}/_stcore/stream", subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=_LARGEST, compression=None)
        self._http = requests.Session()
        self._http.get(f"{address}/_stcore/health", timeout=patience).raise_for_status()
        self._http.headers["X-Xsrftoken"] = self._http.cookies.get("_streamlit_xsrf") or ""
        self._states: dict[str, WidgetState] = {}
        self._timers: dict[str, tuple[float, float]] = {}  # of fragments: interval and next time
        self._page, self._session, self._runs, self._drawing = "", "", 0, set[str]()
        self._awaited: str | None = None  # the fragment, or "" for all, that an action asked for
        self._busy = False
        self.root = Node(0, "")

    @property
    def running(self) -> bool:
        """Whether the server draws, or is about to."""
        return self._busy or self._awaited is not None

    def close(self) -> None:
        """Leave."""
        self._socket.close()
        self._http.close()

    def open(self, page: str) -> None:
        """Go to the page of that address."""
        self._states.clear()
        message = BackMsg()
        message.rerun_script.page_name = page
        self._rerun(message)

    def set(self, element: Any, fragment: str = "", **value: Any) -> None:
        """Give a widget a value, such as ``string_array_value=[...]``, and let it be answered."""
        state = WidgetState(id=element.id)
        for name, what in value.items():
            if isinstance(what, list):
                getattr(state, name).data.extend(what)
            else:
                setattr(state, name, what)
        self._states[element.id] = state
        self._send_states(fragment)

    def trigger(self, element: Any, fragment: str = "") -> None:
        """Press a button."""
        self._send_states(fragment, WidgetState(id=element.id, trigger_value=True))

    def event(self, component: Any, fragment: str = "", **event: Any) -> None:
        """Let a component say what was done with it, such as ``choice=1``."""
        said = [{"event": name, "value": value} for name, value in event.items()]
        self._send_states(fragment, WidgetState(
            id=_EVENTS.format(component.id), json_trigger_value=json.dumps(said)))

    def upload(self, uploader: Any, file: Path, fragment: str = "") -> None:
        """Give a file to an uploader."""
        asked = str(uuid4())
        message = BackMsg()
        message.file_urls_request.request_id = asked
        message.file_urls_request.file_names.append(file.name)
        message.file_urls_request.session_id = self._session
        self._socket.send(message.SerializeToString())
        answer = self._until(lambda m: m.file_urls_response.response_id == asked)
        (urls,) = answer.file_urls_response.file_urls
        self._http.put(self._address + urls.upload_url, files={
            "file": (file.name, file.read_bytes())}, timeout=self._patience).raise_for_status()
        state = WidgetState(id=uploader.id)
        state.file_uploader_state_value.uploaded_file_info.append(UploadedFileInfo(
            name=file.name, size=file.stat().st_size, file_id=urls.file_id, file_urls=urls))
        self._states[uploader.id] = state
        self._send_states(fragment)

    def fetch(self, address: str) -> bytes:
        """A file that the page points to."""
        answer = self._http.get(self._address + address, timeout=self._patience)
        answer.raise_for_status()
        return answer.content

    def find(self, kind: str, label: str = "", place: int = 0) -> tuple[Any, str] | None:
        """An element of a kind, by its label or else by its place among them, and its fragment."""
        found = [(getattr(element, kind), fragment) for element, fragment in self.root.elements()
                 if element.WhichOneof("type") == kind]
        found = [each for each in found if not label or getattr(each[0], "label", "") == label]
        return found[place] if place < len(found) else None

    def component(self, name: str) -> tuple[Any, str] | None:
        """A component of this project, such as ``player``, and its fragment."""
        return next((
            (element.bidi_component, fragment) for element, fragment in self.root.elements()
            if element.WhichOneof("type") == "bidi_component"
            and element.bidi_component.component_name.endswith(f".{name}")), None)

    def problems(self) -> list[str]:
        """What the page says went wrong."""
        said = []
        for element, _ in self.root.elements():
            if element.WhichOneof("type") == "exception":
                said.append(f"{element.exception.type}: {element.exception.message}")
            elif element.WhichOneof("type") == "alert" and element.alert.format == Alert.ERROR:
                said.append(element.alert.body)
        return said

    def answered(self) -> bool:
        """Whether the page has drawn an answer, or has said why there is none."""
        return not self.running and self.find("progress") is None and (
            self.find("download_button") is not None or bool(self.problems()))

    def wait(self, there: Callable[[], bool]) -> None:
        """Go on as a browser does until something is there.

        Raises:
            Late: it did not come in time.
        """
        end = time.monotonic() + self._patience
        while not there():
            self._step(end)

    def _until(self, wanted: Callable[[ForwardMsg], bool]) -> ForwardMsg:
        end = time.monotonic() + self._patience
        while True:
            message = self._step(end)
            if message is not None and wanted(message):
                return message

    def _step(self, end: float) -> ForwardMsg | None:
        """Take the next message, or answer a timer."""
        now = time.monotonic()
        if now > end:
            raise Late(f"waited for {self._patience:.0f} s, running: {self.running}")
        due = min((at for _, at in self._timers.values()), default=end)
        if due <= now and not self.running:
            fragment = min(self._timers, key=lambda name: self._timers[name][1])
            self._timers[fragment] = (self._timers[fragment][0], now + self._timers[fragment][0])
            self._send_states(fragment, timer=True)
            return None
        try:
            data = self._socket.recv(max(0.01, min(end, due if not self.running else end) - now))
        except TimeoutError:
            return None
        assert isinstance(data, bytes)
        self._on_message(data)
        message = ForwardMsg.FromString(data)
        self._take(message)
        return message

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._session = message.new_session.initialize.session_id or self._session
            self._runs += 1
            self._drawing = set(message.metadata.run.fragment_ids)
            if not self._drawing:
                self._timers.clear()  # fragments that are drawn again say so
            if not self._drawing or self._awaited in self._drawing:
                self._awaited = None
            self._busy = True
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "delta":
            self._draw(message)
        elif kind == "auto_rerun":
            interval = message.auto_rerun.interval
            self._timers[message.auto_rerun.fragment_id] = (interval, time.monotonic() + interval)
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self._timers.pop(fragment, None)
        elif kind == "script_finished":
            self._busy = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if not self._busy:
                self.root.prune(lambda node: node.run == self._runs or bool(node.children) or (
                    bool(self._drawing) and node.fragment not in self._drawing))

    def _draw(self, message: ForwardMsg) -> None:
        node, fragment = self.root, message.delta.fragment_id
        for place in message.metadata.delta_path:
            node = node.children.setdefault(place, Node(self._runs, fragment))
        node.run, node.fragment = self._runs, fragment
        if message.delta.WhichOneof("type") == "new_element":
            node.element, node.children = message.delta.new_element, {}
        else:
            node.element = None

    def _send_states(
        self, fragment: str, *triggers: WidgetState, timer: bool = False
    ) -> None:
        message = BackMsg()
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = timer
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.widget_states.widgets.extend([*self._states.values(), *triggers])
        self._rerun(message)

    def _rerun(self, message: BackMsg) -> None:
        # A timer may ask for a fragment that is gone by now, and is not answered then.
        if not message.rerun_script.is_auto_rerun:
            self._awaited = message.rerun_script.fragment_id
        self._socket.send(message.SerializeToString())
