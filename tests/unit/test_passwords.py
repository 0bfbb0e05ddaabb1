"""Which passwords are refused, and how soon that is known."""

import time

import pytest

from ondol.people.passwords import check_new_password, common_passwords
from ondol.people.rules import PasswordFault, UnfitPassword

COMMON = [
    "1234567890", "qwertyuiop", "QWERTYUIOP", "password123", "Password123!", "P@ssw0rd2026", "password!!", "passwordpassword",
    "monkey12345", "!!sunshine2026", "$unshine2026", "manchester", "aaaaaaaaaa", "abababababab", "abcdefghijkl", "0987654321",
    "1q2w3e4r5t", "dragon123456789", "ｐａｓｓｗｏｒｄ１２３", "1212312312", "1qaz2wsx3edc",
]  # fmt: skip
NAMED = [
    "kim.minsu1", "KIM.MINSU2026", "minsu.kim@example.com", "minsu.kim1!", "ondol12345", "0nd0l!!2026", "ondolondol",
    "온돌온돌온돌온돌온돌", "energy2026!", "관리자1234567", "qlalfqjsgh", "building2026", "example.com1",
]  # fmt: skip
GOOD = [
    "four quiet words more", "조용한 네 낱말을 이어서", "a-long-enough-password", "k9#vTq2!xLm0", "correct horse battery staple",
    "sunshine 73914 and 88206", "ondol heats our quiet office", "7391846205", "kim.minsu drinks tea at four",
]  # fmt: skip


def fault(password: str) -> PasswordFault | None:
    try:
        check_new_password(password, "kim.minsu", "minsu.kim@example.com")
    except UnfitPassword as refused:
        return refused.fault
    return None


@pytest.mark.parametrize("password", COMMON)
def test_what_everybody_chooses_is_refused(password: str) -> None:
    assert fault(password) is PasswordFault.COMMON


@pytest.mark.parametrize("password", NAMED)
def test_what_the_account_itself_tells_is_refused(password: str) -> None:
    assert fault(password) is PasswordFault.NAMES_YOU


@pytest.mark.parametrize("password", GOOD)
def test_what_nobody_expects_is_taken(password: str) -> None:
    assert fault(password) is None


def test_length_alone_counts_beside_that() -> None:
    assert fault("k9#vTq2!x") is PasswordFault.TOO_SHORT
    assert fault("k9#vTq2!xL" * 20) is None
    assert fault("k9#vTq2!xL" * 20 + "k") is PasswordFault.TOO_LONG


def test_the_list_is_there_at_once_and_says_where_it_comes_from() -> None:
    common_passwords.cache_clear()
    started = time.perf_counter()
    assert len(common_passwords()) > 10_000
    assert time.perf_counter() - started < 0.5
    assert {"123456", "password", "dragon"} <= common_passwords()
    assert not any(line.startswith("#") for line in common_passwords())
    started = time.perf_counter()
    assert fault("ab" * 100) is PasswordFault.COMMON
    assert time.perf_counter() - started < 0.1
