"""Header words of bank tables: Arabic, French, English, German, Dutch, Spanish, Italian and neighbours.

Compared without accents, signs and capitals (``columns.header_word``); the more exact roles come first.
"""

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
        "dates|jour|day|started date|completed date|تاريخ العملية|تاريخ المعاملة|تاريخ الحركة|التاريخ|تاريخ|"
        "transactiedatum|kontoudtog dato|dato|date d execution|execution date"
    ),
    "debit": (
        "debit|debits|debit mad|debit dh|montant debit|montant au debit|mouvement debit|debit amount|"
        "withdrawal|withdrawals|withdrawal amount|paid out|money out|sortie|sorties|depense|depenses|retrait|"
        "soll|af|cargo|dare|uscite|مدين|المدين|سحب|مصروف"
    ),
    "credit": (
        "credit|credits|credit mad|credit dh|montant credit|montant au credit|mouvement credit|credit amount|"
        "deposit|deposits|deposit amount|paid in|money in|entree|entrees|recette|recettes|versement|haben|"
        "bij|abono|avere|entrate|دائن|الدائن|ايداع|مقبوض"
    ),
    "amount": (
        "montant|montant mad|montant dh|montant operation|montant de l operation|amount|amount mad|"
        "amount eur|transaction amount|betrag|umsatz|bedrag|bedrag eur|importe|importo|monto|valor|somme|"
        "المبلغ|مبلغ|مبلغ العملية|belob|belopp|summa|kwota"
    ),
    "direction": (
        "sens|sens operation|d c|dc|c d|cd|debit credit|credit debit|dr cr|cr dr|af bij|soll haben|"
        "credit debit indicator|sign|signe|الاتجاه|النوع دائن مدين"
    ),
    "end_to_end": "end to end|end to end id|endtoend|endtoendid|e2e|end to end reference|kundenreferenz end to end",
    "reference": (
        "reference|ref|references|reference operation|reference de l operation|ref operation|n operation|"
        "no operation|numero operation|numero d operation|numero|num|n|no|bank reference|transaction id|"
        "transaction reference|id|n piece|num piece|numero piece|piece|cheque|n cheque|referenz|referencia|"
        "المرجع|مرجع|رقم العملية|رقم المرجع"
    ),
    "party_account": (
        "compte tiers|compte contrepartie|compte du donneur|iban tiers|iban contrepartie|"
        "counterparty account|counterparty iban|payer account|kontonummer iban|tegenrekening|contra account|"
        "حساب الطرف"
    ),
    "party": (
        "nom|nom tiers|tiers|contrepartie|donneur d ordre|donneur ordre|beneficiaire|emetteur|name|payee|"
        "payer|counterparty|counterparty name|naam|auftraggeber|beguenstigter zahlungspflichtiger|"
        "name zahlungsbeteiligter|الاسم|المستفيد|المرسل|الامر"
    ),
    "text": (
        "libelle|libelles|libelle operation|libelle de l operation|libelle complementaire|intitule|"
        "description|designation|motif|nature|nature operation|nature de l operation|operation|details|"
        "detail|detail operation|communication|communications|memo|notes|note|label|narrative|particulars|"
        "transaction|transaction details|type|information|informations|observations|objet|verwendungszweck|"
        "buchungstext|omschrijving|mededelingen|mededeling|concepto|causale|descrizione|descripcion|"
        "payment reference|البيان|بيان|التفاصيل|تفاصيل|الوصف|وصف العملية|نوع العملية|ملاحظات|العملية"
    ),
    "currency": "devise|currency|ccy|monnaie|wahrung|waehrung|valuta code|munt|divisa|moneda|العملة|عملة",
    "account": (
        "compte|n compte|no compte|numero de compte|numero compte|rib|iban|account|account number|konto|"
        "rekening|auftragskonto|cuenta|conto|الحساب|رقم الحساب"
    ),
    "balance": "solde|solde mad|solde dh|solde comptable|nouveau solde|balance|running balance|saldo|الرصيد|رصيد",
}
"""By role, words separated by bars."""
