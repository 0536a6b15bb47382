"""按列算的 SM4-CMAC：与 OpenSSL 逐条算的一字不差。"""

import polars as pl
import pytest
from cryptography.hazmat.primitives import cmac
from cryptography.hazmat.primitives.ciphers import algorithms
from hypothesis import given
from hypothesis import strategies as st

from doudi.landing.cmac import Cmac
from doudi.landing.keys import Key

SECRET = bytes(range(16))
CMAC = Cmac(SECRET)


@pytest.fixture(autouse=True, params=[0, 10**9], ids=["in step", "one by one"], scope="module")
def _both_ways(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("doudi.landing.cmac._FEW", request.param)
        yield


def by_openssl(message, secret=SECRET):
    mac = cmac.CMAC(algorithms.SM4(secret))
    mac.update(message)
    return mac.finalize()


def in_bytes(blocks):
    return [first.to_bytes(8, "little") + second.to_bytes(8, "little") for first, second in zip(*blocks, strict=True)]


@pytest.mark.parametrize("order", [1, -1])
def test_a_text_of_any_length_has_the_digest_that_openssl_gives(order):
    texts = [*("甲" * length for length in range(14)), *("x" * length for length in range(50))][::order]
    assert in_bytes(CMAC.of_texts(pl.Series(texts))) == [by_openssl(text.encode()) for text in texts]


@given(st.lists(st.text()))
def test_a_column_of_texts_has_the_digests_that_openssl_gives(texts):
    found = in_bytes(CMAC.of_texts(pl.Series(texts, dtype=pl.String)))
    assert found == [by_openssl(text.encode()) for text in texts]


@given(st.text())
def test_one_text_has_the_digest_it_has_in_a_column(text):
    assert CMAC.of_text(text) == by_openssl(text.encode())


WORDS = st.lists(st.integers(0, 2**64 - 1))


@given(WORDS)
def test_a_word_and_two_words_are_messages_of_8_and_16_bytes(numbers):
    words = pl.Series(numbers, dtype=pl.UInt64)
    told = [number.to_bytes(8, "little") for number in numbers]
    assert in_bytes(CMAC.of_words(words)) == [by_openssl(word) for word in told]
    both = [one + other for one, other in zip(told, told[::-1], strict=True)]
    assert in_bytes(CMAC.of_words(words, words.reverse())) == [by_openssl(message) for message in both]


def test_a_part_of_a_column_has_the_digests_of_that_part():
    words = pl.Series(range(20), dtype=pl.UInt64)
    assert in_bytes(CMAC.of_words(words[5:9])) == in_bytes(CMAC.of_words(words))[5:9]


def test_each_purpose_of_a_key_has_a_secret_of_its_own():
    key = Key(1, b"k" * 32)
    digests = {key.cmac(purpose).of_text("A") for purpose in ("plate", "case_no", "plat", "")}
    assert len(digests | {Key(1, b"l" * 32).cmac("plate").of_text("A")}) == 5
