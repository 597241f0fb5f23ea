"""The media service against a real MPD with silent songs, and against servers that are none."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.kit import Refusal
from services.media.playing import playlist_named
from services.media.protocol import Denied, Player, written
from services.media.server import service
from tests.services.direct import direct
from tests.services.door import Door, door
from tests.services.stage.media import mpd


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """One player for all tests here."""
    with mpd(tmp_path_factory.mktemp("mpd")) as port:
        yield port


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: int) -> Iterator[Door]:
    """The service with a player that is silent, stopped and at 60 percent."""
    with direct(monkeypatch), door(service, tmp_path, monkeypatch) as say:
        with socket.create_connection(("127.0.0.1", port), 5) as sock:
            player = Player(sock, "MPD")
            lists = [("rm", value) for name, value in player.ask("listplaylists") if name == "playlist"]
            reset = [("clear",), ("random", 0), ("repeat", 0), ("single", 0), ("setvol", 60)]
            player.all([*lists, *reset])
        say.settings = {"player": f"127.0.0.1:{port}"}
        yield say


def titles(say: Door) -> list[str]:
    say("show_queue")
    return [song.get("title", song["file"]) for song in say.data["songs"]]


def test_music_is_found_by_artist_album_title_and_words(say: Door) -> None:
    assert say("play", what="music by Nina Simone") == "Playing 2 songs from Pastel Blues by Nina Simone."
    assert say("play", what="Blue Train", sort="album") == "Playing 2 songs from Blue Train by John Coltrane."
    assert say("play", what="sinnerman") == "Playing Sinnerman by Nina Simone."
    assert say("play", what="River by Mary River") == "Playing River by Mary River."
    assert say("play", what="río abajo") == "Playing Río Abajo by Los Ríos."
    assert say("search", what="blue", sort="album").startswith("4 songs: ")
    assert say("play", what="polka") == "!I find no music called 'polka'."
    assert say("now_playing").startswith("Río Abajo by Los Ríos, from Agua.")


def test_the_queue_that_was_there_comes_back_with_its_place(say: Door) -> None:
    say("play", what="Nina Simone")
    say("next")
    say("seek", duration="PT30S")
    say("play", what="Lazy Bird")
    assert titles(say) == ["Lazy Bird"]
    assert say("undo", call="call4").startswith("Undone")
    assert titles(say) == ["Sinnerman", "Strange Fruit"]
    say("now_playing")
    assert say.data["song"]["title"] == "Strange Fruit"
    assert 29 <= float(say.data["elapsed"]) <= 40


def test_volume_goes_up_and_down_and_back_and_never_out_of_range(say: Door) -> None:
    assert say("change_volume", direction="up") == "The volume is 70 percent."
    assert say("change_volume", direction="down", by=100) == "The volume is 0 percent."
    assert say.undo().startswith("Undone")
    assert say("set_volume", volume=101).startswith("?")
    assert say("set_volume", volume=25) == "The volume is 25 percent."
    assert say("undo", call="call1").startswith("!It was changed afterwards")
    say("now_playing")
    assert say.data["volume"] == 25


def test_what_is_done_again_after_a_crash_is_not_done_twice(say: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        """Nothing after this happens, not even cleaning up."""

    def killed(*_: object) -> None:
        raise Killed

    say("play", what="Nina Simone")
    say("enqueue", what="John Coltrane")
    done: list[tuple[str, dict[str, Any]]] = [
        ("next", {}),
        ("change_volume", {"direction": "up"}),
        ("enqueue", {"what": "River", "sort": "song"}),
    ]
    for tool, given in done:
        with monkeypatch.context() as broken:
            broken.setattr("services.kit.store.log_outside", killed)
            broken.setattr("services.kit.store.forget_notes", lambda _ctx: None)
            with pytest.raises(Killed):
                say(tool, **given)
        say._calls -= 1  # the hub makes the same call again
        assert not say(tool, **given).startswith("!")
    assert titles(say) == ["Sinnerman", "Strange Fruit", "Blue Train", "Lazy Bird", "River"]
    say("now_playing")
    assert (say.data["song"]["title"], say.data["volume"]) == ("Strange Fruit", 70)


def test_pause_resume_stop_and_skipping(say: Door) -> None:
    assert say("pause") == "!Nothing is playing."
    assert say("resume") == "!There is nothing in the queue. Say what to play."
    say("play", what="Pastel Blues")
    assert say("pause") == "Paused."
    assert "It is paused." in say("now_playing")
    assert say("resume") == "Playing Sinnerman by Nina Simone."
    assert say("next") == "Now Strange Fruit by Nina Simone."
    assert say("previous") == "Now Sinnerman by Nina Simone."
    say("next")
    assert say("next") == "That was the last song."
    assert say.undo().startswith("Undone")
    assert say("now_playing").startswith("Strange Fruit")
    assert say("stop") == "Stopped the music."
    assert say("now_playing") == "Nothing is playing."
    assert say("seek", duration="PT5S") == "!Nothing is playing."


def test_playlists_are_saved_played_deleted_and_put_back(say: Door) -> None:
    assert say("save_playlist", playlist="evening") == "!The queue is empty, so there is nothing to save."
    say("play", what="Nina Simone")
    assert say("save_playlist", playlist="evening") == "Saved the playlist evening with 2 songs."
    say("play", what="Blue Train", sort="album")
    assert say("save_playlist", playlist="evening") == "Replaced the playlist evening with 2 songs."
    assert say.undo().startswith("Undone")
    assert say("play", what="evening") == "Playing the playlist evening."
    assert titles(say) == ["Sinnerman", "Strange Fruit"]
    assert say("playlists", playlist="the evening playlist").startswith("2 songs in evening: Sinnerman by Nina Simone")
    assert say("delete_playlist", playlist="evening") == "Deleted the playlist evening."
    assert say("playlists") == "There are no playlists."
    say("undo", call="call10")
    assert say("playlists") == "1 playlist: evening."
    assert say("delete_playlist", playlist="morning") == "!There is no playlist 'morning'. There is evening."


def test_order_and_places_in_a_song(say: Door) -> None:
    say("play", what="Nina Simone")
    assert say("set_order", shuffle=True, repeat="song") == "Shuffle is on and this song repeats."
    assert say.undo().startswith("Undone")
    assert say("set_order") == "!Shuffle or repeat, on or off?"
    assert say("seek", duration="PT20S") == "At 20 seconds."
    say("pause")
    assert say("seek", duration="PT10S", direction="back").startswith("At 1")
    assert say("seek", duration="PT10M", direction="back") == "At 0 seconds."


def test_a_preview_changes_nothing(say: Door) -> None:
    say("play", what="Nina Simone")
    for tool, given in (
        ("play", {"what": "River"}),
        ("clear_queue", {}),
        ("set_volume", {"volume": 1}),
        ("stop", {}),
        ("save_playlist", {"playlist": "x"}),
    ):
        assert not say(tool, preview=True, **given).startswith("!")
    say("now_playing")
    assert (say.data["volume"], say.data["state"], say.data["song"]["title"]) == (60, "play", "Sinnerman")
    assert say("playlists") == "There are no playlists."


def test_names_are_told_for_requests_to_come(say: Door) -> None:
    result = service.answer("due", {}, {"muos/settings": say.settings, "muos/now": say.now})
    assert result.meta is not None
    assert "Nina Simone" in result.meta["muos/names"]["artist"]


def test_a_player_with_a_password_lets_us_in_only_with_it(say: Door, tmp_path: Path) -> None:
    with mpd(tmp_path / "locked", 'password "sesame@read,add,control,admin"\ndefault_permissions ""') as port:
        say.settings = {"player": f"127.0.0.1:{port}"}
        assert say("now_playing").endswith("does not let me do that; set its password.")
        say.settings["password"] = "open"
        assert say("now_playing").endswith("does not accept the password.")
        say.settings["password"] = "sesame"
        assert say("now_playing") == "Nothing is playing."


def test_without_a_player_it_says_how_to_set_one(say: Door) -> None:
    say.settings = {}
    assert say("pause").startswith("!No music player is connected yet.")
    assert say("due") == "0 due"


@pytest.mark.parametrize(
    "says",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"OK MPD 0.23\nnonsense\n",
        b"OK MPD 0.23\nACK oh\n",
        b"OK MPD 0.23\nstate: play\n",
    ],
)
def test_a_server_that_misbehaves_is_one_plain_sentence(says: bytes) -> None:
    ours, theirs = socket.socketpair()
    theirs.sendall(says)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises((Refusal, Denied)):
        Player(ours, "It").ask("status")
    ours.close()
    theirs.close()


def test_a_silent_server_and_an_endless_answer_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.media.protocol.SECONDS", 0.2)
    monkeypatch.setattr("services.media.protocol.ANSWER_LIMIT", 100_000)
    ours, theirs = socket.socketpair()
    theirs.sendall(b"OK MPD 0.23\n")
    player = Player(ours, "It")
    with pytest.raises(Refusal, match="too long"):
        player.ask("status")
    pouring = threading.Thread(target=theirs.sendall, args=(b"a: b\n" * 30_000,))
    pouring.start()
    with pytest.raises(Refusal, match="more than I take"):
        player.ask("status")
    while pouring.is_alive():
        ours.recv(65_536)
    pouring.join()
    ours.close()
    theirs.close()


def test_no_argument_can_become_another_command() -> None:
    assert written("add", 'x"\nclear\\') == 'add "x\\" clear\\\\"'
    assert playlist_named(["Dinner", "Late dinner"], "the dinner playlist") == "Dinner"
