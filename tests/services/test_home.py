"""The home service against a real Mosquitto with devices that announce themselves, and a server like Home Assistant."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from services.home import brokered
from services.home.announced import announced, state_of, valued
from services.home.device import Device, meant
from services.home.mqtt import Broker
from services.home.server import service
from services.kit import Refusal
from tests.services.direct import direct
from tests.services.door import Door, door
from tests.services.outage import OUTAGES, happens
from tests.services.stage.home import Devices, house, mosquitto
from tests.services.website import Answer, Website, website


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """One broker for all tests here."""
    with mosquitto(tmp_path_factory.mktemp("mosquitto")) as port:
        yield port


@pytest.fixture
def devices(port: int) -> Iterator[Devices]:
    with house(port) as devices:
        yield devices


@pytest.fixture
def unset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """The service with nothing set."""
    with door(service, tmp_path, monkeypatch) as say, direct(monkeypatch):
        yield say


@pytest.fixture
def say(unset: Door, port: int, devices: Devices) -> Door:
    """The service with its broker and a small house."""
    unset.settings = {"broker": f"127.0.0.1:{port}", "prefix": "homeassistant"}
    return unset


def state(say: Door, device: str) -> dict[str, Any]:
    say("state", device=device)
    found: dict[str, Any] = say.data["devices"][0]["state"]
    return found


def test_a_lamp_is_turned_on_dimmed_and_put_back(say: Door, devices: Devices) -> None:
    assert say("turn_on", device="the desk lamp") == "On: desk lamp (study)."
    assert say("set_light", device="desk lamp", brightness=30) == "Set to 30 percent: desk lamp (study)."
    assert state(say, "desk lamp") == {"on": True, "brightness": 30}
    assert say("undo", call="call2").startswith("Undone")
    assert state(say, "desk lamp") == {"on": True, "brightness": 100}
    assert say("undo", call="call4").startswith("Undone")
    assert state(say, "desk lamp")["brightness"] == 30
    assert ("z2m/desk_lamp/set", '{"state": "ON", "brightness": 76}') in devices.heard


def test_everything_in_a_room_goes_off_and_comes_back_as_it_was(say: Door) -> None:
    assert say("turn_off", device="everything", area="kitchen") == (
        "Off: ceiling light (kitchen), coffee machine (kitchen) and shelf strip (kitchen)."
    )
    assert say.undo().startswith("Undone")
    assert state(say, "ceiling light") == {"on": True, "brightness": 50}
    assert state(say, "coffee machine") == {"on": True}


def test_an_undo_is_refused_where_the_device_was_changed_since(say: Door) -> None:
    say("turn_on", device="desk lamp")
    say("turn_off", device="desk lamp")
    assert say("undo", call="call1").startswith("!It was changed afterwards (Off: desk lamp")


def test_what_was_before_the_first_try_is_known_after_a_crash(
    say: Door, devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("services.home.houses.thing", lambda _device: 1 / 0)
        assert say("turn_on", device="desk lamp").startswith("#")
    assert devices.states["z2m/desk_lamp"].startswith('{"state": "ON"')
    devices.tell("z2m/desk_lamp", '{"state":"OFF"}')

    class Killed(BaseException):
        """Nothing after this happens, not even cleaning up."""

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr("services.home.houses.thing", killed)
        broken.setattr("services.kit.store.forget_notes", lambda _ctx: None)
        with pytest.raises(Killed):
            say("turn_on", device="desk lamp")
    say._calls -= 1  # the hub makes the same call again
    assert say("turn_on", device="desk lamp") == "On: desk lamp (study)."
    assert say.undo().startswith("Undone")
    assert state(say, "desk lamp")["on"] is False


def test_colours_reach_lights_of_both_sorts(say: Door, devices: Devices) -> None:
    say("set_light", device="kitchen lights", color="blue", brightness=50)
    assert ("strip/rgb/set", "0,0,255") in devices.heard
    assert ("strip/bri/set", "128") in devices.heard
    assert (
        "z2m/ceiling_light/set",
        '{"state": "ON", "brightness": 127, "color": {"r": 0, "g": 0, "b": 255}}',
    ) in devices.heard
    assert say("set_light", device="desk lamp") == "!How bright, or which colour?"


def test_blinds_heating_fans_scenes_and_robots(say: Door, devices: Devices) -> None:
    assert say("open_cover", device="blind", position=40) == "To 40 percent: blind (bedroom)."
    assert say("close_cover", device="garage door") == "Closing: garage door."
    assert say("set_climate", temperature=21.5, area="hall") == "Set to 21.5 degrees: thermostat (hall)."
    assert say("set_fan", speed=75, area="bedroom") == "Set to 75 percent: ceiling fan (bedroom)."
    assert say("vacuum") == "Cleaning: vacuum (hall)."
    assert say("scene", scene="the movie scene") == "Scene movie is on."
    assert say.undo().startswith("Undone")
    assert [message for message in devices.heard if "z2m" not in message[0]][:7] == [
        ("blind/position/set", "40"),
        ("garage/set", "CLOSE"),
        ("hall/target/set", "21.5"),
        ("fan/set", "ON"),
        ("fan/speed/set", "75"),
        ("robot/set", "start"),
        ("movie/set", "ON"),
    ]
    assert state(say, "ceiling light") == {"on": True, "brightness": 50}


def test_questions_are_answered_with_what_devices_last_said(say: Door) -> None:
    assert say("state", device="garage door") == "Garage door: closed."
    assert say("state", device="how warm is the bedroom") == "Bedroom meter temperature: 20.5 degrees."
    assert say("state", device="front door") == "Front door: locked."
    assert say("state", device="windows") == "Bathroom window: open."
    assert "thermostat (hall): 18.5 degrees, set to 19" in say("state", device="everything").lower()
    assert say("devices", area="hall") == "2 devices. Hall: thermostat and vacuum."


def test_nothing_is_unlocked_by_undo(say: Door, devices: Devices) -> None:
    say("unlock", device="front door")
    assert say("lock", device="front door") == "Locked: front door."
    assert say.undo() == "!I don't unlock anything by undo; ask me to unlock it."
    assert devices.states["front"] == "LOCKED"
    assert service.declared["unlock"].effect == "irreversible"


def test_a_preview_sends_nothing(say: Door, devices: Devices) -> None:
    assert say("turn_on", device="desk lamp", preview=True) == "On: desk lamp (study)."
    assert say("unlock", device="front door", preview=True) == "Unlocked: front door."
    assert devices.heard == []


def test_a_device_that_is_silent_or_offline_is_named(
    say: Door, devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brokered, "CONFIRM", 0.2)
    devices.deaf.add("z2m/desk_lamp/set")
    assert say("turn_on", device="desk lamp") == "On: desk lamp (study). desk lamp (study) did not confirm it."
    devices.tell("garage/there", "offline")
    assert say("open_cover", device="garage door") == "!garage door can't be reached."
    assert say("state", device="garage door") == "Garage door: can not be reached."
    assert say("open_cover", device="all covers") == "Opening: blind (bedroom). garage door can't be reached."


def test_of_several_devices_none_is_chosen_where_one_must_be(say: Door, devices: Devices) -> None:
    devices.tell("homeassistant/lock/back/config", '{"name":"back door","uniq_id":"back","cmd_t":"back/set"}')
    assert say("unlock", device="door") == "!Which one do you mean: back door or front door?"
    assert say("turn_on", device="heater").startswith("!I know of no heater. There is ceiling fan (bedroom), ")
    devices.tell("homeassistant/lock/back/config", "")


def test_names_are_told_for_requests_to_come(say: Door) -> None:
    result = service.answer("due", {}, {"muos/settings": say.settings, "muos/now": say.now})
    assert result.meta is not None
    names = result.meta["muos/names"]
    assert {"desk lamp", "garage door", "thermostat"} <= set(names["device"])
    assert names["scene"] == ["movie"]
    assert "kitchen" in names["area"]
    assert result.meta["muos/names_shared"] is True


def test_a_broker_that_wants_a_password_gets_it(unset: Door, tmp_path: Path) -> None:
    users = tmp_path / "users"
    users.write_text("muos:$7$101$wrong\n")
    users.chmod(0o600)
    with mosquitto(tmp_path / "m", f"allow_anonymous false\npassword_file {users}") as port:
        unset.settings = {"broker": f"127.0.0.1:{port}", "broker_user": "muos", "broker_password": "no"}
        assert unset("state", device="lamp").startswith("!The MQTT server refused: ")


def test_without_any_address_it_says_how_to_set_one(unset: Door) -> None:
    assert unset("turn_on", device="lamp").startswith("!No devices are connected yet.")
    assert unset("due") == "0 due"


@pytest.mark.parametrize(
    "says",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x20\x02\x00\x05",
        b"\x20\x02\x00\x00\x30\xff\xff\xff\x7f",
        b"\x20\xff\xff\xff\xff\xff",
    ],
)
def test_a_server_that_is_no_broker_is_told_apart(says: bytes) -> None:
    ours, theirs = socket.socketpair()
    theirs.sendall(says)
    theirs.shutdown(socket.SHUT_WR)
    broker = Broker(ours, "It")
    with pytest.raises(Refusal):
        converse(broker)
    broker.close()
    theirs.close()


def converse(broker: Broker) -> None:
    broker.open("muos")
    broker.gather(["#"])


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{ value_json.a }}", {"b": [1.26]}),
        ("{{ value_json.a.b[0] | round(1) }}", 1.3),
        ("{{ value_json['a'].c }}", None),
        ("{% if value %}x{% endif %}", '{"a":{"b":[1.26]}}'),
        (None, '{"a":{"b":[1.26]}}'),
    ],
)
def test_templates_are_read_by_their_path(template: str | None, value: Any) -> None:
    assert valued(template, '{"a":{"b":[1.26]}}') == value


@pytest.mark.parametrize(
    "payload", ["", "no json", "[]", "{}", '{"device": 3, "name": {"a": 1}}', '{"cmps": []}', '{"availability": "x"}']
)
def test_no_announcement_breaks_the_reading_of_others(payload: str) -> None:
    for topic in ("homeassistant/light/x/config", "homeassistant/device/x/config", "homeassistant/config", "other/a/b"):
        for device in announced(topic, payload, "homeassistant"):
            state_of(device.kind, device.plan, {})


def test_devices_are_found_by_room_sort_and_name() -> None:
    there = [
        Device("1", "lamp", "light", "kitchen", {}),
        Device("2", "lamp", "light", "bedroom", {}),
        Device("3", "kitchen fan", "fan", "kitchen", {}),
    ]
    kinds = {"light", "fan"}

    def ids(said: str, here: str = "home") -> str:
        return "".join(device.id for device in meant(there, said, kinds, here))

    assert ids("lamp in the kitchen") == "1"
    assert ids("the lights") == "12"
    assert ids("the light", here="bedroom") == "2"
    assert ids("kitchen") == "13"
    assert ids("the kitchen fan") == "3"
    assert ids("everything") == "123"


STATES = [
    {"entity_id": "light.sofa", "state": "off", "attributes": {"friendly_name": "Sofa lamp"}},
    {"entity_id": "lock.door", "state": "locked", "attributes": {"friendly_name": "Front door"}},
    {
        "entity_id": "climate.bath",
        "state": "heat",
        "attributes": {"friendly_name": "Bath heating", "temperature": 21, "current_temperature": 19.5},
    },
    {"entity_id": "sensor.power", "state": "unavailable", "attributes": {"friendly_name": "Power meter"}},
    {"entity_id": "sun.sun", "state": "above_horizon", "attributes": {}},
    {"entity_id": "cover.gate", "state": "closed", "attributes": {"friendly_name": "Gate", "current_position": 0}},
]


class Hass:
    """Home Assistant's REST API, as documented."""

    def __init__(self, site: Website) -> None:
        self.site = site
        self.states = {row["entity_id"]: json.loads(json.dumps(row)) for row in STATES}
        self.lock = threading.Lock()
        site.pages["/api/states"] = self.list_states
        site.pages["/api/template"] = Answer(b'{"light.sofa": "Lounge", "climate.bath": "Bathroom"}')
        for name in ("light/turn_on", "light/turn_off", "lock/unlock", "climate/set_temperature", "cover/open_cover"):
            site.pages[f"/api/services/{name}"] = self.serve

    def list_states(self, handler: BaseHTTPRequestHandler) -> None:
        self.answer(handler, list(self.states.values()))

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        given = json.loads(self.site.asked[-1].body)
        row = self.states[given.pop("entity_id")]
        name = handler.path.rsplit("/", 1)[1]
        row["state"] = {"turn_on": "on", "turn_off": "off", "unlock": "unlocked", "open_cover": "open"}.get(
            name, row["state"]
        )
        if "brightness_pct" in given:
            given["brightness"] = round(given.pop("brightness_pct") * 2.55)
        row["attributes"] |= given
        self.answer(handler, [row])

    def answer(self, handler: BaseHTTPRequestHandler, content: Any) -> None:
        good = handler.headers["Authorization"] == "Bearer long-lived"
        body = json.dumps(content).encode() if good else b"401: Unauthorized"
        handler.send_response(200 if good else 401)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        yield site


