"""``ledger check``: whether the books hold, invariant by invariant; exit 1 when one is broken."""

import json
from typing import Any

import click

from cdp.communes import queries as communes
from cdp.config import settings
from cdp.funding.queries.proof import Proof, communes_with_books
from cdp.funding.rules.named import INVARIANTS
from cdp.i18n.catalogs import merged
from cdp.jobs.books import prove
from cdp.kernel.clock import today
from cdp.kernel.errors import Trouble
from cdp.store.engine import Store


@click.group()
def ledger() -> None:
    """The books."""


@ledger.command("check")
@click.option("--commune", "slug", help="The commune's name in its addresses; all that have books unless said.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(slug: str | None, *, as_json: bool) -> None:
    """Prove L1 to L23 on the real books and name each that is broken; exit 0 when all hold, 1 when not."""
    store = Store(settings().database_url)
    try:
        with store.reader() as db:
            numbers = [communes.find(db, slug).id] if slug else communes_with_books(db)
            slugs = {commune.id: commune.slug for commune in communes.opened(db)}
            found = {slugs.get(number, str(number)): prove(db, number, today()) for number in numbers}
    except Trouble as error:
        raise click.ClickException(str(error.message)) from error
    finally:
        store.dispose()
    if as_json:
        click.echo(json.dumps({name: as_plain(proof) for name, proof in found.items()}, ensure_ascii=False))
    else:
        tell(found)
    if any(proof.found for proof in found.values()):
        raise SystemExit(1)


def as_plain(proof: Proof) -> dict[str, Any]:
    """A proof as JSON writes it."""
    return {
        "entries": proof.entries,
        "seal": proof.hash,
        "asked": list(proof.asked),
        "found": proof.found,
        "broken": [{"invariant": each.name, "entry": each.seq, "why": each.why} for each in proof.broken],
    }


def tell(found: dict[str, Proof]) -> None:
    """The proofs for a person at a terminal; what is broken goes to the error stream."""
    words = merged("en")
    if not found:
        click.echo("no commune has books yet")
    for name, proof in found.items():
        click.echo(f"{name}: {proof.entries} entries, seal {proof.hash or 'none'}")
        for invariant in INVARIANTS:
            broken = proof.of(invariant)
            said = words.get(f"invariants.{invariant}")
            state = "not asked" if invariant not in proof.asked else f"{len(broken)} BROKEN" if broken else "holds"
            click.echo(f"  {invariant:4} {state:10} {said.string if said else ''}")
            for each in broken:
                where = f"entry {each.seq}" if each.seq else "the whole"
                click.echo(f"  {invariant:4} {where}: {each.why}", err=True)
        if proof.found > len(proof.broken):
            click.echo(f"  and {proof.found - len(proof.broken)} more", err=True)
