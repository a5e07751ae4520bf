"""<blue-heart-badge> elsewhere: the picture, its words, and the page's own link where there is no picture."""

from typing import Any

import pytest

PICTURE = "document.querySelector('blue-heart-badge').shadowRoot.querySelector('img')"


def badge(more: str) -> str:
    return (
        f'<blue-heart-badge {more}><a href="/mine"><img alt="the page\'s own" src=""></a></blue-heart-badge>'
    )


@pytest.mark.parametrize(
    ("more", "alt", "query"),
    [
        ('name="Zoë"', "Zoë wears the Blue Heart", "name=Zo%C3%AB&theme=auto"),
        ('name="محمد" lang="ar" theme="dark"', "القلب الأزرق على صدر محمد", "lang=ar&theme=dark"),
        ('name="山田 太郎" lang="ja-JP" size="44"', "山田 太郎はブルーハートを身につけています", "size=44"),
        ('name="a&amp;b={name}"', "a&b={name} wears the Blue Heart", "name=a%26b%3D%7Bname%7D"),
    ],
)
def test_the_picture_and_its_words(
    there: str, elsewhere: Any, visiting: Any, more: str, alt: str, query: str
) -> None:
    with visiting(elsewhere.put("/badge", there, badge(more))) as visit:
        visit.until(f"{PICTURE}?.complete && {PICTURE}.naturalWidth > 50")
        assert visit.page.evaluate(f"{PICTURE}.alt") == alt
        source = visit.page.evaluate(f"{PICTURE}.src")
        assert source.startswith(f"{there}/badge/wear.svg?")
        for part in query.split("&"):
            assert part in source
        visit.page.get_by_role("link", name=alt).wait_for()
        assert visit.page.evaluate(
            "document.querySelector('blue-heart-badge').shadowRoot.querySelector('a').href"
        ) == (f"{elsewhere.origin}/mine")
        assert visit.complaints == [] and visit.violations() == []


def test_it_follows_its_attributes_and_properties(there: str, elsewhere: Any, visiting: Any) -> None:
    with visiting(elsewhere.put("/badge", there, badge('name="Ana"'))) as visit:
        visit.until(f"{PICTURE}?.alt", "Ana wears the Blue Heart")
        visit.page.evaluate(
            "() => { const it = document.querySelector('blue-heart-badge');"
            " it.name = 'Bea'; it.lang = 'de'; it.href = 'javascript:alert(1)' }"
        )
        visit.until(f"{PICTURE}.alt", "Bea trägt das Blaue Herz")
        visit.until(f"{PICTURE}.src", f"{there}/badge/wear.svg?lang=de&name=Bea&theme=auto")
        assert visit.page.evaluate("document.querySelector('blue-heart-badge').getAttribute('name')") == "Bea"
        link = "document.querySelector('blue-heart-badge').shadowRoot.querySelector('a').href"
        assert visit.page.evaluate(link) == f"{there}/"


def test_without_the_picture_the_pages_own_link_is_there(there: str, elsewhere: Any, visiting: Any) -> None:
    def away(page: Any) -> None:
        page.route("**/badge/**", lambda route: route.abort())

    with visiting(elsewhere.put("/badge", there, badge('name="Ana"')), before=away) as visit:
        visit.page.get_by_role("link", name="the page's own").wait_for()
        visit.page.unroute("**/badge/**")
        visit.page.evaluate("document.querySelector('blue-heart-badge').setAttribute('name', 'Bea')")
        visit.page.get_by_role("link", name="Bea wears the Blue Heart").wait_for()
