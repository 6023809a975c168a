"""What a system says of itself is whole, and fits what it does."""

from __future__ import annotations

import argparse
import inspect
import time
from pathlib import Path
from typing import Any

import pytest

from hybridcore.answers import key_of, shared_model
from hybridcore.cards import load_card
from hybridcore.command import add_command
from hybridcore.store import SHIPPED, load
from hybridcore.system import Kind, System
from hybridcore.systems import systems
from tests.pages.pages import open_page, wait_for_charts
from tests.systems.conftest import CASES, name

EVERY = pytest.mark.parametrize("system", systems().values(), ids=lambda system: system.key)


@EVERY
def test_it_is_described(system: System) -> None:
    assert system.title
    assert system.sentence.endswith(".")
    assert system.papers
    assert system.limits
    assert system.samples
    for part in (system.kinds, system.samples, system.options, system.charts, system.exports):
        keys = [entry.key for entry in part]
        assert len(set(keys)) == len(keys)
    failing = [sample.fails for sample in system.samples]
    assert failing == sorted(failing)  # what is right comes first
    assert not failing[0]
    assert all(sample.name.startswith("Where it fails: ") == sample.fails
               for sample in system.samples)
    assert not {option.key for option in system.options} & {e.key for e in system.exports}
    for reader in system.reads:
        assert set(reader.needs) <= set(systems())


@EVERY
def test_every_kind_has_weights_and_every_card_of_the_room_is_a_kind(system: System) -> None:
    from hybridcore.cards import WEIGHTS

    of_room = {path.stem for path in WEIGHTS.glob(f"{system.key}_*.json")}
    assert of_room <= set(system.all_cards)
    for card in system.all_cards:
        assert load_card(card)["sha256"]


@EVERY
def test_options_are_taken_by_the_model(system: System) -> None:
    model = shared_model(system)
    for option in system.options:
        method = model.run if option.rerun else model.finish
        assert option.key in inspect.signature(method).parameters, option.key


@EVERY
def test_its_command_has_every_export_kind_and_option(system: System) -> None:
    parser = add_command(argparse.ArgumentParser().add_subparsers(), system)
    flags = {flag for action in parser._actions for flag in action.option_strings}
    assert {f"--{export.key}" for export in system.exports} <= flags
    assert {flag for export in system.exports for flag in export.flags} <= flags
    assert {option.flag for option in system.options} <= flags
    if len(system.kinds) > 1:
        (models,) = [a for a in parser._actions if "--model" in a.option_strings]
        assert list(models.choices or ()) == [kind.key for kind in system.kinds]


@EVERY
def test_its_page_opens_with_every_kind_and_the_options_of_the_command(system: System) -> None:
    app = wait_for_charts(open_page(system.key, system.samples[0].key))
    assert not app.exception
    assert not app.error
    assert app.title[0].value == system.title
    widgets = {element.key: element for kind in (app.slider, app.text_input, app.selectbox,
               app.segmented_control) for element in kind if element.key}
    values: dict[str, Any] = {}
    for option in system.options:
        drawn = [key for key in widgets if key == f"{system.key}.{option.key}"
                 or key.startswith(f"{system.key}.{option.key}.")]
        values[option.key] = option.default_for(system.kinds[0].key)
        applies = option.applies(values, system.kinds[0].key)
        assert bool(drawn) == (option.widget and applies), option.key
    downloads = {button.label for button in app.get("download_button")}
    buttons = downloads | {button.label for button in app.button}
    for export in system.exports:
        if not export.slow and export.key != "vtt":
            assert export.title in downloads or export.fits is not None
        assert any(export.title.lower() in label.lower() for label in buttons) or \
            export.fits is not None
    if len(system.kinds) > 1:
        for kind in system.kinds[1:]:
            app.segmented_control(key=f"{system.key}.kind").set_value(kind.key).run()
            assert not app.exception, kind
            assert not app.error, kind


@pytest.mark.parametrize("case", CASES, ids=name)
def test_every_sample_answers_at_once(case: tuple[System, Any], opened: Any) -> None:
    system, sample = case
    reader, source = opened(system, sample)
    key = key_of(system, reader, source, system.defaults(system.kinds[0].key))
    assert load(SHIPPED / f"{key}.npz", system.output_type)


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_sample_that_is_there_is_not_made_again(
    case: tuple[System, Any], tmp_path: Path
) -> None:
    """A page asks for every sample each time that it is drawn."""
    _, sample = case
    path = sample.path(tmp_path)
    took = []
    for _ in range(5):
        begin = time.perf_counter()
        assert sample.path(tmp_path) == path
        took.append(time.perf_counter() - begin)
    assert min(took) < 0.01


@EVERY
def test_the_twin_without_memory_is_said_where_there_is_one(system: System) -> None:
    kinds: tuple[Kind, ...] = system.kinds
    assert any(kind.memory for kind in kinds)
