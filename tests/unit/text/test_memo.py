from badge.text.memo import Memo


def test_a_memo_stays_within_its_bytes_and_keeps_the_newest() -> None:
    memo: Memo[int, bytes] = Memo(1000, len)
    for key in range(500):
        memo.put(key, b"x" * 10)
        assert memo.bytes <= 1000
    assert memo.get(499) == b"x" * 10
    assert memo.get(0) is None


def test_the_first_of_two_equal_keys_stays() -> None:
    memo: Memo[str, list[int]] = Memo(100, len)
    first = memo.put("a", [1])
    assert memo.put("a", [2]) is first
    assert memo.bytes == 1
