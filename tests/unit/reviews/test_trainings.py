"""What servers that share a store know of each other's trainings."""

from sqlalchemy import text

from dashboard.reviews.trainings import KEPT_S

ID = "0123456789abcdef0123456789abcdef"


def test_another_server_knows_what_was_noted_last(store, open_store):
    store.note_training(ID, "running", "{1}")
    store.note_training(ID, "finished", "{2}")
    found = open_store().training(ID)
    assert (found.state, found.plan) == ("finished", "{2}")


def test_nothing_is_known_of_others_and_the_secret_id_is_not_kept(store):
    store.note_training(ID, "running", "{}")
    for id in ("", "\0", ID[:-1], ID.upper()):
        assert store.training(id) is None
    with store._database.reading() as connection:
        assert ID not in str(connection.execute(text("SELECT * FROM trainings")).all())


def test_what_was_noted_long_ago_is_gone_and_swept(store, clock):
    store.note_training(ID, "running", "{}")
    clock.passes(KEPT_S + 1)
    assert store.training(ID) is None
    store.sweep()
    with store._database.reading() as connection:
        assert connection.execute(text("SELECT * FROM trainings")).all() == []
