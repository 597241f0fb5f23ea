"""A server on loopback that speaks OpenAI's chat protocol as it is told to, faults included."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

BOUND = 5.0
"""Seconds after which a server that keeps silent gives up."""


@dataclass(frozen=True)
class Answers:
    """One scripted answer: raw lines of server-sent events, or an error."""

    lines: Sequence[str] = ()
    status: int = 200
    body: Mapping[str, Any] = field(default_factory=dict)
    cut: bool = False
    """The connection is cut after the lines."""
    silent: bool = False
    """Nothing more comes after the lines."""


def chunk(delta: Mapping[str, Any], end: str | None = None) -> str:
    """One line of a streamed answer."""
    return "data: " + json.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": end}]})


def says(*words: str, end: str = "stop") -> Answers:
    """An answer in words, one piece for each."""
    return Answers([*(chunk({"content": word}) for word in words), chunk({}, end), "data: [DONE]"])


def asks(*calls: tuple[str, Any], content: str = "") -> Answers:
    """An answer that is one or several whole calls; arguments that are text are sent as they are."""
    parts = [
        {
            "index": number,
            "id": f"call_{number}",
            "type": "function",
            "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)},
        }
        for number, (name, given) in enumerate(calls)
    ]
    return Answers([chunk({"content": content, "tool_calls": parts}), chunk({}, "tool_calls"), "data: [DONE]"])


class ScriptedServer:
    """Gives its answers in order, the last one again when there are no more; keeps what it was asked."""

    def __init__(self, *answers: Answers, models: Sequence[str] = ("tiny",)) -> None:
        self.answers = list(answers)
        self.models = list(models)
        self.asked: list[dict[str, Any]] = []
        self.over = threading.Event()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.scripted = self
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.server.shutdown()
        self.thread.join(BOUND)
        self.server.server_close()

    def answer(self, request: dict[str, Any]) -> Answers:
        """The next answer."""
        self.asked.append(request)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


class Server(ThreadingHTTPServer):
    scripted: ScriptedServer

    def handle_error(self, *_: Any) -> None:
        """The client may leave at any time."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        models = self.server.scripted.models
        rows = [{"id": name, "object": "model", "created": 0, "owned_by": "me"} for name in models]
        self.whole(200, {"object": "list", "data": rows})

    def do_POST(self) -> None:
        scripted = self.server.scripted
        answer = scripted.answer(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        if answer.status != 200:
            self.whole(answer.status, answer.body)
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.send_header("connection", "close")  # said, so that the client does not send its next request into the end
        self.end_headers()
        for line in answer.lines:
            data = f"{line}\n\n".encode()
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        if answer.silent:
            scripted.over.wait(BOUND)
        elif not answer.cut:
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True

    def whole(self, status: int, body: Mapping[str, Any]) -> None:
        """An answer in one piece."""
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.send_header("retry-after-ms", "1")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass
