"""Words of bank tables: Arabic, French, English, German, Dutch, Spanish, Italian and neighbours.

Compared without accents, signs and capitals (``columns.header_word``); the more exact roles come first.
"""

import re

WORDS = {
    "value_date": (
        "date de valeur|date valeur|dt valeur|value date|valuta|valutadatum|wertstellung|wertstellungstag|"
        "valeur|fecha valor|data valuta|interest date|rentedatum|تاريخ القيمة|القيمه|تاريخ الاستحقاق"
    ),
    "booked": (
        "date operation|date d operation|date de l operation|date ope|date comptable|"
        "date de comptabilisation|date compta|date mouvement|date transaction|date de transaction|"
        "booking date|posting date|transaction date|date posted|buchungstag|buchungsdatum|boekdatum|"
        "boekingsdatum|fecha|fecha operacion|fecha contable|data|data contabile|data operazione|datum|date|"
        "dates|jour|day|completed date|تاريخ العملية|تاريخ المعاملة|تاريخ الحركة|التاريخ|"
        "تاريخ|transactiedatum|kontoudtog dato|dato|date d execution|execution date"
    ),
    "debit": (
        "debit|debits|debit mad|debit dh|montant debit|montant au debit|mouvement debit|debit amount|"
        "withdrawal|withdrawals|withdrawal amount|paid out|money out|sortie|sorties|depense|depenses|"
        "retrait|soll|af|cargo|dare|uscite|مدين|المدين|سحب|مصروف"
    ),
    "credit": (
        "credit|credits|credit mad|credit dh|montant credit|montant au credit|mouvement credit|"
        "credit amount|deposit|deposits|deposit amount|paid in|money in|entree|entrees|recette|recettes|"
        "versement|haben|bij|abono|avere|entrate|دائن|الدائن|ايداع|مقبوض"
    ),
    "amount": (
        "net|net amount|gross amount|betrag in|montant de la transaction|valeur operation|total amount|"
        "wartosc|montant|montant mad|montant dh|montant operation|montant de l operation|amount|amount mad|"
        "amount eur|transaction amount|betrag|umsatz|bedrag|bedrag eur|importe|importo|monto|valor|somme|"
        "المبلغ|مبلغ|مبلغ العملية|belob|belopp|summa|kwota"
    ),
    "direction": (
        "indicateur|type d ecriture|sens|sens operation|d c|dc|c d|cd|debit credit|credit debit|dr cr|"
        "cr dr|af bij|soll haben|credit debit indicator|sign|signe|الاتجاه|النوع دائن مدين"
    ),
    "end_to_end": "end to end|end to end id|endtoend|endtoendid|e2e|end to end reference|kundenreferenz end to end",
    "reference": (
        "reference|ref|references|reference operation|reference de l operation|ref operation|n operation|"
        "no operation|numero operation|numero d operation|numero|num|n|no|bank reference|transaction id|"
        "transaction reference|id|n piece|num piece|numero piece|piece|cheque|n cheque|referenz|referencia|"
        "المرجع|مرجع|رقم العملية|رقم المرجع"
    ),
    "party_account": (
        "bank account|kontonummer iban|iban zahlungsbeteiligter|from account|compte tiers|"
        "compte contrepartie|compte du donneur|iban tiers|iban contrepartie|counterparty account|"
        "counterparty iban|payer account|tegenrekening|contra account|حساب الطرف"
    ),
    "party": (
        "auftraggeber zahlungsempfanger|auftraggeber empfanger|beguenstigter zahlungspflichtiger|"
        "begunstigter zahlungspflichtiger|empfanger zahlungspflichtiger|naam omschrijving|partner name|"
        "partner|client|customer|nom|nom tiers|tiers|contrepartie|donneur d ordre|donneur ordre|"
        "beneficiaire|emetteur|name|payee|payer|counterparty|counterparty name|naam|auftraggeber|"
        "naam tegenpartij|naam van de tegenpartij|nom de la contrepartie|nom contrepartie|nom du tiers|"
        "name zahlungsbeteiligter|الاسم|المستفيد|المرسل|الامر"
    ),
    "text": (
        "vorgang verwendungszweck|buchungsdetails|umsatzart|vorgang|transaction description|"
        "transaction type|libelle simplifie|informations complementaires|type operation|bezeichnung|reason|"
        "subject|vwz1|vwz2|vwz3|vwz4|vwz5|vwz6|vwz7|vwz8|vwz9|vwz10|vwz11|vwz12|vwz13|vwz14|libelle|"
        "libelles|libelle operation|libelle de l operation|libelle complementaire|intitule|description|"
        "designation|motif|nature|nature operation|nature de l operation|operation|details|detail|"
        "detail operation|communication|communications|memo|notes|note|label|narrative|particulars|"
        "transaction|transaction details|type|information|informations|observations|objet|verwendungszweck|"
        "buchungstext|omschrijving|mededelingen|mededeling|concepto|causale|descrizione|descripcion|"
        "payment reference|البيان|بيان|التفاصيل|تفاصيل|الوصف|وصف العملية|نوع العملية|ملاحظات|العملية"
    ),
    "status": "status|statut|etat|state|stand|info|الحالة",
    "currency": "devise|currency|ccy|monnaie|wahrung|waehrung|valuta code|munt|divisa|moneda|العملة|عملة",
    "account": (
        "kontonummer|numero du compte|n de compte|compte|n compte|no compte|numero de compte|numero compte|"
        "rib|iban|account|account number|konto|rekening|auftragskonto|cuenta|conto|الحساب|رقم الحساب"
    ),
    "balance": (
        "kontostand|saldo nach buchung|solde progressif|solde apres operation|solde|solde mad|solde dh|"
        "solde comptable|nouveau solde|balance|running balance|saldo|الرصيد|رصيد"
    ),
}
"""Headers by role, words separated by bars."""

