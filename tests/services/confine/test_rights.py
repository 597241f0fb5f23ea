"""What a manifest asks for, and what of it becomes a right."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from services.runtime.confine.enforcement import Means, enforcement
from services.runtime.confine.rights import PROCESSES, spec_of
from services.runtime.confine.spec import Spec
from services.runtime.errors import StartFailed
from services.runtime.manifest import Manifest, read_manifest

FULL = Means(7, True, True)
NONE = Means(0, False, False)
PATH = {"PATH": "/usr/bin:/bin"}


def manifest(folder: Path, text: str = "", run: str = 'python = "server.py"') -> Manifest:
    """One in a folder of its own."""
    folder.mkdir(exist_ok=True)
    (folder / "server.py").touch()
    (folder / "service.toml").write_text(f'name = "odd"\n[run]\n{run}\n{text}')
    return read_manifest(folder)


def test_without_rights_it_reads_its_code_and_writes_its_data(tmp_path: Path) -> None:
    spec = spec_of(manifest(tmp_path / "odd"), tmp_path / "home", PATH)
    assert spec == Spec(
        command=False, write=(str(tmp_path / "home/services/odd"),), read=(str(tmp_path / "odd"),), memory_mb=256
    )


def test_a_spec_survives_being_sent(tmp_path: Path) -> None:
    spec = spec_of(manifest(tmp_path / "odd", '[rights]\nread = ["/a", "/b"]'), tmp_path / "home", PATH)
    assert Spec.from_message({**spec.as_message(), "read": list(spec.read)}) == spec


def test_folders_come_from_the_manifest_and_from_what_people_set(tmp_path: Path) -> None:
    text = '[rights]\nread = ["/srv/a"]\nwrite = ["setting:where", "~/x"]\n[settings.where]\nkind = "folders"\n'

    def values(_: Manifest, name: str) -> Sequence[Any]:
        return {"where": [["/srv/b"], ["/srv/c", "relative"]]}[name]

    spec = spec_of(manifest(tmp_path / "odd", text), tmp_path / "home", PATH, values)
    assert spec.read[1:] == ("/srv/a",)
    assert spec.write[1:] == ("/srv/b", "/srv/c", str(Path.home() / "x"))


@pytest.mark.parametrize("granted", ["", "home", "home/services/victim", "link"])
def test_no_grant_reaches_the_home_of_the_hub_and_that_is_said(tmp_path: Path, granted: str) -> None:
    (tmp_path / "home" / "services" / "victim").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "home")
    odd = manifest(tmp_path / "odd", f'[rights]\nread = ["{tmp_path / granted}"]\nwrite = ["{tmp_path / granted}"]')
    spec = spec_of(odd, tmp_path / "home", PATH)
    assert len(spec.read) == len(spec.write) == 1
    assert any(
        "MuOS keeps its own data there" in rule for rule in enforcement(odd, tmp_path / "home", means=FULL).rules
    )


@pytest.mark.parametrize(
    ("network", "environment", "expected"),
    [
        ("[]", {}, ("none", ())),
        ('["*"]', {}, ("any", ())),
        ('["public"]', {"HTTPS_PROXY": "http://127.0.0.1:8123"}, ("ports", (8123,))),
        ('["public"]', {}, ("ports", ())),
    ],
)
def test_a_command_gets_the_sockets_that_its_rights_need(
    tmp_path: Path, network: str, environment: dict[str, str], expected: object
) -> None:
    odd = manifest(tmp_path / "odd", f"[rights]\nnetwork = {network}", 'command = ["true"]')
    spec = spec_of(odd, tmp_path / "home", {**PATH, **environment})
    assert (spec.network, spec.ports) == expected
    assert spec.processes == PROCESSES


def test_a_python_service_opens_no_socket_whatever_its_rights(tmp_path: Path) -> None:
    odd = manifest(tmp_path / "odd", '[rights]\nnetwork = ["*"]')
    assert spec_of(odd, tmp_path / "home", PATH).network == "none"


def test_a_command_may_read_the_program_that_it_is_and_files_it_is_given(tmp_path: Path) -> None:
    given = tmp_path / "given.txt"
    given.touch()
    odd = manifest(tmp_path / "odd", run=f'command = ["{sys.executable}", "{given}", "/nowhere"]')
    read = spec_of(odd, tmp_path / "home", PATH).read
    assert {sys.executable, str(Path(sys.executable).resolve()), str(given)} <= set(read)
    assert "/nowhere" not in read
    shell = spec_of(manifest(tmp_path / "odd", run='command = ["sh"]'), tmp_path / "home", PATH)
    assert shutil.which("sh", path=PATH["PATH"]) in shell.read


def test_a_program_among_the_persons_own_opens_none_of_their_data(tmp_path: Path) -> None:
    program = tmp_path / ".local" / "bin" / "tool"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    home = tmp_path / ".local" / "share" / "muos"
    home.mkdir(parents=True)
    spec = spec_of(manifest(tmp_path / "odd", run='command = ["tool"]'), home, {"PATH": str(program.parent)})
    assert str(program) in spec.read
    assert not [path for path in spec.read if home.is_relative_to(path) or Path(path).is_relative_to(home)]


def test_a_service_whose_folder_holds_the_hubs_home_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="move it"):
        spec_of(manifest(tmp_path / "odd"), tmp_path / "odd" / "home", PATH)


def test_what_is_in_force_and_what_is_not_is_said_in_words(tmp_path: Path) -> None:
    odd = manifest(tmp_path / "odd", '[rights]\nnetwork = ["*"]', 'command = ["true"]')
    full, none = enforcement(odd, means=FULL), enforcement(odd, means=NONE)
    assert any("Landlock 7" in rule for rule in full.rules)
    assert any("any address can be reached" in fault for fault in full.missing)
    assert not any("Landlock" in rule or "seccomp" in rule for rule in none.rules)
    assert any("can read every file" in fault for fault in none.missing)
    assert any("open sockets and start programs" in fault for fault in none.missing)
    assert len(none.missing) > len(full.missing)
