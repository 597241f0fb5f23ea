"""Home: lights, switches, heating, covers, locks, scenes and sensors of the household, by name and by room.

What is done to a device can be undone: its former state is kept before anything is sent. Only unlocking waits for a
yes, and no undo unlocks.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from services.home import houses, telling
from services.home.asked import Area, Color, Mode, SceneName, Sort, Thermostat, Which, light_wanted, where
from services.home.device import SWITCHED, Device, meant, only, thing
from services.home.houses import change, house
from services.kit import Alert, Context, Refusal, Reply, Service
from services.kit.moment import capital
from services.kit.speech import counted, spoken

service = Service(__file__)

LOOK_AGAIN = timedelta(hours=6)


@service.tool(
    "reversible",
    examples=[
        "turn on the kitchen light",
        "switch the desk lamp on",
        "lights on in the hall",
        "turn on the fan in the bedroom",
        "could you put the coffee machine plug on",
        "it's too dark in the living room",
        "turn on the lights in the dining room",
        "power up the heater socket",
        "I need light on the porch",
        "garden lights on please",
    ],
)
def turn_on(ctx: Context, device: Which, area: Area = None) -> Reply:
    """Turn on lights, plugs or fans of the house: by name, by room or all."""
    with house(ctx) as (whole, devices):
        wanted = meant(devices, where(device, area), SWITCHED, ctx.room)
        return change(ctx, whole, wanted, {"on": True}, "On")


@service.tool(
    "reversible",
    examples=[
        "turn off everything in the kitchen",
        "switch the desk lamp off",
        "lights out in the hall",
        "turn off all the lights",
        "the fan in the bedroom can go off",
        "kill the garden lights",
        "switch everything off upstairs",
        "power down the coffee machine plug",
        "no more light on the porch",
        "make it dark in the living room",
    ],
)
def turn_off(ctx: Context, device: Which = "everything", area: Area = None) -> Reply:
    """Turn off lights, plugs or fans of the house: by name, by room or all."""
    with house(ctx) as (whole, devices):
        wanted = meant(devices, where(device, area), SWITCHED, ctx.room)
        return change(ctx, whole, wanted, {"on": False}, "Off")


@service.tool(
    "reversible",
    examples=[
        "dim the desk lamp to 30 percent",
        "make the kitchen light blue",
        "set the living room lights to 80%",
        "brighter light in the study, full brightness",
        "give the hall a warm white light",
        "bedroom lamp at 10 percent please",
        "turn the porch light red",
        "set the colour temperature of the office lamp to 4000 kelvin",
        "cosy warm light in the lounge",
        "half brightness for the garden lights",
    ],
)
def set_light(
    ctx: Context,
    device: Which = "lights",
    brightness: Annotated[int | None, Field(description="How bright, in percent", ge=1, le=100)] = None,
    color: Annotated[Color | None, Field(description="Which colour")] = None,
    kelvin: Annotated[int | None, Field(description="Colour temperature in kelvin", ge=1_500, le=10_000)] = None,
    area: Area = None,
) -> Reply:
    """Set how bright lights are, or which colour they have."""
    wanted, said = light_wanted(brightness, color, kelvin)
    if not said:
        raise Refusal("How bright, or which colour?")
    with house(ctx) as (whole, devices):
        lights = meant(devices, where(device, area), {"light"}, ctx.room)
        return change(ctx, whole, lights, wanted, f"Set to {said}")


@service.tool(
    "reversible",
    examples=[
        "set the heating in the bathroom to 22 degrees",
        "make it 19.5 degrees in the bedroom",
        "thermostat to 21",
        "I'm cold, heat the study to 23",
        "turn the radiator in the hall down to 16 degrees",
        "set the living room to 20",
        "heating off in the guest room",
        "switch the thermostat to cool",
        "put the climate upstairs on auto",
    ],
)
def set_climate(
    ctx: Context,
    temperature: Annotated[float | None, Field(description="How warm it shall be, in degrees", ge=4, le=95)] = None,
    mode: Mode = None,
    area: Area = None,
    device: Thermostat = None,
) -> Reply:
    """Set the heating or cooling of a room: how warm it shall be, or off, heat, cool, auto."""
    if temperature is None and mode is None:
        raise Refusal("How warm shall it be?")
    wanted = {key: value for key, value in (("mode", mode), ("target", temperature)) if value is not None}
    parts = [mode] if mode else []
    said = " and ".join([*parts, *([f"{temperature:g} degrees"] if temperature is not None else [])])
    with house(ctx) as (whole, devices):
        chosen = meant(devices, where(device or "thermostat", area), {"climate"}, ctx.room)
        return change(ctx, whole, chosen, wanted, f"Set to {said}")


@service.tool(
    "reversible",
    examples=[
        "open the garage door",
        "raise the blinds in the bedroom",
        "open the kitchen shutters halfway",
        "curtains open please",
        "pull up the awning",
        "let some sun into the study, open the blind",
        "set the living room blinds to 40 percent",
        "roll the shades up",
    ],
)
def open_cover(
    ctx: Context,
    device: Which = "covers",
    position: Annotated[int, Field(description="How far open, in percent", ge=1, le=100)] = 100,
    area: Area = None,
) -> Reply:
    """Open blinds, shutters, curtains or a garage door, wholly or to a percentage."""
    with house(ctx) as (whole, devices):
        covers = meant(devices, where(device, area), {"cover"}, ctx.room)
        said = "Opening" if position == 100 else f"To {position} percent"
        return change(ctx, whole, covers, {"open": True, "position": position}, said)


@service.tool(
    "reversible",
    examples=[
        "close the garage door",
        "lower the blinds in the bedroom",
        "shut the kitchen shutters",
        "draw the curtains",
        "roll the awning in",
        "the sun blinds me, blinds down in the study",
        "close all shades",
        "shutters down everywhere",
    ],
)
def close_cover(ctx: Context, device: Which = "covers", area: Area = None) -> Reply:
    """Close blinds, shutters, curtains or a garage door."""
    with house(ctx) as (whole, devices):
        covers = meant(devices, where(device, area), {"cover"}, ctx.room)
        return change(ctx, whole, covers, {"open": False, "position": 0}, "Closing")


@service.tool(
    "reversible",
    examples=[
        "lock the front door",
        "lock up everything",
        "is it locked? lock the back door please",
        "bolt the shed",
        "lock all doors",
        "we're leaving, lock the house",
        "secure the cellar door",
        "put the lock on the gate",
    ],
)
def lock(ctx: Context, device: Which = "locks", area: Area = None) -> Reply:
    """Lock doors."""
    with house(ctx) as (whole, devices):
        return change(ctx, whole, meant(devices, where(device, area), {"lock"}, ctx.room), {"locked": True}, "Locked")


@service.tool(
    "irreversible",
    examples=[
        "unlock the front door",
        "open the lock of the shed",
        "let the plumber in, unlock the back door",
        "unbolt the cellar door",
        "release the lock on the gate",
        "unlock the entrance please",
        "could you open up the front door lock for Anna",
        "take the lock off the garden gate",
    ],
)
def unlock(ctx: Context, device: Which, area: Area = None) -> Reply:
    """Unlock one door."""
    with house(ctx) as (whole, devices):
        door = only(meant(devices, where(device, area), {"lock"}, ctx.room), device)
        return change(ctx, whole, [door], {"locked": False}, "Unlocked")


@service.tool(
    "reversible",
    examples=[
        "activate the movie scene",
        "scene dinner please",
        "set the scene good night",
        "movie time in the living room",
        "start the reading scene",
        "I'd like the party mood",
        "activate the scene sunrise",
        "activate the reading scene in the lounge",
    ],
)
def scene(ctx: Context, scene: SceneName) -> Reply:
    """Activate a scene: a setting of several devices that was saved under a name."""
    with house(ctx) as (whole, devices):
        chosen = only(meant(devices, scene, {"scene"}, ctx.room), scene)
        return houses.set_scene(ctx, whole, chosen, devices)


@service.tool(
    "reversible",
    examples=[
        "set the ceiling fan to 50 percent",
        "fan in the bedroom at full speed",
        "slow the fan down to 20%",
        "let the ventilator run at 75 percent",
        "make the study fan faster, 90 percent",
        "bathroom fan speed 40",
        "turn the fan speed to 30 percent",
        "gentle breeze from the fan, 15 percent",
    ],
)
def set_fan(
    ctx: Context,
    speed: Annotated[int, Field(description="How fast, in percent", ge=1, le=100)],
    device: Which = "fan",
    area: Area = None,
) -> Reply:
    """Set how fast a fan turns."""
    with house(ctx) as (whole, devices):
        fans = meant(devices, where(device, area), {"fan"}, ctx.room)
        return change(ctx, whole, fans, {"on": True, "speed": speed}, f"Set to {speed} percent")


@service.tool(
    "reversible",
    examples=[
        "start the vacuum",
        "send the robot to clean",
        "let the hoover do the floor",
        "send the vacuum back to its dock",
        "stop cleaning and go home, robot",
        "vacuum the flat",
        "robot vacuum, return to base",
        "have the vacuum robot clean up now",
    ],
)
def vacuum(
    ctx: Context,
    action: Annotated[Literal["clean", "dock"], Field(description="Clean the floor, or go back to the dock")] = "clean",
    device: Which = "vacuum",
) -> Reply:
    """Send a vacuum robot to clean, or back to its dock."""
    mode, said = ("cleaning", "Cleaning") if action == "clean" else ("returning", "Going home")
    with house(ctx) as (whole, devices):
        return change(ctx, whole, meant(devices, device, {"vacuum"}, ctx.room), {"mode": mode}, said)


@service.tool(
    "read",
    examples=[
        "is the garage door open?",
        "how warm is the bedroom?",
        "are any lights on downstairs?",
        "is the front door locked?",
        "what's the temperature in the nursery?",
        "did I leave the desk lamp on?",
        "did I lock the cellar door?",
        "what is the heating set to in the study?",
        "is the coffee machine still on?",
        "how bright is the hall light?",
    ],
)
def state(ctx: Context, device: Which = "everything", area: Area = None) -> Reply:
    """Say how devices of the house are: on, open, locked, how warm, what a sensor measures."""
    with house(ctx) as (_, devices):
        chosen = telling.asked_about(devices, where(device, area), ctx.room)
        said = [telling.told(each) for each in chosen[: telling.SAID]]
        more = f"; and {len(chosen) - telling.SAID} more" if len(chosen) > telling.SAID else ""
        data = [telling.row(each) for each in chosen]
        return Reply(f"{capital('; '.join(said))}{more}.", {"devices": data}, [thing(each) for each in chosen])


@service.tool(
    "read",
    examples=[
        "which devices are in the kitchen?",
        "list all devices of the house",
        "what can you control at home?",
        "show me the lights there are",
        "which rooms do you know?",
        "what scenes do we have?",
        "name all smart devices",
        "which lamps are there at home?",
    ],
)
def devices(ctx: Context, area: Area = None, sort: Sort = None) -> Reply:
    """List the devices and scenes of the house, and the rooms they are in."""
    with house(ctx) as (_, there):
        found = [each for each in there if not sort or each.kind.endswith(sort)]
        if area:
            found = [each for each in found if each.area.casefold() == area.strip().casefold()]
        if not found:
            raise Refusal("I know of no such devices.")
        rooms: dict[str, list[Device]] = {}
        for each in found:
            rooms.setdefault(each.area or "elsewhere", []).append(each)
        said = "; ".join(f"{room}: {spoken([each.name for each in each_room])}" for room, each_room in rooms.items())
        return Reply(
            f"{counted(len(found), 'device')}. {capital(said)}.",
            {"devices": [telling.row(each) for each in found]},
            [thing(each) for each in found],
        )


@service.undoing
def put_back(ctx: Context, was: Any) -> None:
    """Give devices their former state again."""
    houses.put_back(ctx, was)


@service.shared_names
def known(ctx: Context) -> dict[str, list[str]]:
    """Devices, rooms and scenes as they were last seen."""
    return houses.known(ctx)


def next_look(ctx: Context) -> datetime | None:
    """When to look for new devices."""
    return ctx.now + LOOK_AGAIN if ctx.settings.get("broker") or ctx.settings.get("assistant") else None


@service.due(next_look)
def due(ctx: Context) -> list[Alert]:
    """Look which devices there are, so that requests can name them; nothing is told."""
    try:
        with house(ctx):
            return []
    except Refusal:
        return []  # not set up, or not there now: a request for a device will say so


if __name__ == "__main__":
    service.run()
