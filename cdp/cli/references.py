"""``references`` and ``rib``: payment references found and checked, Moroccan account numbers checked."""

import click

from cdp.funding.rules.accounts import iban_of_rib, rib_problem
from cdp.funding.rules.references import DIGITS, find, grouped, is_creditor_reference, is_reference, squeezed
from cdp.i18n.catalogs import merged

OURS = len("RF00") + DIGITS


@click.group()
def references() -> None:
    """Find and check payment references (ISO 11649)."""


@references.command("find")
@click.argument("text", nargs=-1, required=True)
def find_in(text: tuple[str, ...]) -> None:
    """Print every reference of this tool found in TEXT, one a line; exit 1 when there is none."""
    found = find(" ".join(text))
    for reference in found:
        click.echo(reference)
    if not found:
        raise SystemExit(1)


@references.command("check")
@click.argument("reference", nargs=-1, required=True)
def check(reference: tuple[str, ...]) -> None:
    """Exit 0 when the check digits of REFERENCE fit, 1 when not.

    A number one digit longer or shorter than ours is taken for a slip of the hand, not for somebody else's.
    """
    text = squeezed("".join(reference))
    if is_reference(text):
        click.echo(f"{grouped(text)}: valid")
    elif is_creditor_reference(text) and abs(len(text) - OURS) > 1:
        click.echo(f"{grouped(text)}: valid ISO 11649, issued elsewhere")
    else:
        click.echo(f"{grouped(text) or '?'}: not valid", err=True)
        raise SystemExit(1)


@click.group()
def rib() -> None:
    """Check Moroccan account numbers (RIB)."""


@rib.command("check")
@click.argument("digits", nargs=-1, required=True)
def check_rib(digits: tuple[str, ...]) -> None:
    """Exit 0 when the key of the 24 DIGITS fits (MA64 may stand before them), 1 when not."""
    number = "".join(digits)
    if problem := rib_problem(number):
        found = merged("en").get(problem)
        click.echo(str(found.string) if found else problem, err=True)
        raise SystemExit(1)
    click.echo(f"valid: {grouped(iban_of_rib(number))}")
