"""A request's parameters, from wherever Telegram takes them: query, form, multipart or JSON body."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope


@dataclass(frozen=True, slots=True)
class Request:
    """The parameters by name: strings, or JSON values from a JSON body. `broken` says why a body couldn't be read."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    broken: str | None = None


async def read_request(scope: Scope, receive: Receive) -> Request:
    """Reads the query and the whole body."""
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    body = await _body(receive)
    kind = dict(scope["headers"]).get(b"content-type", b"")
    if not body:
        return Request(query)
    try:
        return Request(query | _fields(kind, body))
    except ValueError:
        return Request(query, "can't parse the request's body")


def _fields(kind: bytes, body: bytes) -> dict[str, Any]:
    if kind.startswith(b"application/json"):
        read = json.loads(body)
        if not isinstance(read, dict):
            raise ValueError("not an object")
        return read
    if kind.startswith(b"multipart/form-data"):
        return _multipart(kind, body)
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _multipart(kind: bytes, body: bytes) -> dict[str, Any]:
    """Plain fields only; the methods served here take no files."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind + b"\r\n\r\n" + body)
    fields = {}
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        name = part.get_param("name", header="content-disposition")
        if isinstance(content, bytes) and isinstance(name, str):
            fields[name] = content.decode()
    return fields


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        event = await receive()
        if event["type"] != "http.request":
            break
        parts.append(event.get("body", b""))
        if not event.get("more_body"):
            break
    return b"".join(parts)
