"""Words in headers, in the languages of the files that people have: what a column is for, before its values are looked at."""

import re
import unicodedata


def folded(text: str) -> str:
    """Without case and width: what headers are compared by."""
    return unicodedata.normalize("NFKC", text).casefold()


_EDGE, _END = r"(?:^|[^a-z])", r"(?:$|[^a-z])"

TIME = re.compile(
    r"date|time|stamp|recorded|horodat|last_changed|일시|일자|날짜|시각|시간|측정|검침|기간|fecha|datum|zeit|데이터|"
    r"日時|日付|年月|month|월$|^mes$|^mois$|monat|^ts$|début|debut|inicio|beginn|^von$|^from$|start|ende?$|^fin$|"
    r"period"
)
ENDS = re.compile(
    rf"{_EDGE}(end|ends|ending|ended|finish|until|to|fin|bis|ende|hasta|tot|al|a){_END}|종료|終了|まで|date_?fin|"
    r"to_?date|end_?(date|time)"
)
STARTS = re.compile(
    rf"{_EDGE}(start|starts|begin|beginning|from|since|début|debut|de|von|inicio|desde|dal|da|van|ab){_END}|시작|開始|"
    r"from_?date|start_?(date|time)"
)
UNIT = re.compile(
    r"(usage |quantity |measurement |energy )?units?( of measure(ment)?)?|uom|단위|einheit|unité|unite|unidad|unità|"
    r"eenheid|単位|unit_of_measurement"
)
IDENTITY = re.compile(
    r"direction|flow ?direction|richtung|sentido|sens|방향|구분(코드)?|"
    r""
    r"(point|series|sensor|meter|channel|tag|device|room|floor|zone|space|circuit|register|equipment|site|"
    r"property|house|home|household|apartment|apt|unit|flat|customer|user|consumer|account)([ _.-]?(id|"
    r"name|key|type|no\.?|nr|number|code|serial|mrid))?|name|quantity|variable|topic|parameter|metric|item|"
    r"portfolio manager meter id|entity_id|entity|lclid|cups|gsrn|mpan|mprn|mpr|nmi|esi ?id|ean|prm|pdl|pce|pod|"
    r"smart_?meter_?id|zählpunkt|zaehlpunkt|zählernummer|zähler|messstelle|obis|meternummer|meter-?id|contador|"
    r"contatore|compteur|matricola|serial( number)?|계기(번호|명)?|계량기(번호|명)?|고객번호|고객명|사용자번호|포인트|"
    r"센서|항목|측정항목|층|실|호실|채널|세대|동호|호|동|メーター(番号)?|計器番号|お客様番号|地点番号"
)
CODES = re.compile(
    r"(postal|post|zip|product|tariff|rate|record|error|status|area|country)[ _]?(code|type|id)?|postcode|zip|"
    r"account( ?(no|number|id))?|invoice.*|bill (no|number|id)|contract( ?(no|number|id))?|"
    r".*(codigo|código|kennung|nummer|matricule|ident(ifiant|ificador|ifier)?).*|lat(itude)?|lon(gitude)?|phone|tel|"
    rf".*{_EDGE}(id|no|nr|num|number|code|serial){_END}|.*번호|.*코드|uuid|guid|imei|mac|version"
)
NOT_READINGS = re.compile(
    r"nsm|row|index|no\.?|id|nr|#|순번|번호|연번|구분|week|week.?(number|no|status)|weekday|day.?of.?week|요일|"
    r"load.?type|holiday|휴일|season|year|month|day|hour|minute|second|quarter|년|년도|연도|월|일|시|분|hora|stunde|"
    r"heure|uur|día|dia|mes|año|ano|status|state_class|상태|quality|flag|비고|note|remarks?|comment|estimated|"
    r"real/estimado|metodo.*|method|type|typ|tariff|tou|stdortou|period|unnamed.*|배율|계기배수|배수|multiplier|"
    r"ct.?ratio|ratio ct|계기 ?배율|일수|사용일수|days|number of days|nb.?jours"
)
MONEY = re.compile(
    rf"cost|price|amount due|charge|bill amount|{_EDGE}(usd|eur|gbp|krw){_END}|[$€£₩]|요금|금액|단가|전기료|kosten|"
    r"preis|prix|coût|precio|coste|costo|importe|bedrag|料金|金額"
)
DEMAND = re.compile(
    rf"demand|peak|maximum|{_EDGE}max{_END}|최대수요|최대전력|수요전력|피크|puissance (max|atteinte)|leistung.*max|"
    r"potencia|最大需要|デマンド"
)
EXTREME = re.compile(
    rf"{_EDGE}(min|max|minimum|maximum|std|stddev|stdev|variance|최소|최대|표준편차){_END}|^(min|max)[ _]|"
    r"[ _](min|max)$"
)
MEAN = re.compile(rf"{_EDGE}(avg|average|mean|moyenne|mittel(wert)?|media|평균){_END}")
DAILY = re.compile(rf"{_EDGE}(today|daily|day){_END}|오늘|금일|일일|heute|aujourd|hoy|oggi|vandaag|今日|本日")
STAND_BEFORE = re.compile(
    r"전월.?지침|전회.?지침|이전.?지침|previous.?read|prior.?read|ancien.?index|stand.?alt|zählerstand.?alt|"
    r"lectura.?anterior|lettura.?prec|vorige.?stand|前回指針|opening.?read|start.?read"
)
STAND_AFTER = re.compile(
    r"당월.?지침|금회.?지침|현재.?지침|current.?read|present.?read|nouvel.?index|stand.?neu|zählerstand.?neu|"
    r"lectura.?actual|lettura.?att|huidige.?stand|今回指針|closing.?read|end.?read"
)
MULTIPLIER = re.compile(r"배율|계기 ?배수|배수|계기 ?배율|(meter )?multiplier|(ct|transformer).?ratio|ratio ct|乗率")
SURE_REGISTER = re.compile(
    r"ytd|year.to.date|누계|"
    r"(?:^|[^\d.])[12]\.8\.\d|"
    r"cumul|lifetime|life.?time|register|odometer|zählerstand|zaehlerstand|meterstand|지침|누적|적산|積算|指針|累積|"
    rf"{_EDGE}(stand|kwh.?total|total.?(energy|import|export|kwh|consumption|production|delivered)){_END}|"
    r"index (début|debut|fin|hp|hc|base)|total_increasing|aenergy|relevé d.?index|dump.?energy|"
    r"lectura (del )?contador|lettura contatore"
)
REGISTER = re.compile(
    rf"total|meter.?reading|{_EDGE}readings?{_END}|{_EDGE}index{_END}|검침|계량값|lectura|lettura|relevé|standen|zähler"
)
AMOUNT = re.compile(
    rf"usage|{_EDGE}use{_END}|consum|{_EDGE}cons{_END}|interval|delta|{_EDGE}dif|사용량|사용전력량|소비량|소비전력량|"
    rf"verbrauch|verbruik|conso|使用量|消費量|per (half.?)?hour|/hh|billed|quantity|kwh/h|{_EDGE}(hourly|monthly){_END}"
)
EXPORT = re.compile(
    rf"vertid|energiavertida|saliente|{_EDGE}dod[aá]vk|oddan|inje[cç][aã]o|上网|teruglever|ausspeis|{_EDGE}lever(ing)? terug|outgoing|"
    rf"(?:^|\s)-a(?![a-z])|{_EDGE}a-(?!\w)|wirkenergie -|"
    rf"(?:^|[^\d.])2\.(?:8|29|7)\.\d|{_EDGE}lieferung|"
    rf"export|feed.?in|fed.?in|inject|surplus|exced|einspeis|retour|teruglever|{_EDGE}sold{_END}|to.?grid|return|"
    rf"received|송전|역송|판매|잉여|immissione|immessa|vertid|売電|逆潮|production_?2|{_EDGE}b\d{_END}.*export"
)
GENERATION = re.compile(
    rf"tootmi|produkt|tuotan|generad|autoconsum|vyroben|wyprodukow|발전|"
    rf"solar|{_EDGE}pv{_END}|generat|produc|{_EDGE}yield|photovolt|inverter|erzeug|opwek|발전|태양광|"
    rf"{_EDGE}wind(park|turbine){_END}|太陽光|発電|fotovolt"
)
STORAGE = re.compile(
    rf"battery|batterie|storage|{_EDGE}(ess|bess){_END}|discharg|{_EDGE}charg(e|ing){_END}.*batt|배터리|저장|축전|蓄電"
)
MAINS = re.compile(
    rf"{_EDGE}mains(?![a-z])|{_EDGE}main(?! ?(building|hall|house|block|street|st))(?![a-z])|"
    rf"{_EDGE}(total|whole|grid|net|import|incom(er|ing)|bezug|netz|afname|soutirage)(?![a-z])|수전|메인|전체|합계|"
    rf"{_EDGE}총|인입|買電|受電|全体|合計"
)
PARTS_TOTAL = re.compile(rf"{_EDGE}(total|sum|sub.?total|gesamt|totale?|suma|somme){_END}|합계|소계|총계|전체|合計|計$")


