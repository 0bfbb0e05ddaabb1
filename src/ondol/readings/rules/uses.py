"""What a meter is to its building's use, by words in the languages of its devices: drawn, fed in, made, of an appliance, or none at all.

Only what is drawn adds up to the use. What names tell apart here never does so by itself.
"""

import re
from functools import lru_cache

from ondol.readings.rules.words import words_of
from ondol.sites.model import PointRole

EXPORT = re.compile(
    r"\be[xk]s?port|\bret\b|\breturn(ed|s)?\b|\bfeed ?in|\bfed (in|into)\b|\bfeed to grid|"
    r"\bto (the )?(grid|net|netz)\b|\b(re)?inject|\binyec|"
    r"\bsold\b|\bsell|\bsurplus|\breverse (active )?(energy|power)|"
    r"einspeis|ruckspeis|rueckspeis|ruckliefer|rueckliefer|verkauf|verkoop|netzlieferung|teruglever|\bterug\b|teruggelever|"
    r"\bretour|naar net\b|\bvers reseau|"
    r"\bvertid|\bvertimiento|\bexcedent|\bimmission|\bimmessa|\bceduta|"
    r"\binmat(ning|ad)|\binnmat|\boverskudd?|\boverskott|\bsolgt|\bsald\b|\bleveret til net|\btil nettet|\btill natet|"
    r"\b(e|energy|power|total|kwh|wh) out\b|\b2 8 \d\b|역송|역조류|수출|송전|판매|잉여|売電|逆潮|余剰"
)
IMPORT = re.compile(
    r"\bimport|\bfrom (the )?(grid|net|netz)\b|\bgrid to (home|house|load)|netzbezug|\bbezug|afname|\bsoutir|\bprelev|\bprelievo|"
    r"\bpurchased|\bbought|\b1 8 \d\b|買電|受電|수전"
)
"""What is drawn from the grid."""
_GRID = re.compile(r"\bgrid\b|netz|\bnet\b|\breseau|\brete\b|수전|受電|買電")
GENERATION = re.compile(
    r"\bsolar|\bpv\b|\bphotovolt|\bfotovolt|generation|\bgenerated|\bgenerator|\bproduction(?! (line|hall|floor|area|plant|room))|"
    r"\bproduced|\byield|inverter|erzeug|\bwechselrichter|opwek|opgewekt|geproduceerd|produziert|\bproduit|\bproduzid|opbrengst|zonne|omvormer|\bonduleur|\bproduzion|\bprodotta|\bproduccion|"
    r"\bproducida|produktion(?! ?(s ?linie|s ?halle))|produksjon|\bbhkw|발전|태양광|太陽光|発電"
)
NEVER = re.compile(
    r"\bdemand|\bcontract(ed|ual)?\b|\brated\b|\brating|\bnominal|\bnameplate|\blimit(s|er|ing)?\b|\bset ?point|\bthreshold|\bcapacity|"
    r"\b(max|maximum|min(?<!\d min)|minimum)\b|\bpeak (power|load|watts?|kw|w)\b|\bpower (peak|max)|\bhighest|\blowest|"
    r"\bbudget|forecast|predict|prognos|prognose|vorhersage|voorspel|verwacht|\bprevis|\bprevu|\bpronostic|\bestimat|\bexpected|"
    r"\bplanned|\btarget|\bgoal\b|\bbaseline|"
    r"\b(last|past|next|coming) (period|hour|day|night|week|month|quarter|year|\d+)|\b(previous|prior|prev)\b|\btomorrow|"
    r"\byesterday|\bgestern|\bgisteren|\bhier$|\bayer\b|\bieri\b|\bigar\b|\bvor(monat|tag|jahr)|\bletzte|\bvorige|\bdernier|"
    r"\bsaved\b|\bsavings?\b|\bavoided|\bgespart|\beinsparung|\bbespaar|\bcosts?\b|\bprices?\b|\bkosten|\bpreis\b|\bcout|"
    r"\btrip\b|\bdriving\b|\b(car|vehicle) (energy|consumption|usage)|"
    r"\benergy (added|remaining|left)\b|\bremaining\b|남은|\bregen|\brecuperat|"
    r"최대(?!부하)|피크전력|수요전력|계약|정격|상한|하한|목표|예측|예상|지난|전월|전일|전년|어제|작년|내일|절감|예산|요금|"
    r"最大|需要|デマンド|契約|定格|目標|予測|予想|前月|前日|昨日|昨年|予算|料金"
)
"""Values that nobody draws: limits, demand, plans, what is past already, what a car used on its way."""
HEAT_METER = re.compile(
    r"warmtemeter|stadswarmte|stadsverwarming|warmemenge|waermemenge|\bfernwarme|\bfernwaerme|fjarrvarme|fjernvarme|kaukolampo|"
    r"\bheat quantity|\bdistrict heat|\bcompteur (de )?chaleur|\bteleriscaldamento|열량계|지역난방|"
    r"\b(dhw|hot water|warm ?water|warmwasser|heating|thermal|heat)\b.*\b(produced|production|output|generated|yield)|"
    r"\b(produced|production|output|generated|yield)\b.*\b(dhw|hot water|warm ?water|warmwasser|heating|thermal|heat)\b"
)
MAYBE_HEAT = re.compile(
    r"\bdhw\b|\bw?m ?bus\b|\bmultical|\bkamstrup|\bsharky|\bultraheat|\bwarm(te|e)\b|\bchauffage|"
    r"\btherm(i|al)|\btermic|gasverbr|\bgaz\b|"
    r"gaszahler|gaszaehler|gasmeter|\bwasser|warmwasser|watermeter|\beau\b|\bfuel|\bpellet|\bpropan|\blpg\b|\bdiesel|"
    r"\bheizol|\bheizoel|\boil\b|\bsteam|\bdampf|연료|등유|경유|증기"
)
"""What flows there may be no electricity."""
THERMAL_NEIGHBOURS = re.compile(
    r"\b(flow|return|supply|inlet|outlet|forward|vorlauf|rucklauf|aanvoer|retour|환수|공급)\w* ?(line )?(temp\w*|t|온도)\b|"
    r"\b(volume|volume flow|delta t|temperature difference|temp diff|유량)\b"
)
"""Fields of a heat meter beside its energy."""
APPLIANCE = re.compile(
    r"\bfridge|\bfreezer|\brefrigerat|\bwash(ing|er)\b|\bwashing ?machine|\bdryer|\bdish ?washer|\bev\b|\bcharger|\bwall ?box|\bcharging|"
    r"\bplug\d*\b|\bsmart ?plug|\bsocket|\boven\b|\bstove|\bcook(er|top)|\bmicrowave|\bkettle|\bcoffee|\btv\b|\btelevision|\bair ?con\w*|"
    r"\bhvac|\bheat ?pump|\bwater heater|\bboiler|\bheater|\blamp|\blights?\b|\bpump\b|\bfan\b|\belevator|"
    r"\bwaschmaschine|\bkuhlschrank|\bkuehlschrank|\btrockner|\bspulmaschine|\bspuelmaschine|\bsteckdose|\bherd\b|\bbackofen|\bladestation|"
    r"\bwarmepumpe|\bwaermepumpe|\bvaatwasser|\bwasmachine|\bkoelkast|\bdroger|\bstekker|\blaadpaal|\bwarmtepomp|"
    r"\blave (linge|vaisselle)|\bseche linge|\bfrigo|\bprise\b|\blavadora|\bnevera|\blavatrice|"
    r"냉장고|냉동고|세탁기|건조기|식기세척기|에어컨|충전기|콘센트|플러그|오븐|전자레인지|히터|조명|엘리베이터|승강기|冷蔵庫|洗濯機|エアコン|コンセント"
)
MAINS = re.compile(
    r"\bsmart ?meter|\bmains?\b(?! (building|hall|house|block|street|room|bedroom|kitchen))|\bgrid\b|\butility|\bdsmr|\bp1\b|"
    r"\b(house|home|building|whole house|whole home) (total|energy|power|meter|consumption|usage|load)|\bincom(er|ing)|"
    r"netz|\bbezug|afname|\bsoutir|買電|\bhauptzahler|\bstromzahler|\bzahler\b|\bzaehler\b|\bstromzaehler|\bhauptzaehler|"
    r"\bslimme ?meter|\bcompteur|\blinky|"
    r"\bcontador|\bcontatore|\belmatare|\bstrommaler|수전|메인|인입|한전|주계량|受電|主幹"
)
HOUSE_LOAD = re.compile(
    r"\b(house|home|building|site|household|haus|huis|maison) ?(consumption|load|usage|verbrauch|verbruik|demand)|\bhausverbrauch|"
    r"\bload (power|energy|consumption)|\bconsumption (power )?house|\b(self|own) ?consum|\beigenverbrauch|\beigenverbruik"
)
"""What a house takes from grid, roof and battery together: more than what the grid gave, which it contains."""
NET = re.compile(r"\bnet(to)? (energy|power|consumption|usage)|\b(energy|power) net(to)?\b|\bsaldo|순전력|순사용")
"""What was drawn less what was fed in."""
WHOLE_HOUSE = re.compile(
    rf"{HOUSE_LOAD.pattern}|\b(house|home|household) (total |electric |active )?(energy|power|meter)\b"
)
"""The same where a meter of what the grid gives stands beside it."""


