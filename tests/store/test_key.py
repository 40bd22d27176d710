import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.key import HostKeyError, Key, key_file

KEY = Key(bytes(range(32)))
OTHER = Key(bytes(range(1, 33)))
ids = st.integers(-(2**63), 2**63 - 1)


@given(st.text(), st.sampled_from(["request", "title"]))
def test_what_is_sealed_opens_with_the_same_key_and_context_alone(text: str, context: str) -> None:
    sealed = KEY.seal(text, context)
    assert KEY.unseal(sealed, context) == text
    for key, wrong in ((OTHER, context), (KEY, context + "s")):
        with pytest.raises(HostKeyError):
            key.unseal(sealed, wrong)


@given(st.binary(max_size=80))
def test_bytes_that_this_key_did_not_seal_never_open(forged: bytes) -> None:
    with pytest.raises(HostKeyError):
        KEY.unseal(forged, "request")


@given(st.integers(0, 200), st.integers(1, 255))
def test_damaged_bytes_never_open(place: int, change: int) -> None:
    sealed = bytearray(KEY.seal("Pray for the harbour team.", "request"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(HostKeyError):
        KEY.unseal(bytes(sealed), "request")


def test_the_same_text_is_never_sealed_alike() -> None:
    assert KEY.seal("Amen", "request") != KEY.seal("Amen", "request")
    assert b"Amen" not in KEY.seal("Amen", "request")


@given(ids)
def test_a_start_token_names_its_group_and_fits_into_a_start_link(group_id: int) -> None:
    token = KEY.group_token(group_id)
    assert KEY.token_group(token) == group_id
    assert OTHER.token_group(token) is None
    assert len(token) <= 64
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


@given(st.text(max_size=80) | st.text("ABCDEFab019_-=", min_size=26, max_size=28))
def test_a_made_up_token_names_no_group(forged: str) -> None:
    assert KEY.token_group(forged) is None


@given(st.integers(1, 1000), st.integers(0, 27), st.characters())
def test_a_changed_token_names_no_group(group_id: int, place: int, letter: str) -> None:
    token = KEY.group_token(group_id)
    place %= len(token)
    forged = token[:place] + letter + token[place + 1 :]
    assert KEY.token_group(forged) == (group_id if forged == token else None)
    assert KEY.token_group(token[:place]) is None
    assert KEY.token_group(token + letter) is None


@given(ids, ids, ids)
def test_marks_tell_posts_and_people_apart_and_only_with_the_key(post_id: int, user_id: int, other_id: int) -> None:
    mark = KEY.mark(post_id, user_id)
    assert mark == KEY.mark(post_id, user_id)
    assert mark != OTHER.mark(post_id, user_id)
    assert (mark == KEY.mark(post_id, other_id)) == (user_id == other_id)
    assert (mark == KEY.mark(other_id, user_id)) == (post_id == other_id)
    assert mark != KEY.person(user_id)


def test_a_key_never_shows_its_secret() -> None:
    secret = base64.urlsafe_b64encode(bytes(range(32))).decode()
    assert secret not in repr(KEY)
    assert KEY.id in repr(KEY)
    assert KEY.id != OTHER.id


@pytest.mark.parametrize("text", ["", "short", "AAAA", "not base64 at all!", "é" * 44, "A" * 88])
def test_what_is_no_key_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(HostKeyError) as caught:
        Key.parse(text)
    assert not text or text not in str(caught.value)


def test_a_key_file_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "vigil.key"
    made = key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    before = path.read_bytes()
    assert key_file(path).id == made.id
    assert path.read_bytes() == before
    assert key_file(tmp_path / "other.key").id != made.id


@pytest.mark.parametrize("content", [b"", b"rubbish", "é".encode()])
def test_a_spoilt_key_file_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vigil.key"
    path.write_bytes(content)
    with pytest.raises(HostKeyError):
        key_file(path)
    assert path.read_bytes() == content


def test_a_key_file_that_cannot_be_made_is_an_error_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(HostKeyError, match=r"vigil\.key"):
        key_file(tmp_path / "var" / "vigil.key")


def test_a_missing_key_file_is_never_replaced_where_something_is_sealed(tmp_path: Path) -> None:
    with pytest.raises(HostKeyError, match="Put the file back"):
        key_file(tmp_path / "vigil.key", make=False)
    assert not (tmp_path / "vigil.key").exists()
