import multiprocessing

import pytest

from badge.telemetry import Cell, Tallies


def count(tallies: Tallies, worker: int, amount: float) -> None:
    row = tallies.row(worker)
    (at,) = row.claim(1)
    row.cell(at).add(amount)


@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_processes_add_to_one_sum_and_a_successor_goes_on_where_the_dead_one_stopped(how: str) -> None:
    tallies = Tallies(workers=2, cells=4)
    context = multiprocessing.get_context(how)
    for worker, amount in ((0, 1.5), (1, 2.0), (0, 4.0)):
        process = context.Process(target=count, args=(tallies, worker, amount))
        process.start()
        process.join(20)
        assert process.exitcode == 0
    row = tallies.row()
    (at,) = row.claim(1)
    assert row.total(at) == 7.5
    assert row.cell(at).value == 5.5


def test_a_row_hands_out_each_place_once_and_says_when_it_is_full() -> None:
    row = Tallies(cells=4).row()
    assert [*row.claim(3), *row.claim(1)] == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="room for 4"):
        row.claim(1)


def test_a_cell_without_a_row_counts_for_itself() -> None:
    first, second = Cell(), Cell()
    first.add()
    first.add(2)
    second.set(9)
    assert (first.value, second.value) == (3, 9)