def spoken(text: str) -> str:
    """The words of a text in the form that the tables here are searched in."""
    return " ".join(words_of(text))


@lru_cache(4096)
def is_beside_heat(field: str) -> bool:
    """Whether a field is one that stands beside the energy of a heat meter: the temperature of its flow, its volume."""
    return THERMAL_NEIGHBOURS.search(spoken(field)) is not None


@lru_cache(4096)
def role_of(narrow: tuple[str, ...], wide: tuple[str, ...]) -> PointRole | None:
    """The role that spoken words tell, MAIN where they tell none, and None where they contradict each other and somebody has to say.

    `narrow` says what the value is, the most telling part first; `wide` is whatever else stands around it.
    """
    if any(NEVER.search(text) for text in narrow):
        return PointRole.CHECK
    everything = " | ".join([*narrow, *wide])
    exports, imports = EXPORT.search(everything), IMPORT.search(everything)
    if exports and imports:
        both = [(EXPORT.search(text), IMPORT.search(text)) for text in narrow]
        first = next(((out, drawn) for out, drawn in both if out or drawn), None)
        if first is None or all(first):
            return None
        exports, imports = first
    if exports:
        return PointRole.EXPORT
    if GENERATION.search(everything):
        if not imports:
            return PointRole.GENERATION
        return PointRole.MAIN if _GRID.search(everything) else None
    return PointRole.MAIN
