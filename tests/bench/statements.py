"""A statement of 50,000 lines read and matched against 20,000 open promises: ``python -m tests.bench.statements``.

Not collected by pytest. Exit code 1 when it takes longer than allowed.
"""

import random
import resource
import sys
import time
from datetime import date

from cdp.funding.rules.matching import Promise, match
from cdp.funding.rules.references import grouped, new_reference
from cdp.funding.rules.statements.fingerprints import fingerprints
from cdp.funding.rules.statements.reading import read

LINES, PROMISES, ALLOWED = 50_000, 20_000, 20.0
FIRST = ("Ahmed", "Amal", "Brahim", "Driss", "Fadma", "Hassan", "Itto", "Khadija", "Lahcen", "Malika", "Zahra")
LAST = ("Ait Baha", "Benali", "Bouzid", "Chakir", "El Fassi", "Idrissi", "Jelloun", "Lamrani", "Tazi", "Ziani")


def make_promises(source: random.Random) -> list[Promise]:
    """Open promises of invented people."""
    found: dict[str, Promise] = {}
    while len(found) < PROMISES:
        reference, number = new_reference(source), len(found)
        name = f"{source.choice(FIRST)} {source.choice(LAST)}{number % 700 or ''}"
        account = f"MA64{source.randrange(10**24):024d}"
        amount = source.choice((5000, 10000, 20000, 50000, source.randrange(1000, 500000)))
        found[reference] = Promise(number, reference, "MAD", amount, (name,), (account,), since=date(2027, 1, 1))
    return list(found.values())


def make_row(source: random.Random, promise: Promise, kind: float) -> tuple[str, str, int, str]:
    """Words, name, amount and account of a payment: with its reference, with a slip in it, or without."""
    words = f"VIR RECU {grouped(promise.reference)} DON PUITS"
    if kind > 0.6:
        words = words.replace(words[14], str(source.randrange(10)), 1) if kind > 0.8 else "VIREMENT RECU"
    amount = promise.open_minor if kind < 0.5 else max(100, promise.open_minor - 300)
    return words, promise.names[0], amount, promise.accounts[0] if kind > 0.7 else ""


def make_csv(source: random.Random, promises: list[Promise]) -> bytes:
    """A table as a bank exports it."""
    rows = ["Date opération;Date valeur;Libellé;Nom;Compte tiers;Débit;Crédit"]
    for number in range(LINES):
        words, name, amount, account = make_row(source, source.choice(promises), source.random())
        day = f"{number % 28 + 1:02d}/03/2027"
        rows.append(f"{day};{day};{words};{name};{account};;{amount // 100},{amount % 100:02d}")
    return "\n".join(rows).encode("cp1252")


def make_camt(source: random.Random, promises: list[Promise]) -> bytes:
    """The same as camt.053."""
    entries = []
    for number in range(LINES):
        words, name, amount, account = make_row(source, source.choice(promises), source.random())
        entries.append(
            f'<Ntry><Amt Ccy="MAD">{amount // 100}.{amount % 100:02d}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
            f"<BookgDt><Dt>2027-03-{number % 28 + 1:02d}</Dt></BookgDt><NtryDtls><TxDtls><RltdPties>"
            f"<Dbtr><Nm>{name}</Nm></Dbtr><DbtrAcct><Id><Othr><Id>{account}</Id></Othr></Id></DbtrAcct></RltdPties>"
            f"<RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )
    whole = "".join(entries)
    return (
        f"<Document><BkToCstmrStmt><Stmt><Acct><Ccy>MAD</Ccy></Acct>{whole}</Stmt></BkToCstmrStmt></Document>".encode()
    )


def run(name: str, data: bytes, promises: list[Promise]) -> float:
    """Seconds to read a file, mark its lines and match them."""
    begin, work = time.perf_counter(), time.process_time()
    lines = [line for statement in read(data).statements for line in statement.lines]
    read_in = time.perf_counter() - begin
    marks = fingerprints("account", lines)
    matches = match(lines, promises)
    seconds = time.perf_counter() - begin
    work = time.process_time() - work
    decided = sum(each.decided for each in matches)
    suggested = sum(bool(each.parts) for each in matches) - decided
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{name}: {len(lines)} lines, {len(set(marks))} marks, {decided} decided, {suggested} suggested, "
        f"read {read_in:.1f} s, whole {seconds:.1f} s of {ALLOWED:.0f} s ({work:.1f} s of processor), peak {peak} MB"
    )
    return seconds


def main() -> int:
    """Both formats; 1 when one is too slow."""
    source = random.Random(2027)
    promises = make_promises(source)
    files = {"csv": make_csv(source, promises), "camt.053": make_camt(source, promises)}
    return int(max(run(name, data, promises) for name, data in files.items()) > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
