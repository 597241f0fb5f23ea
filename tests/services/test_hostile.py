"""A hostile service, and a hostile stranger's command, try what there is to try; each attempt is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from benchmarks.attempts import ATTEMPTS
from benchmarks.hostile import KINDS, Kind, Outcome, Stage, inside, outside
from benchmarks.hostile_wire import SCENARIOS
from services.runtime import launch, room
from services.runtime.confine.enforcement import means_here
from services.runtime.launch import can_fork

MEANS = means_here()
pytestmark = [
    pytest.mark.skipif(
        not (can_fork() and MEANS.landlock >= 6 and MEANS.seccomp and MEANS.namespaces),
        reason=f"this machine does not offer all that confines a service: {MEANS}",
    ),
    pytest.mark.timeout(120),
]
TRIED = [(kind, name) for kind in KINDS for name, each in ATTEMPTS.items() if each.expected(kind)]

Campaign = Callable[[Kind], dict[str, Outcome]]


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """What came of all attempts from inside, made once for each kind of service."""
    known: dict[Kind, dict[str, Outcome]] = {}

    def campaign(kind: Kind) -> dict[str, Outcome]:
        if kind not in known:
            outcomes = anyio.run(inside, Stage(tmp_path_factory.mktemp(kind)), kind)
            known[kind] = {each.name: each for each in outcomes}
        return known[kind]

    return campaign


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """What came of all that is tried over the wire, made once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "LOOK_SECONDS", 0.2)
        return {each.name: each for each in anyio.run(outside, Stage(tmp_path_factory.mktemp("wire")))}


@pytest.mark.parametrize(("kind", "name"), TRIED)
def test_what_a_hostile_process_tries_is_refused_by_what_should_refuse_it(
    campaign: Campaign, kind: Kind, name: str
) -> None:
    outcome = campaign(kind)[name]
    assert outcome.refused, outcome.by
    assert outcome.by in ATTEMPTS[name].expected(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_process_harms_nothing(campaign: Campaign, kind: Kind) -> None:
    assert campaign(kind)["harm anything"].refused


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_a_hostile_service_says_and_does_stays_with_itself(scenes: dict[str, Outcome], name: str) -> None:
    assert scenes[name].refused


@pytest.mark.parametrize("kind", KINDS)
def test_where_namespaces_are_forbidden_the_rest_still_refuses(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid = (
        f"import sys; sys.path.insert(0, {str(launch.ROOT)!r}); from services.runtime.confine import kernel, seccomp;"
        " rules = seccomp.Rules(); rules.refuse('unshare'); kernel.prctl('no_new_privs', 38, 1);"
        " seccomp.install(rules); "
    )
    monkeypatch.setattr(launch, "BOOT", forbid + launch.BOOT)
    # without a process namespace the number of processes has no bound that holds for root
    outcomes = anyio.run(inside, Stage(tmp_path), kind, None, frozenset({"fork without end"}))
    assert [each.name for each in outcomes if not each.refused] == []
    assert {each.by for each in outcomes} >= {"Landlock", "seccomp"}


def test_at_least_forty_different_things_are_tried() -> None:
    assert len(ATTEMPTS) + len(SCENARIOS) >= 40


def test_nothing_is_left_in_shared_places(campaign: Campaign) -> None:
    for kind in KINDS:
        campaign(kind)
    assert not [path for path in ("/tmp/dropped", "/dev/shm/dropped") if Path(path).exists()]
