"""Every number that we claim has a benchmark that is found, and can be run alone."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks import install, lost
from benchmarks.__main__ import ORDER, found, main, rows_of
from benchmarks.report import percentile

BENCHMARKS = found()


def test_every_line_of_the_budget_has_its_benchmark() -> None:
    assert set(ORDER) <= set(BENCHMARKS)
    assert tuple(name for name in BENCHMARKS if name in ORDER) == ORDER


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_has_a_title_and_a_quick_version(name: str) -> None:
    benchmark = BENCHMARKS[name]
    assert benchmark.TITLE
    quick, *others = inspect.signature(benchmark.run).parameters.values()
    assert (quick.name, quick.default) == ("quick", False)
    assert all(other.default is not other.empty for other in others)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_says_how_it_is_run_alone(name: str) -> None:
    assert f"python -m benchmarks.{name}" in (BENCHMARKS[name].__doc__ or "")


def test_the_base_install_is_added_up() -> None:
    total, aside, *heaviest = install.run(quick=True)
    assert total[1].endswith("300 MB")
    assert aside[3] is None
    assert len(heaviest) == install.LARGEST


def test_only_what_was_chosen_runs_and_all_targets_come_last(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "install"]) == 0
    tables = capsys.readouterr().out
    assert install.TITLE in tables
    assert "All targets" in tables
    assert tables.rindex("All targets") > tables.rindex(install.TITLE)
    assert lost.TITLE not in tables


def test_an_unknown_name_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["speed"])
    assert ended.value.code == 2
    assert "turn" in capsys.readouterr().err


def test_what_stops_one_benchmark_is_a_row_that_is_not_met() -> None:
    stopped = ModuleType("stopped")
    stopped.TITLE = "Something"  # type: ignore[attr-defined]  # a module made for this test

    def run(quick: bool = False) -> None:
        raise SystemExit("It is not there.")

    stopped.run = run  # type: ignore[attr-defined]  # likewise
    [row] = rows_of(stopped, quick=True)
    assert row == ("Something: stopped", "", "It is not there.", False)


def test_a_percentile_is_one_of_the_samples() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([3.0, 1.0, 2.0], 1.0) == 3.0


def test_our_own_weight_counts_what_is_shipped() -> None:
    assert install.own_mb() > Path(install.ROOT, "models", "embed", "model.onnx").stat().st_size / 1e6
