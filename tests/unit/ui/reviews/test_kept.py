"""Who asks the store: what signing in proves, and nothing that somebody typed in its place."""

import pytest

from dashboard.reviews import Person
from dashboard.ui.reviews import kept

SIGNED_IN = {"is_logged_in": True, "name": "Bea", "email": "bea@example.org", "email_verified": True}


class User(dict):
    """What `st.user` is, as far as it is asked."""

    def to_dict(self):
        return dict(self)


@pytest.fixture
def person(monkeypatch):
    """person(user, typed) -> who the visitor is taken for."""

    def of(user, typed=""):
        monkeypatch.setattr(kept.st, "user", User(user))
        monkeypatch.setattr(kept.state, "recalled", {kept.NAME: typed}.get)
        return kept.who()

    return of


def test_who_signed_in_cannot_go_by_a_typed_name(person):
    assert person(SIGNED_IN, "Ann") == Person("Bea", "bea@example.org")
    assert str(person(SIGNED_IN | {"name": None}, "Ann")) == "bea@example.org"


@pytest.mark.parametrize("verified", [False, "false", "False", None, 0])
def test_an_address_that_is_not_proved_opens_nothing(person, verified):
    found = person(SIGNED_IN | {"email_verified": verified}, "Ann")
    assert (found.name, found.email) == ("Bea", None)


def test_providers_that_do_not_say_whether_an_address_is_proved_are_believed(person):
    user = {name: value for name, value in SIGNED_IN.items() if name != "email_verified"}
    assert person(user).email == "bea@example.org"
    assert person(user | {"email_verified": "true"}).email == "bea@example.org"


@pytest.mark.parametrize("typed", ["Bea", "", "Bea (signed in)"])
def test_where_people_sign_in_a_typed_name_says_that_nobody_proved_it(person, typed):
    found = person({"is_logged_in": False}, typed)
    assert str(found) == f"{typed or 'somebody'} (not signed in)" and found.email is None


def test_where_nobody_can_sign_in_a_typed_name_is_the_name(person):
    assert person({}, "Ann") == Person("Ann", None)
    assert str(person({})) == "somebody"