GUESSES = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("balance", r"solde|saldo|balance|kontostand|رصيد"),
        ("value_date", r"(date|data|datum|fecha|dato|tag|تاريخ).*(\bval|القيمه|القيمة)|^(valeur|valuta(dat.*)?|val)$"),
        ("booked", r"\b(date|data|datum|fecha|dato)\b|(datum|dato|date|tag)\b|تاريخ"),
        (
            "party_account",
            r"(iban|rib|account|compte|konto|rekening|conto|cuenta|حساب).*"
            r"(contre|tiers|counter|tegen|partner|payer|payee|benefic|الطرف)|tegenrekening|"
            r"(contre|tiers|counter|tegen|partner|payer|payee|benefic).*(iban|rib|account|compte|konto|rekening)",
        ),
        (
            "party",
            r"contrepartie|counter ?party|tegenpartij|zahlungs(pflicht|empf)|nadawca|tiers|partner|payer|payee|"
            r"beneficiair|donneur|المستفيد|المرسل|الطرف",
        ),
        ("direction", r"debit credit|credit debit|^sens\b|af bij"),
        ("debit", r"\b(debits?|debet|debe|addebit[oi]|withdrawals?)\b|مدين|سحب"),
        ("credit", r"\b(credits?|haber|accredit[oi]|deposits?)\b|دائن|ايداع"),
        ("currency", r"devise|monnaie|currency|waluta|wahrung|waehrung|\bmunt\b|moneda|divisa|valuta|عملة|عمله"),
        ("amount", r"montant|amount|betrag|bedrag|import[eo]|belopp|belob|kwota|^value$|مبلغ"),
        ("status", r"statu[ts]|etat"),
        ("end_to_end", r"end ?to ?end"),
        ("reference", r"refere|\bref\b|مرجع"),
        ("account", r"compte|account|konto|rekening|iban|\brib\b|حساب"),
        (
            "text",
            r"libelle|descri|texte?|tekst|opis|omschrijving|mededeling|verwendung|concept|communication|"
            r"detail|memo|tytul|motif|narrative|بيان|تفاصيل|وصف",
        ),
    )
)
"""What a header that is not known word for word speaks of; the first that fits counts."""
COUNTERPART = re.compile(r"contre|tegen|counter|tiers|partner|zahlungs")
NAME = re.compile(r"\b(nom|naam|name|nazwa)\b|الاسم")

FOOTER = re.compile(
    r"\b(total|totaux|sous total|solde|soldes|ancien solde|nouveau solde|report|a reporter|balance|opening|closing|"
    r"saldo|anfangssaldo|endsaldo|kontostand|summe|carried forward|brought forward)\b|مجموع|المجموع|رصيد|الرصيد"
)
TOTAL = re.compile(
    r"(sous total|total|totaux|solde|soldes|balance|saldo|report|a reporter|مجموع|المجموع|رصيد|الرصيد)"
    r"( (au|a|le|la|de|du|des|general|generaux|mouvements?|operations?|debits?|credits?|debiteur|crediteur|periode|"
    r"comptable|jour|mois|en|mad|dhs?|العام|الحركات|في|\d+))*"
)
OPENING = re.compile(
    r"solde (initial|precedent|depart|debut|d ouverture|en debut)|ancien solde|opening|brought forward|anfangssaldo|"
    r"balance at (start|beginning)|الرصيد (السابق|الافتتاحي)"
)
CLOSING = re.compile(
    r"solde (final|fin|de cloture|actuel|en fin)|nouveau solde|closing|carried forward|endsaldo|balance at end|"
    r"الرصيد (الختامي|النهائي|الجديد)"
)
ACCOUNT_NAMED = re.compile(
    r"(?i)(?:num[eé]ro de compte|n° de compte|n° compte|compte n°|account number|kontonummer|konto)"
    r"\W{0,4}(\d[\d ]{5,30}\d)"
)
FORMULA = re.compile(r"\s*(=|[+@-]\s*[A-Za-z]+\s*[|(!])")
RETURNED = re.compile(
    r"\b(retour|retourne|retournee|rejet|rejete|rejetee|impaye|extourne|contre ?passation|returned|reversal|"
    r"ruckbuchung|rucklastschrift|storno|stornering|devolucion|ac0\d)\b|ارجاع|مرتجع|غير مؤداة"
)
"""Words of a payment that went back."""
DEBIT_WORDS = {"d", "dr", "db", "dt", "debit", "af", "soll", "s", "sortie", "مدين", "out", "dbit"}
NOT_BOOKED = frozenset(
    {"pending", "attente", "declined", "failed", "denied", "reverted", "rejete", "rejetee", "annule", "annulee"}
    | {"vorgemerkt", "refuse", "refusee", "refused", "rejected", "cancelled", "canceled", "geweigerd", "abgelehnt"}
    | {"معلقه", "معلقة", "مرفوضه", "مرفوضة", "ملغاه", "ملغاة"}
)
CREDIT_WORDS = {"c", "cr", "credit", "bij", "haben", "h", "entree", "دائن", "in", "ct", "crdt"}
