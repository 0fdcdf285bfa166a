"""Arabic counts in six forms; every room says them in the same order."""

import pytest
from flask import Flask
from flask_babel import force_locale, ngettext


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "مشروع واحد"),
        (2, "مشروعان"),
        (3, "3 مشاريع"),
        (11, "11 مشروعا"),
        (25, "25 مشروعا"),
        (100, "100 مشروع"),
        (103, "103 مشاريع"),
    ],
)
def test_projects_are_counted_as_arabic_counts(app: Flask, count: int, said: str) -> None:
    with app.test_request_context(), force_locale("ar"):
        assert ngettext("%(num)d project", "%(num)d projects", count) == said


@pytest.mark.parametrize(("count", "said"), [(12, "12 مساندا"), (100, "100 مساند")])
def test_rooms_agree_on_the_order_of_the_forms(app: Flask, count: int, said: str) -> None:
    with app.test_request_context(), force_locale("ar"):
        assert ngettext("%(num)s support", "%(num)s supports", count) == said
