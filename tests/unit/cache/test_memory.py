from badge.cache import MemoryCache
from badge.render.picture import Picture


def picture(body_bytes: int) -> Picture:
    return Picture(b"x" * body_bytes, "image/svg+xml", 1, 1, "")


def test_a_picture_comes_back() -> None:
    cache = MemoryCache(100_000)
    cache.put("a", made := picture(10))
    assert cache.get("a") is made
    assert cache.get("b") is None


def test_it_never_holds_more_than_its_bound() -> None:
    cache = MemoryCache(100_000)
    for i in range(500):
        cache.put(str(i), picture(i * 10))
        assert cache.held_bytes <= 100_000
    assert len(cache) > 5
    assert cache.get("499") is not None
    assert cache.get("0") is None


def test_the_least_recently_used_leaves_first() -> None:
    cache = MemoryCache(20_000)
    for key in "abcdefgh":
        cache.put(key, picture(1600))
    cache.get("a")
    cache.put("i", picture(1600))
    cache.put("j", picture(1600))
    assert cache.get("a") is not None
    assert cache.get("b") is None


def test_a_huge_picture_does_not_empty_the_cache() -> None:
    cache = MemoryCache(80_000)
    cache.put("small", picture(100))
    cache.put("huge", picture(70_000))
    assert cache.get("huge") is None
    assert cache.get("small") is not None


def test_replacing_counts_once() -> None:
    cache = MemoryCache(80_000)
    cache.put("a", picture(5000))
    before = cache.held_bytes
    cache.put("a", picture(5000))
    assert cache.held_bytes == before
    cache.put("a", picture(60_000))
    assert cache.held_bytes == 0
    assert len(cache) == 0
