"""References and account numbers: what is made is found again, and no slip of the hand passes."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.funding.rules.accounts import (
    iban_of_rib,
    iban_problem,
    in_sepa,
    is_iban,
    is_rib,
    may_have_payment_code,
    rib_problem,
)
from cdp.funding.rules.references import (
    find,
    grouped,
    is_creditor_reference,
    is_reference,
    new_reference,
)

references = st.integers(0, 2**32).map(lambda seed: new_reference(random.Random(seed)))
PUBLIC_RIBS = ["001810007800020110620318", "001810007800020110620221", "011519000001205000534921"]


@pytest.mark.parametrize(
    "text",
    [
        "RF88 2026 0042",
        "rf8820260042",
        "DON RF8820260042DON PUITS",
        "vir. RF-88-2026-00\n42 puits",
        "RF٨٨٢٠٢٦٠٠٤٢ تبرع",
        "ＲＦ８８２０２６００４２",
        "XRF8820260042",
        "RF00 RF88 2026 0042",
    ],
)
def test_a_reference_survives_what_banks_and_hands_do_to_it(text: str) -> None:
    assert find(text) == ["RF8820260042"]


def test_a_reference_cut_across_two_fields_is_found() -> None:
    assert find("VIREMENT RF882026", "0042 DE M. X") == ["RF8820260042"]


def test_two_references_in_one_payment_are_both_found_once_each() -> None:
    assert find("RF8820260042 et RF3018034063", "RF8820260042") == ["RF8820260042", "RF3018034063"]


@given(references)
def test_a_new_reference_is_found_in_its_groups(reference: str) -> None:
    assert is_reference(reference)
    assert is_creditor_reference(reference)
    assert find(f"Don de: {grouped(reference).lower()}/ref") == [reference]


@given(references)
def test_no_wrong_digit_and_no_swap_of_neighbours_passes(reference: str) -> None:
    for place in range(2, 12):
        for digit in string.digits.replace(reference[place], ""):
            assert not is_reference(reference[:place] + digit + reference[place + 1 :])
    for place in range(2, 11):
        swapped = reference[:place] + reference[place + 1] + reference[place] + reference[place + 2 :]
        assert swapped == reference or not is_reference(swapped)


def test_references_of_others_are_told_apart_from_ours() -> None:
    assert is_creditor_reference("RF18 5390 0754 7034")
    assert not is_reference("RF18 5390 0754 7034")
    assert not is_creditor_reference("RF19539007547034")
    assert not is_creditor_reference("")


def test_digits_without_rf_are_no_reference() -> None:
    assert find("don 8820260042") == []


@pytest.mark.parametrize("rib", PUBLIC_RIBS)
def test_public_ribs_hold_and_their_iban_begins_with_ma64(rib: str) -> None:
    assert is_rib(rib)
    assert rib_problem(rib) is None
    assert iban_of_rib(rib) == f"MA64{rib}"
    assert is_iban(f"MA64{rib}")
    assert is_rib(f"MA64 {rib}")
    assert not in_sepa(f"MA64{rib}")


@given(st.sampled_from(PUBLIC_RIBS), st.integers(0, 23), st.integers(1, 9))
def test_a_rib_with_one_wrong_digit_is_refused(rib: str, place: int, more: int) -> None:
    wrong = rib[:place] + str((int(rib[place]) + more) % 10) + rib[place + 1 :]
    assert rib_problem(wrong) == "funding.rib_key_wrong"
    assert iban_problem(f"MA64{wrong}") is not None


@given(st.text(string.digits, min_size=22, max_size=22).filter(lambda text: int(text) > 0))
def test_one_key_alone_fits_an_account(digits: str) -> None:
    fitting = [key for key in range(1, 98) if is_rib(f"{digits}{key:02d}")]
    assert fitting == [97 - int(digits) * 100 % 97]


def test_a_moroccan_iban_whose_rib_key_is_wrong_is_refused_even_if_its_own_check_digits_fit() -> None:
    digits = PUBLIC_RIBS[0][:22] + "00"
    check = 98 - int(digits + "221000") % 97
    assert iban_problem(f"MA{check:02d}{digits}") == "funding.rib_key_wrong"


@pytest.mark.parametrize(
    ("iban", "problem"),
    [
        ("FR14 2004 1010 0505 0001 3M02 606", None),
        ("DE89 3704 0044 0532 0130 00", None),
        ("GB82 WEST 1234 5698 7654 32", None),
        ("GB82 WEST 1234 5698 7654 3", "funding.iban_length"),
        ("GB82 WEST 1234 5698 7654 33", "funding.iban_check_digits"),
        ("82 WEST", "funding.iban_form"),
        ("", "funding.iban_form"),
        ("001810007800020110620318", "funding.iban_form"),
    ],
)
def test_ibans_of_other_countries(iban: str, problem: str | None) -> None:
    assert iban_problem(iban) == problem


def test_a_rib_needs_its_24_digits() -> None:
    assert rib_problem("0018100078000201106203") == "funding.rib_needs_24_digits"
    assert rib_problem("puits") == "funding.rib_needs_24_digits"
    assert rib_problem("0" * 24) == "funding.rib_key_wrong"
    with pytest.raises(ValueError, match="does not fit"):
        iban_of_rib("1" * 24)


def test_a_payment_code_is_only_for_euros_to_a_sepa_account_within_the_limits() -> None:
    french = "FR1420041010050500013M02606"
    assert may_have_payment_code(french, "EUR", 25000)
    assert not may_have_payment_code(french, "MAD", 25000)
    assert not may_have_payment_code(french, "EUR", 0)
    assert not may_have_payment_code(french, "EUR", 10**11)
    assert not may_have_payment_code(f"MA64{PUBLIC_RIBS[0]}", "EUR", 25000)
