"""Control over HTTP, for tests that run in another process than the server: record, faults, switches, people's acts.

GET  /rehearsal/record[?chat_id=N]   messages, calls and taps
GET  /rehearsal/quiet                whether anything is under way or waiting
POST /rehearsal/faults               {"kind": "drop_reply", "method": "sendMessage", "chat_id": N, "times": 1}
                                     and "options": {"seconds": 2} or {"status": 502} ...; gives {"id": N}
POST /rehearsal/faults/N/release     lets go what the fault holds;  /off ends it;  /rehearsal/faults/clear ends all
POST /rehearsal/switches             {"edits_to_upgraded": false}
POST /rehearsal/limits               {"group": [20, 60], "chat": null}
POST /rehearsal/facts/CHAT           {"location": "Market square"}: what getChat shows
POST /rehearsal/acts/NAME            a method of World with its arguments by name: people and chats by id
                                     ("bot" for the bot), messages and topics as [chat id, id]
"""

from collections.abc import Callable, Coroutine
from dataclasses import fields
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.rehearsal.callbacks import Tap
from bot.rehearsal.chats import Chat, Topic
from bot.rehearsal.faults import KINDS, Faults
from bot.rehearsal.limits import Window
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from bot.rehearsal.state import Switches
from bot.rehearsal.world import World

ACTS = frozenset(
    {
        "person",
        "other_bot",
        "group",
        "say",
        "share_location",
        "forward",
        "edit",
        "react",
        "unreact",
        "tap",
        "tap_data",
        "follow",
        "open_link",
        "invite_link",
        "follow_invite",
        "ask_to_join",
        "withdraw_request",
        "answer_request",
        "join",
        "leave",
        "remove",
        "promote",
        "demote",
        "add_bot",
        "kick_bot",
        "mute_bot",
        "unmute_bot",
        "block_bot",
        "unblock_bot",
        "make_public",
        "make_private",
        "set_auto_delete",
        "upgrade",
        "delete_group",
        "topic",
        "close_topic",
        "reopen_topic",
        "delete_topic",
    }
)
FACTS = frozenset(
    {
        "location",
        "linked_chat_id",
        "community",
        "description",
        "active_usernames",
        "auto_delete_seconds",
        "join_by_request",
        "protected",
        "visible_history",
        "members_may_write",
        "members_may_invite",
    }
)


class Controlled(Protocol):
    """What of the server is controlled."""

    world: World
    faults: Faults
    in_flight: int

    @property
    def quiet(self) -> bool:
        """Nothing is under way."""


def control_routes(server: Controlled) -> list[Route]:
    """The routes, to be served next to the Bot API."""
    control = Control(server)

    def post(path: str, act: Callable[[dict[str, str], Any], Any]) -> Route:
        return Route(path, _endpoint(act), methods=["POST"])

    async def record(request: Request) -> JSONResponse:
        chat_id = request.query_params.get("chat_id")
        return JSONResponse(server.world.record.as_json(int(chat_id) if chat_id else None))

    async def quiet(request: Request) -> JSONResponse:
        return JSONResponse(control.quiet())

    return [
        Route("/rehearsal/record", record),
        Route("/rehearsal/quiet", quiet),
        post("/rehearsal/faults", control.add_fault),
        post("/rehearsal/faults/clear", control.clear_faults),
        post("/rehearsal/faults/{id:int}/{what}", control.end_fault),
        post("/rehearsal/switches", control.switch),
        post("/rehearsal/limits", control.limit),
        post("/rehearsal/facts/{chat_id}", control.state_facts),
        post("/rehearsal/acts/{name}", control.act),
    ]


def _endpoint(act: Callable[[dict[str, Any], Any], Any]) -> Callable[[Request], Coroutine[Any, Any, JSONResponse]]:
    """A POST endpoint that answers a wrong request with 400 and the reason."""

    async def endpoint(request: Request) -> JSONResponse:
        body = await request.body()
        try:
            return JSONResponse(act(request.path_params, await request.json() if body else {}))
        except (LookupError, TypeError, ValueError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)

    return endpoint


class Control:
    """What the endpoints do."""

    def __init__(self, server: Controlled) -> None:
        self._server = server

    def quiet(self) -> dict[str, Any]:
        """Whether anything is under way or waiting."""
        updates = self._server.world.updates
        return {
            "quiet": self._server.quiet,
            "in_flight": self._server.in_flight,
            "unconfirmed": updates.unconfirmed,
            "undelivered": updates.undelivered,
            "polled": updates.polled,
        }

    def add_fault(self, path: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Plans a fault."""
        make: Callable[..., Any] = KINDS[body["kind"]]
        faults = self._server.faults
        faults.add(
            make(**body.get("options", {})),
            method=body.get("method"),
            chat=body.get("chat_id"),
            times=body.get("times"),
        )
        return {"id": len(faults.planned) - 1}

    def end_fault(self, path: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Releases a fault or ends it."""
        planned = self._server.faults.planned[path["id"]]
        {"release": planned.release, "off": planned.off}[path["what"]]()
        return {"taken": planned.taken}

    def clear_faults(self, path: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Ends all faults."""
        self._server.faults.clear()
        return {}

    def switch(self, path: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Sets switches."""
        switches = self._server.world.switches
        known = {field.name for field in fields(Switches)}
        _set(switches, known, body)
        return {name: getattr(switches, name) for name in known}

    def limit(self, path: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Sets flood limits: [count, seconds] or null."""
        windows = {name: value and Window(*value) for name, value in body.items()}
        _set(self._server.world.limits, {"overall", "paid", "chat", "group"}, windows)
        return {}

    def state_facts(self, path: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Sets what getChat shows of a chat."""
        chat = self._server.world.chats[int(path["chat_id"])]
        _set(chat, FACTS, body)
        return chat.as_full(self._server.world.bot)

    def act(self, path: dict[str, Any], body: dict[str, Any]) -> Any:
        """Lets people do something."""
        if path["name"] not in ACTS:
            raise ValueError(f"there is no act {path['name']}")
        given = {name: self._thing(name, value) for name, value in body.items()}
        return _described(getattr(self._server.world, path["name"])(**given))

    def _thing(self, name: str, value: Any) -> Any:
        """The person, chat, message or topic that an argument stands for."""
        world = self._server.world
        if value is None:
            return None
        if name in ("person", "by"):
            return world.bot if value == "bot" else world.people[value]
        if name in ("members", "admins"):
            return [world.people[person_id] for person_id in value]
        if name in ("chat", "group", "channel"):
            return world.chats[value]
        if name in ("message", "reply_to"):
            return next(m for m in world.record.messages if [m.chat.id, m.id] == value)
        if name == "topic":
            return world.chats[value[0]].topics[value[1]]
        return value


def _set(target: object, known: set[str] | frozenset[str], values: dict[str, Any]) -> None:
    unknown = sorted(values.keys() - known)
    if unknown:
        raise ValueError(f"unknown: {unknown}; known: {sorted(known)}")
    for name, value in values.items():
        setattr(target, name, value)


def _described(result: object) -> Any:
    match result:
        case Person() | Chat() | Topic():
            return {"id": result.id}
        case Message():
            return result.for_record()
        case Tap():
            return result.as_json()
        case str():
            return {"link": result}
        case _:
            return {}
