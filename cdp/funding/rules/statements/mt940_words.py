"""The words of a payment in MT940: ``:86:`` as German banks write it (``?20``), as SEPA codes, or as free text.

A structured field is cut at 65 signs anywhere, so its lines are put together again; a free text keeps its blanks.
"""

import re
from dataclasses import dataclass

SUBFIELD = re.compile(r"\?(\d\d)")
OTHER_MARK = re.compile(r"^\s*\d{0,3}([<>~^|{])\d\d")
"""Polish, Slovak and Hungarian banks write another sign before the numbers of the parts."""
PURPOSE = {*(f"{n}" for n in range(20, 30)), *(f"{n}" for n in range(60, 64))}
SEPA = re.compile(
    r"(?:EREF|KREF|MREF|BREF|RREF|CRED|DEBT|COAM|OAMT|SVWZ|PURP|ABWA|ABWE|IBAN|BIC|MTLG|RTRN|SQTP)\s*[+:]"
)
"""Words before the parts of a purpose: EREF what the payer called it, MREF the mandate, SVWZ the purpose itself."""
SEPA_END = re.compile(rf"EREF\s*[+:]\s*(.*?)\s*(?:{SEPA.pattern}|$)", re.DOTALL)
CODE = re.compile(
    r"/(TRTP|EREF|KREF|MREF|PREF|MARF|CREF|CSID|CNTP|IBAN|BBAN|BIC|NAME|ADDR|REMI|RTRN|TRCD|ISDT|PURP|ORDP|BENM|"
    r"ULTD|ULTC|ULTB|RFB|ROC|OCMT|CHGS|SVCL|VA|OGB|INS|ACC|EXCH)/"
)
STRUCTURED = re.compile(r"STRD/(?:CUR|ISO)/\s*([^/]+)", re.DOTALL)
FULL_LINE = 60
"""Signs of a line that was cut because it was full; a shorter one ended where it wanted to."""
LONGEST = 35
NOTHING = {"", "NOTPROVIDED", "NONREF", "EREF", "KREF", "NONE", "NA"}


@dataclass(frozen=True, slots=True)
class Words:
    """What ``:86:`` says: the text, the other side and its account, the payer's own and the creditor's references."""

    text: str
    party: str | None = None
    account: str | None = None
    end_to_end: str | None = None
    references: tuple[str, ...] = ()


def is_nothing(text: str) -> bool:
    """Whether a bank wrote that there is no reference: NOTPROVIDED, NONREF, however it is cut."""
    return re.sub(r"[^A-Z0-9]", "", text.upper()) in NOTHING


def words_of(details: list[str]) -> Words:
    """The words of all ``:86:`` of one payment."""
    joined = " ".join(_unwrapped(text) for text in details)
    if SUBFIELD.search(joined):
        return _subfields(joined)
    text = " ".join(_full_lines_joined(each) for each in details)
    if codes := _codes(text):
        end = _codes("".join(details).replace("\n", "")).get("EREF", "")
        return _coded(text, codes, _shortened(end))
    return Words(joined, end_to_end=_sepa_end(joined))


def _unwrapped(text: str) -> str:
    if found := OTHER_MARK.match(text):
        text = re.sub(re.escape(found.group(1)) + r"(\d\d)", r"?\1", text)
    return text.replace("\n", "") if SUBFIELD.search(text) else text


def _full_lines_joined(text: str) -> str:
    """Lines put together: without a blank where a line was full, with one where it was not."""
    lines = text.split("\n")
    return "".join(line if len(line) >= FULL_LINE else f"{line} " for line in lines).strip()


def _subfields(text: str) -> Words:
    """The purpose is ?20 to ?29 and ?60 to ?63, the name ?32 and ?33, the account ?38 (an IBAN), else ?31."""
    parts = SUBFIELD.split(text)
    pairs = list(zip(parts[1::2], parts[2::2], strict=True))
    purpose = "".join(words for code, words in pairs if code in PURPOSE)
    name = "".join(words for code, words in pairs if code in {"32", "33"}).strip()
    accounts = {code: words.strip() for code, words in reversed(pairs) if words.strip()}
    account = accounts.get("38") or accounts.get("31")
    booking_text = next((words for code, words in pairs if code == "00"), "")
    said = " ".join(each for each in (booking_text, purpose, name) if each.strip())
    return Words(said, name or None, account, _sepa_end(purpose), _references(_codes(purpose), purpose))


def _codes(text: str) -> dict[str, str]:
    """Parts of a text by the code before them; the first of each counts."""
    parts = CODE.split(text)
    found: dict[str, str] = {}
    for code, value in zip(parts[1::2], parts[2::2], strict=True):
        found.setdefault(code, value)
    return found


def _coded(text: str, codes: dict[str, str], end: str | None) -> Words:
    counterpart = [part.strip() for part in codes.get("CNTP", "").split("/")]
    account = "".join((codes.get("IBAN") or codes.get("BBAN") or counterpart[0]).split()).strip("/")
    name = codes.get("NAME") or (counterpart[2] if len(counterpart) > 2 else "")
    party = " ".join(name.strip("/ ").split())
    return Words(text, party or None, account or None, end or _sepa_end(text), _references(codes, text))


def _references(codes: dict[str, str], text: str) -> tuple[str, ...]:
    """References the creditor gave: ``/CREF/``, ``/RFB/`` and the structured purpose."""
    named = [codes[code] for code in ("CREF", "RFB") if code in codes] + STRUCTURED.findall(text)
    plain = (each.strip("/ ") for each in named)
    return tuple(dict.fromkeys(each for each in plain if not is_nothing(each)))


def _sepa_end(text: str) -> str | None:
    found = SEPA_END.search(text)
    return _shortened(found.group(1).replace("\n", "")) if found else None


def _shortened(text: str) -> str | None:
    plain = " ".join(text.split()).rstrip("/ ")
    return None if is_nothing(plain) else plain[:LONGEST]
