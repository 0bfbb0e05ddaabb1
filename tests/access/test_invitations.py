"""People come in by a link, and get in again by one: it works once, for a time, for what it was made for."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from tests.conftest import SetClock
from tests.mail import MailServer
from tests.making import PASSWORD, make_building, make_user, sign_in

from ondol.audit import AuditQuestion
from ondol.common.access import SYSTEM
from ondol.common.errors import (
    AlreadyExists,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooManyAttempts,
    Unconfirmed,
)
from ondol.common.mail import MailNotSent
from ondol.installation import Installation
from ondol.people import AccountChange, Credentials, Newcomer, NewInvitation, Role, UnfitPassword, UserChange

NEW = "four quiet words more"
HERE = "192.0.2.7"
INVITED = NewInvitation(email="Lee@example.com", role=Role.MANAGER, buildings=("hq",))


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


def prepared(ondol: Installation) -> Installation:
    for key in ("hq", "annex"):
        make_building(ondol, key)
    make_user(ondol, "boss", Role.ADMIN)
    return ondol


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    """Without a mail server."""
    return prepared(open_ondol(timeseries_url="memory://"))


@pytest.fixture
def mailing(open_ondol: Callable[..., Installation], server: MailServer) -> Installation:
    return prepared(open_ondol(
        timeseries_url="memory://", smtp_url=server.url, sign_up="approval", public_url="https://ondol.example.com"
    ))  # fmt: skip


def send(ondol: Installation) -> None:
    next(task for task in ondol.people.tasks() if task.name == "send mails").run()


def secret_of(link: str) -> str:
    return link.rpartition("/")[2]


def join(ondol: Installation, secret: str, name: str = "lee", password: str = NEW):
    return ondol.people.join(secret, Newcomer(username=name, password=password), Credentials(name, "", HERE))


def refusal(ondol: Installation, secret: str) -> str:
    with pytest.raises(NotFound) as refused:
        join(ondol, secret)
    return str(refused.value)


def deeds(ondol: Installation) -> list[tuple[str, str, str | None]]:
    found = ondol.audit.records(SYSTEM, AuditQuestion(), limit=200)
    return [(record.deed.who, record.deed.action, record.deed.subject) for record in reversed(found)]


def test_an_invited_person_comes_in_and_reaches_what_was_said(ondol: Installation) -> None:
    made = ondol.people.invite(SYSTEM, INVITED)
    assert made.secret
    assert ondol.people.look_at_invitation(made.secret, HERE).role is Role.MANAGER
    begun = join(ondol, made.secret)
    assert begun
    access = ondol.people.access_of_session(begun[1])
    assert (access.username, access.buildings) == ("lee", {"hq"})
    assert sign_in(ondol, "lee", NEW)
    assert ondol.people.invitations(SYSTEM) == []
    (lee,) = [user for user in ondol.people.users(SYSTEM) if user.username == "lee"]
    assert (lee.email, lee.buildings, lee.last_sign_in) == ("Lee@example.com", ("hq",), ondol.clock())
    text = str(deeds(ondol))
    assert made.secret not in text
    assert "ee@" not in text
    assert ("lee", "invitation accepted", made.link.key) in deeds(ondol)


def test_links_of_no_use_answer_alike(ondol: Installation, clock: SetClock) -> None:
    used, old, back, gone = (
        ondol.people.invite(SYSTEM, replace(INVITED, email=f"{n}@example.com")) for n in ("a", "b", "c", "d")
    )
    secrets = [made.secret or "" for made in (used, old, back)]
    assert join(ondol, secrets[0], "used")
    new = ondol.people.invite(SYSTEM, replace(INVITED, email="b@example.com"))
    ondol.people.take_back_invitation(SYSTEM, back.link.key)
    said = {refusal(ondol, secret) for secret in [*secrets, "unknown", "x" * 5000]}
    assert ondol.people.look_at_invitation(new.secret or "", HERE)
    clock.forward(days=7, seconds=1)
    said |= {refusal(ondol, made.secret or "") for made in (gone, new)}
    reset = ondol.people.make_reset_link(SYSTEM, "used")
    said.add(refusal(ondol, reset.secret or ""))
    assert len(said) == 1


def test_a_link_is_used_once_whoever_comes_at_the_same_time(ondol: Installation) -> None:
    secret = ondol.people.invite(SYSTEM, INVITED).secret or ""

    def come(name: str) -> bool:
        try:
            return join(ondol, secret, name) is not None
        except (NotFound, AlreadyExists):
            return False

    with ThreadPoolExecutor(4) as all_:
        assert sorted(all_.map(come, ("ann", "bob", "cid", "dan"))) == [False, False, False, True]


def test_what_is_entered_wrongly_leaves_the_link_as_it_was(ondol: Installation) -> None:
    secret = ondol.people.invite(SYSTEM, INVITED).secret or ""
    for name, password, error in (
        ("lee", "short", UnfitPassword), ("lee", "password1234", UnfitPassword), ("a b", NEW, InvalidInput),
        ("system", NEW, InvalidInput), ("BOSS", NEW, AlreadyExists),
    ):  # fmt: skip
        with pytest.raises(error):
            join(ondol, secret, name, password)
    assert join(ondol, secret)


@pytest.mark.parametrize(
    "email", ["no", "a@b\nBcc: c@d", "a,b@c.de", "a@b, c@d", "Kim <a@b>", "a@b\u2028c", "@", "a@b@c"]
)
def test_what_is_no_single_address_is_refused(ondol: Installation, email: str) -> None:
    with pytest.raises(InvalidInput):
        ondol.people.invite(SYSTEM, replace(INVITED, email=email))


def test_nobody_is_invited_to_what_is_not_there_or_twice(ondol: Installation) -> None:
    with pytest.raises(NotFound):
        ondol.people.invite(SYSTEM, replace(INVITED, buildings=("nowhere",)))
    with pytest.raises(AlreadyExists):
        ondol.people.invite(SYSTEM, replace(INVITED, email="BOSS@example.com"))
    with pytest.raises(InvalidInput):
        ondol.people.invite(SYSTEM, replace(INVITED, role=Role.ADMIN))


def test_who_tries_links_is_slowed_down(ondol: Installation) -> None:
    for _ in range(ondol.settings.sign_in_attempts * 5):
        with pytest.raises(NotFound):
            ondol.people.look_at_invitation("guessed", HERE)
    with pytest.raises(TooManyAttempts):
        ondol.people.look_at_invitation("guessed", HERE)
    assert ("visitor", "sign-in paused", None) in deeds(ondol)


def test_an_invitation_goes_by_mail_and_its_secret_is_kept_nowhere(mailing: Installation, server: MailServer) -> None:
    made = mailing.people.invite(SYSTEM, replace(INVITED, language="en"))
    assert made.secret is None
    assert mailing.people.invitations(SYSTEM)[0].waits
    send(mailing)
    ((receivers, message),) = server.received
    assert (receivers, message["Subject"], message["From"]) == (
        ["Lee@example.com"], "You are invited to Ondol", "Ondol <ondol@example.com>",
    )  # fmt: skip
    assert server.link().startswith("https://ondol.example.com/join/")
    assert not mailing.people.invitations(SYSTEM)[0].waits
    send(mailing)
    assert len(server.received) == 1
    assert join(mailing, secret_of(server.link()))


def test_a_mail_waits_until_the_server_takes_it(mailing: Installation, server: MailServer, clock: SetClock) -> None:
    server.refuses = True
    mailing.people.invite(SYSTEM, INVITED)
    with pytest.raises(MailNotSent, match="refuses the receiver"):
        send(mailing)
    (waiting,) = mailing.people.invitations(SYSTEM)
    assert "refuses the receiver" in (waiting.problem or "")
    server.refuses = False
    send(mailing)  # not yet due
    assert not server.received
    clock.forward(minutes=1)
    send(mailing)
    assert "초대" in server.received[0][1]["Subject"]
    assert join(mailing, secret_of(server.link()))


def test_a_server_that_is_away_loses_nothing(open_ondol: Callable[..., Installation], clock: SetClock) -> None:
    server = MailServer()
    server.stop()
    ondol = prepared(open_ondol(timeseries_url="memory://", smtp_url=server.url))
    ondol.people.invite(SYSTEM, INVITED)
    with pytest.raises(MailNotSent, match="does not answer"):
        send(ondol)
    clock.forward(minutes=1)
    again = MailServer(server.port)
    send(ondol)
    assert join(ondol, secret_of(again.link()))
    again.stop()


def test_a_lost_password_is_chosen_anew_by_a_link(mailing: Installation, server: MailServer, clock: SetClock) -> None:
    make_user(mailing, "lee", Role.MANAGER, buildings=("hq",))
    session_id, _ = sign_in(mailing, "lee")
    for email in ("LEE@example.com", "nobody@example.com"):
        assert mailing.people.ask_for_reset(email, "en", HERE) is None
    send(mailing)
    assert [receivers for receivers, _ in server.received] == [["lee@example.com"]]
    secret = secret_of(server.link())
    assert server.link().startswith("https://ondol.example.com/reset/")
    with pytest.raises(UnfitPassword):
        mailing.people.reset_by_link(secret, "short", HERE)
    assert mailing.people.reset_by_link(secret, NEW, HERE) == "lee"
    assert mailing.people.resume_session(session_id) is None
    with pytest.raises(NotFound):
        mailing.people.reset_by_link(secret, NEW, HERE)
    with pytest.raises(NotSignedIn):
        sign_in(mailing, "lee")
    assert sign_in(mailing, "lee", NEW)
    mailing.people.ask_for_reset("lee@example.com", "en", HERE)
    send(mailing)
    clock.forward(hours=1, seconds=1)
    with pytest.raises(NotFound):
        mailing.people.reset_by_link(secret_of(server.link()), NEW, HERE)


def test_closed_accounts_get_no_link_and_few_mails_go_to_one_address(mailing: Installation, server: MailServer) -> None:
    make_user(mailing, "lee", Role.MANAGER, buildings=("hq",))
    made = mailing.people.make_reset_link(SYSTEM, "lee")
    assert made.secret is None
    send(mailing)
    mailing.people.change_user(SYSTEM, "lee", UserChange(is_active=False))
    with pytest.raises(NotFound):
        mailing.people.reset_by_link(secret_of(server.link()), NEW, HERE)
    mailing.people.ask_for_reset("lee@example.com", None, HERE)
    send(mailing)
    assert len(server.received) == 1
    for _ in range(6):
        mailing.people.ask_for_reset("boss@example.com", None, HERE)
        send(mailing)
    assert len(server.received) == 4


def test_another_address_counts_once_it_is_confirmed(mailing: Installation, server: MailServer) -> None:
    make_user(mailing, "lee", Role.MANAGER, buildings=("hq",))
    access = mailing.people.access_of_session(sign_in(mailing, "lee")[1])
    with pytest.raises(NotAllowed):
        mailing.people.ask_for_address(access, "new@example.com", "wrong")
    mailing.people.ask_for_address(access, "new@example.com", PASSWORD)
    send(mailing)
    assert mailing.people.own_account(access).email == "lee@example.com"
    secret = secret_of(server.link())
    mailing.people.confirm_address(secret, HERE)
    assert mailing.people.own_account(access).email == "new@example.com"
    send(mailing)
    assert server.received[-1][0] == ["lee@example.com"]
    assert "new@example.com" not in server.text()
    with pytest.raises(NotFound):
        mailing.people.confirm_address(secret, HERE)
    mailing.people.ask_for_address(access, "boss@example.com", PASSWORD)
    send(mailing)
    with pytest.raises(NotFound):
        mailing.people.confirm_address(secret_of(server.link()), HERE)


def test_a_person_names_themselves(ondol: Installation) -> None:
    make_user(ondol, "lee", Role.MANAGER, buildings=("hq",))
    access = ondol.people.access_of_session(sign_in(ondol, "lee")[1])
    user = ondol.people.change_account(access, AccountChange("  이 민 ", "ko"))
    assert (user.name, user.language) == ("이 민", "ko")
    for name, language in (("x" * 101, None), ("a\u202eb", None), (None, "xx")):
        with pytest.raises(InvalidInput):
            ondol.people.change_account(access, AccountChange(name, language))


def test_who_signs_up_waits_for_approval(mailing: Installation, server: MailServer) -> None:
    for email in ("kim@example.com", "boss@example.com"):
        mailing.people.ask_to_sign_up(email, "en", HERE)
    send(mailing)
    assert [receivers for receivers, _ in server.received] == [["kim@example.com"]]
    assert join(mailing, secret_of(server.link()), "kim") is None
    with pytest.raises(NotSignedIn):
        sign_in(mailing, "kim", NEW)
    (kim,) = [user for user in mailing.people.users(SYSTEM) if user.waits]
    assert (kim.username, kim.is_active, kim.buildings) == ("kim", False, ())
    mailing.people.change_user(SYSTEM, "kim", UserChange(is_active=True, role=Role.MANAGER, buildings=("annex",)))
    assert mailing.people.access_of_session(sign_in(mailing, "kim", NEW)[1]).buildings == {"annex"}
    send(mailing)
    assert "approved" in server.received[-1][1]["Subject"]
    assert ("system", "user approved", "kim") in deeds(mailing)


def test_signing_up_and_asking_for_a_link_need_what_was_set(ondol: Installation) -> None:
    with pytest.raises(NotAllowed):
        ondol.people.ask_to_sign_up("kim@example.com", None, HERE)
    with pytest.raises(NotAllowed):
        ondol.people.ask_for_reset("boss@example.com", None, HERE)
    assert ondol.people.make_reset_link(SYSTEM, "boss").secret


def test_of_a_deleted_person_the_user_name_alone_is_left(ondol: Installation) -> None:
    made = ondol.people.invite(SYSTEM, INVITED)
    begun = join(ondol, made.secret or "")
    assert begun
    ondol.people.make_reset_link(SYSTEM, "lee")
    with pytest.raises(Unconfirmed):
        ondol.people.delete_user(SYSTEM, "lee", None)
    ondol.people.delete_user(SYSTEM, "lee", "lee")
    assert ondol.people.resume_session(begun[0]) is None
    assert [user.username for user in ondol.people.users(SYSTEM)] == ["boss"]
    with pytest.raises(NotFound):
        ondol.people.delete_user(SYSTEM, "lee", "lee")
    with pytest.raises(NotFound):
        ondol.people.change_user(SYSTEM, "lee", UserChange(is_active=True))
    with pytest.raises(NotFound):
        ondol.people.reset_password(SYSTEM, "lee")
    with pytest.raises(AlreadyExists):
        join(ondol, ondol.people.invite(SYSTEM, INVITED).secret or "")
    assert ("system", "user deleted", "lee") in deeds(ondol)
    with pytest.raises(NotAllowed, match="last administrator"):
        ondol.people.delete_user(SYSTEM, "boss", "boss")
    with ondol.database.read() as connection:
        (row,) = connection.exec_driver_sql("select * from users where username = 'lee'").mappings().all()
    assert {row["name"], row["last_sign_in"], row["language"], row["password_hash"]} == {None, ""}
    assert "example.com" not in row["email"]
