"""What services told the hub: names are their member's own, unless the service says that they are everyone's."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.bulletin import Bulletin, Noticed
from services.inmemory import InMemory
from services.runtime.supervisor import BUILT_IN, Supervisor
from services.tool import Call, Caller, Done, Effect, Tool

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


@pytest.fixture
def bulletin(tmp_path: Path) -> Iterator[Bulletin]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield Bulletin(engine)
    engine.dispose()


def test_names_are_known_to_their_member_alone(bulletin: Bulletin) -> None:
    bulletin.post("notes", "anna", Done("", names={"note": ["diary"]}))
    assert bulletin.names("anna") == {"note": ["diary"]}
    assert bulletin.names("bob") == {}


def test_shared_names_are_known_to_everyone_beside_their_own(bulletin: Bulletin) -> None:
    bulletin.post("lists", "anna", Done("", names={"list": ["camping"]}, names_shared=True))
    bulletin.post("timers", "bob", Done("", names={"list": ["own"]}))
    assert sorted(bulletin.names("bob")["list"]) == ["camping", "own"]
    assert bulletin.names("anna") == {"list": ["camping"]}


def test_what_another_member_took_away_is_gone_for_all(bulletin: Bulletin) -> None:
    bulletin.post("lists", "anna", Done("", names={"list": ["camping"]}, names_shared=True))
    bulletin.post("lists", "bob", Done("", names={"list": []}, names_shared=True))
    assert bulletin.names("anna") == {"list": []}


async def test_a_read_tells_nothing(bulletin: Bulletin) -> None:
    box = InMemory()
    tool = Tool("box_look", "Look.", {"type": "object"}, Effect.READ, "box")
    box.add(tool, lambda call: Done("", names={"list": ["x"]}))
    await Noticed(box, bulletin).call(Call("box_look", {}, Caller("anna", "home", "UTC", datetime.now(UTC))))
    assert bulletin.names("anna") == {}


async def test_a_list_that_one_makes_is_known_to_all(tmp_path: Path, bulletin: Bulletin) -> None:
    anna = Caller("anna", "home", "UTC", datetime.now(UTC))
    async with Supervisor([BUILT_IN / "lists"], home=tmp_path) as supervisor:
        done = await Noticed(supervisor, bulletin).call(Call("lists_add", {"items": ["tent"], "list": "camping"}, anna))
    assert isinstance(done, Done)
    assert bulletin.names("bob") == {"list": ["camping"], "item": ["tent"]}


async def test_an_effect_is_answered_although_what_it_told_could_not_be_kept(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}", poolclass=sa.pool.StaticPool)
    noticed = Noticed(box := InMemory(), Bulletin(engine))
    box.add(Tool("box_put", "Put.", {"type": "object"}, Effect.REVERSIBLE, "box"), lambda _: Done("Put.", due=NOW))
    with engine.connect() as db:
        db.exec_driver_sql("PRAGMA query_only=1")
    assert await noticed.call(Call("box_put", {}, Caller("anna", "home", "UTC", NOW))) == Done("Put.", due=NOW)
    engine.dispose()
