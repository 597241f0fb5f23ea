"""The media service's story."""

from services.kit import Step

STORY = (
    Step(
        "play the album Blue Train", "play", {"what": "Blue Train", "sort": "album"}, answers="2 songs from Blue Train"
    ),
    Step("what's playing?", "now_playing", {}, answers="by John Coltrane"),
    Step("set the music volume to 40 percent", "set_volume", {"volume": 40}, answers="40 percent"),
    Step("turn the music up", "change_volume", {"direction": "up"}, answers="50 percent"),
    Step("next song", "next", {}, answers="Lazy Bird"),
    Step(
        "save the queue as a playlist called evening",
        "save_playlist",
        {"playlist": "evening"},
        answers="Saved the playlist",
    ),
    Step("which playlists do we have?", "playlists", {}, answers="evening"),
    Step("pause the music", "pause", {}, answers="Paused"),
    Step("stop the music", "stop", {}, answers="Stopped"),
)
