"""Work shared among the cores."""

from concurrent.futures import ThreadPoolExecutor
from threading import get_ident

import pytest
import torch

from hybridcore import device as of_device
from hybridcore.device import in_parts

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def three_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_device, "core_count", lambda: 3)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 20])
def test_answers_come_in_order_and_no_part_is_too_large(count: int) -> None:
    parts: list[slice] = []

    def doubled(part: slice) -> list[int]:
        parts.append(part)
        return [2 * k for k in range(count)[part]]

    assert in_parts(doubled, count, most=4, device=CPU) == [2 * k for k in range(count)]
    assert all(part.stop - part.start <= 4 for part in parts)
    assert len(parts) == {0: 0, 1: 1, 2: 2, 3: 3, 7: 3, 20: 5}[count]


def test_every_part_computes_in_one_thread_and_the_threads_come_back() -> None:
    before = torch.get_num_threads()

    def threads(part: slice) -> list[int]:
        return [torch.get_num_threads()] * (part.stop - part.start)

    assert set(in_parts(threads, 6, most=4, device=CPU)) == {1}
    assert torch.get_num_threads() == before
    with ThreadPoolExecutor(1) as another:
        assert another.submit(torch.get_num_threads).result() == before


def test_a_gpu_gets_parts_as_large_as_allowed_one_after_the_other() -> None:
    def part_of(part: slice) -> list[tuple[slice, int]]:
        return [(part, get_ident())]

    found = in_parts(part_of, 6, most=4, device=torch.device("cuda"))
    assert found == [(slice(0, 4), get_ident()), (slice(4, 8), get_ident())]


def test_what_goes_wrong_in_a_part_is_raised() -> None:
    def fails(part: slice) -> list[int]:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        in_parts(fails, 6, most=4, device=CPU)