@pytest.fixture
def hass(unset: Door, site: Website) -> Hass:
    unset.settings = {"assistant": site.url(), "assistant_token": "long-lived"}
    return Hass(site)


def test_home_assistants_entities_are_told_and_changed_and_put_back(unset: Door, hass: Hass) -> None:
    assert unset("set_light", device="sofa lamp", brightness=40) == "Set to 40 percent: Sofa lamp (Lounge)."
    assert unset("state", area="lounge") == "Sofa lamp (Lounge): on at 40 percent."
    assert unset("undo", call="call1").startswith("Undone")
    assert hass.states["light.sofa"]["state"] == "off"
    assert unset("set_climate", temperature=23, area="bathroom") == "Set to 23 degrees: Bath heating (Bathroom)."
    assert unset("state", device="how warm is the bathroom") == "Bath heating (Bathroom): 19.5 degrees, set to 23."
    assert unset("unlock", device="front door") == "Unlocked: Front door."
    assert unset("state", device="power meter") == "Power meter: can not be reached."
    assert unset("open_cover", device="gate") == "Opening: Gate."


def test_a_wrong_token_is_said(unset: Door, hass: Hass) -> None:
    unset.settings["assistant_token"] = "old"
    assert unset("turn_on", device="sofa lamp").startswith("!Home Assistant does not accept the access token")


@pytest.mark.parametrize("name", sorted(set(OUTAGES) - {"moved to nowhere", "forbidden", "another format"}))
def test_home_assistants_faults_are_said_plainly(
    unset: Door, hass: Hass, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.home.assistant.SECONDS", 0.5)
    heard = happens(hass.site, "/api/states", name)
    answer = unset("turn_on", device="sofa lamp")
    assert answer.startswith("!")
    assert heard in answer


def test_one_way_that_fails_does_not_hide_the_other(say: Door, site: Website) -> None:
    say.settings |= {"assistant": site.url(), "assistant_token": "x"}
    assert say("turn_on", device="desk lamp") == "On: desk lamp (study)."
