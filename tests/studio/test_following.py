"""Items and tables take the player to where they begin, and the player chooses what is on."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def app(follow: bool, count: int) -> None:
    from types import SimpleNamespace

    import streamlit as st

    from hybridcore.studio.items import choose_item, item_before
    from hybridcore.studio.seeking import asked
    from hybridcore.system import Item, Items

    system = SimpleNamespace(key="toy")
    items = Items("Part", tuple(
        Item(f"part {k}", 10.0 * k, 10.0 * k + 9) for k in range(count)), follow=follow)
    time = st.number_input("time", value=0.0)
    before, seek = item_before(system, items), asked("toy")
    item = choose_item(system, items, time)
    st.text(f"{item} {None if seek is None else seek.time}")
    st.text(str(before))


def shown(page: AppTest) -> str:
    assert not page.exception
    return page.text[0].value


def test_a_part_that_is_chosen_takes_the_player_to_its_start() -> None:
    page = AppTest.from_function(app, args=(False, 3), default_timeout=20).run()
    assert shown(page) == "0 None"  # nobody chose yet, so the player stays where it is
    page.segmented_control(key="toy.item").set_value(2).run()
    assert shown(page) == "2 20.0"
    page.number_input[0].set_value(11.0).run()
    assert shown(page) == "2 20.0"  # these do not follow


def test_the_player_chooses_the_part_that_is_on() -> None:
    page = AppTest.from_function(app, args=(True, 9), default_timeout=20).run()
    page.number_input[0].set_value(35.0).run()
    assert shown(page).startswith("3 ")
    page.selectbox[0].set_value(7).run()
    assert shown(page) == "7 70.0"
    page.number_input[0].set_value(70.5).run()
    assert shown(page).startswith("7 ")
    page.number_input[0].set_value(0.0).run()
    assert shown(page).startswith("0 ")


def table_app() -> None:
    from types import SimpleNamespace

    import pandas as pd
    import streamlit as st

    from hybridcore.studio import charts
    from hybridcore.studio.seeking import asked
    from hybridcore.system import At, Chart

    table = pd.DataFrame({"start": [0.0, 2.5], "end": [2.5, 4.0], "name": ["a", "b"]})
    chart = Chart("segments", "Segments", "Table", lambda answer, at: table)
    system = SimpleNamespace(key="toy", charts=(chart,))
    charts.draw_charts(system, SimpleNamespace(system=system), At(), "key")
    seek = asked("toy")
    st.text("nowhere" if seek is None else str(seek.time))


def test_a_row_that_is_chosen_takes_the_player_to_its_start() -> None:
    page = AppTest.from_function(table_app, default_timeout=20).run()
    assert not page.exception
    assert page.text[0].value == "nowhere"
    assert list(page.dataframe[0].value["start"]) == [0.0, 2.5]
