"""A small hub on this machine: answers what `datasets` and `huggingface_hub` ask under HF_ENDPOINT, or misbehaves."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


class Hub:
    """Repositories are folders: `root/models/OWNER/NAME` and `root/datasets/OWNER/NAME`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.mood = "well"
        """well, silent, silent files, html, error, no json, no listing, or truncated."""
        self.asked: list[str] = []
        self.closing = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": self}))
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """After this the address refuses connections."""
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def serving(root: Path) -> Iterator[Hub]:
    """A hub for the repositories below `root`, gone afterwards."""
    hub = Hub(root)
    try:
        yield hub
    finally:
        hub.close()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None: ...

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append(f"{self.command} {path}")
        asks_file = "/resolve/" in path
        if self.hub.mood == "silent" or (self.hub.mood == "silent files" and asks_file):
            self.hub.closing.wait(600)
            self.close_connection = True
        elif self.hub.mood == "html":
            self._send(200, b"<html><body>Please log in to this network</body></html>", "text/html")
        elif self.hub.mood == "error":
            self._send(500, b"Internal Server Error", "text/plain")
        elif self.hub.mood == "no json":
            self._send(200, b'{"sha": "12', "application/json")
        elif self.hub.mood == "no listing":
            self._json({"hello": "world"})
        elif asks_file:
            self._file(path)
        else:
            self._api(path, body)

    def _api(self, path: str, body: bytes) -> None:
        if path in ("/api/models", "/api/datasets"):
            self._json([])
            return
        found = re.fullmatch(
            r"/api/(models|datasets)/([^/]+/[^/]+)(?:/(revision|tree|paths-info)/([^/]+)(/.*)?)?", path
        )
        folder = self.hub.root / found[1] / found[2] if found else None
        if found is None or folder is None or not folder.is_dir():
            self._missing()
        elif found[3] == "tree":
            below = (found[5] or "").strip("/")
            self._tree(folder, below)
        elif found[3] == "paths-info":
            wanted = [path.strip("/") for path in _paths(body)]
            self._json([_entry(folder, path) for path in wanted if (folder / path).exists()])
        else:
            self._json(_info(folder, found[2]))

    def _tree(self, folder: Path, below: str) -> None:
        start = folder / below
        if not start.is_dir():
            self._send(404, b"{}", "application/json", {"X-Error-Code": "EntryNotFound"})
            return
        recursive = "recursive=true" in self.path.lower() or "recursive=1" in self.path
        paths = start.rglob("*") if recursive else start.iterdir()
        self._json([_entry(folder, path.relative_to(folder).as_posix()) for path in sorted(paths)])

    def _file(self, path: str) -> None:
        found = re.fullmatch(r"/(datasets/)?([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path)
        kind = "datasets" if found and found[1] else "models"
        folder = self.hub.root / kind / found[2] if found else None
        if found is None or folder is None or not folder.is_dir():
            self._missing()
            return
        headers = {"X-Repo-Commit": _commit(folder), "Accept-Ranges": "bytes"}
        file = folder / found[4]
        if not file.is_file():
            self._send(404, b"", "text/plain", {**headers, "X-Error-Code": "EntryNotFound"})
            return
        data = file.read_bytes()
        headers["ETag"] = f'"{_digest(data)}"'
        if self.hub.mood == "truncated" and file.suffix in (".parquet", ".safetensors"):
            data = data[: len(data) // 2]
        self._send(200, data, "application/octet-stream", headers)

    def _missing(self) -> None:
        headers = {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"}
        self._send(404, b'{"error": "Repository not found"}', "application/json", headers)

    def _json(self, value: Any) -> None:
        self._send(200, json.dumps(value).encode(), "application/json")

    def _send(self, status: int, data: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def _paths(body: bytes) -> list[str]:
    """The paths asked for, sent as JSON or as a form."""
    text = body.decode()
    if text.startswith("{"):
        return list(json.loads(text)["paths"])
    return [unquote(value) for name, _, value in (pair.partition("=") for pair in text.split("&")) if name == "paths"]


def _info(folder: Path, repository: str) -> dict[str, Any]:
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {
        "_id": "0" * 24,
        "id": repository,
        "sha": _commit(folder),
        "private": False,
        "gated": False,
        "disabled": False,
        "tags": [],
        "downloads": 0,
        "likes": 0,
        "lastModified": "2026-01-01T00:00:00.000Z",
        "createdAt": "2026-01-01T00:00:00.000Z",
        "siblings": [{"rfilename": name} for name in files],
    }


def _entry(folder: Path, path: str) -> dict[str, Any]:
    place = folder / path
    if place.is_dir():
        return {"type": "directory", "path": path, "oid": _digest(path.encode()), "size": 0}
    data = place.read_bytes()
    return {"type": "file", "path": path, "oid": _digest(data), "size": len(data)}


def _commit(folder: Path) -> str:
    """Changes with any file, as a commit does."""
    names = sorted(path for path in folder.rglob("*") if path.is_file())
    return _digest(b"".join(path.name.encode() + path.read_bytes() for path in names))


def _digest(data: bytes) -> str:
    return hashlib.sha1(data).hexdigest()