def says(pattern: re.Pattern[str], column: str) -> bool:
    """Whether the words stand anywhere in a header."""
    return pattern.search(folded(column)) is not None


def is_called(pattern: re.Pattern[str], column: str) -> bool:
    """Whether a header is those words and nothing else."""
    return pattern.fullmatch(folded(column).strip()) is not None


def is_unit_column(column: str) -> bool:
    """Whether a column names the unit of its row."""
    return is_called(UNIT, column)


QUALITY = re.compile(
    r"quality( ?(flag|code|method))?|(data )?status( ?code)?|read(ing)?[ _]?(type|quality|status)|flag|real/estimado|"
    r"metodo_?obtencion|estimated|is_estimated|actual/estimated|actual or estimate|type of read|상태|품질|검침구분|"
    r"qualität|qualité|calidad|ersatzwert"
)
ESTIMATED = re.compile(r"e|est|estim.*|geschätzt|ersatzwert|substitut.*|추정.*|보정.*|[efs]\d\d|projected|calculated")
"""What a reading is called that was not measured, but put in by the utility."""

PLAN = re.compile(
    rf"forecast|predict|projected|budget|baseline|target|planned|{_EDGE}(limit|set ?point|rated|nominal){_END}|"
    r"contract(ed)?.?(power|demand|cap)|"
    rf"last.?(year|month|week)|previous.?(year|month|week|period)|prior.?year|{_EDGE}(saved|savings?|avoided|losses){_END}|"
    r"state.?of.?charge|(?:^|[^a-z])soc(?![a-z])|weather.?corrected|normali[sz]ed|adjusted|of which|renewable|per.?(m2|m²|capita|person)|"
    r"wh ?/ ?m(2|²)|m2당|예상|예측|목표|계획|전년|전월.?사용|전주|증감|절감|손실|계약전력|정격|설정|prognose|vorjahr|soll|"
    r"prévision|objectif|n-1|previsi|objetivo|año anterior|予測|目標|前年|計画|(7|30).?day.?(avg|average|mean)"
)
"""What was planned, promised, rated or reckoned from readings, and is none itself."""
STATISTIC = re.compile(rf"{_EDGE}(avg|average|mean|moyenne|mittel(wert)?|rolling|moving|last 24 ?h){_END}|평균|이동")
"""Of an energy: what was reckoned over several intervals, so that it adds up to nothing."""
SCALED = re.compile(
    r"(?:^|[\[(x×*·:])\s*(?:10+|1[.,]?000|0[.,]\d+)\s*(?:[x×*]\s*)?[kmg]?(?:wh|w|m3|j|btu)(?![a-z])|"
    r"(?:wh|w|m3|j)\s*[x×*]\s*\d|thousands?(?! ?-?(?:watt|btu|cubic|gal|us))(?: of)?|"
    r"millions?(?! ?-?(?:watt|btu|cubic|gal))(?: of)?|천\s*k?(?:wh|㎥|m3)|[만백]\s*k?wh|万\s*k?wh|\bimp\b|imp/|pulses?|펄스"
)
"""Multiples and parts of a unit, and counts of pulses: no unit says how much they are."""
STAND = re.compile(
    rf"meter.?reading|{_EDGE}(reading|index|stand){_END}|검침|계량값|lectura|lettura|relevé|stand$|ytd|year.to.date|누계"
)
"""Words of a counter's stand, without those that a sum may have as well."""
