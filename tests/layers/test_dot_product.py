"""One number of a network as the sum that it is."""

import numpy as np
import pytest

from hybridcore.figures import dot_product
from hybridcore.layers.dot_product import DotProduct


def product(scale: float = 1.0) -> DotProduct:
    return DotProduct(
        picture=np.zeros((6, 6, 3), np.uint8), weights=np.array([[0.5, 0.25], [0.25, 0.0]]),
        values=np.array([[1.0, -2.0], [4.0, 9.0]]), names=("a", "x"), total_name="y", scale=scale,
        scale_name="" if scale == 1 else "β")


def test_the_total_is_the_sum_of_what_each_cell_adds() -> None:
    assert product().terms.tolist() == [[0.5, -0.5], [1.0, 0.0]]
    assert product().total == pytest.approx(1.0)
    assert product(0.5).total == pytest.approx(0.5)


def test_the_largest_terms_are_written_out() -> None:
    assert product().formula(2) == "y = 0.250·4.000 + 0.500·1.000 + … (2 more cells) = 1.000"
    assert product(0.5).formula(4) == (
        "y = 0.500·(0.250·4.000 + 0.500·1.000 + 0.250·(-2.000) + 0.000·9.000) = 0.500")


def test_every_grid_is_drawn_cell_by_cell() -> None:
    figure = dot_product(product())
    _, weights, values, terms = figure.data
    np.testing.assert_array_equal(weights.z, product().weights)
    np.testing.assert_array_equal(values.z, product().values)
    np.testing.assert_array_equal(terms.z, product().terms)
