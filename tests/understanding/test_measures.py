"""Numbers patients write, each with what must and what must not be read out of it."""

from __future__ import annotations

import time

import pytest

from bot.understanding import measures

SIZES = [
    ("the thing that came out is 5mm long", [5]),
    ("its about 5 mm", [5]),
    ("i measured it and it's 5 mil", [5]),
    ("roughly 5 m.m. in length", [5]),
    ("It measured five millimeters end to end", [5]),
    ("it is six millimetres long", [6]),
    ("around 0.5 cm", [5]),
    ("maybe .5cm long", [5]),
    ("1.2cm screw", [12]),
    ("one and a half centimeters long", [15]),
    ("1 1/2 cm", [15]),
    ("The screw is 1/4 inch long", [6.35]),
    ('a 3/8" long metal piece', [9.53]),
    ("half an inch", [12.7]),
    ("it is a half inch long", [12.7]),
    ("a quarter of an inch or so", [6.35]),
    ("about a quarter inch", [6.35]),
    ("three eighths of an inch", [9.53]),
    ("½ inch", [12.7]),
    ("it's .25 inches", [6.35]),
    ("7/16 inch", [11.11]),
    ("about an inch long", [25.4]),
    ("1/4 in long", [6.35]),
    ("about 4 or 5 mm", [4.5]),
    ("4-5mm", [4.5]),
    ("between 4 and 5 mm", [4.5]),
    ("somewhere from 8 to 10 mm", [9]),
    ("3mm-4mm", [3.5]),
    ("5 mm or 6 mm, hard to tell", [5.5]),
    ("a mm or two", [1.5]),
    ("a couple of millimeters", [2]),
    ("a few mm long", [3]),
    ("it's a 4 x 11 implant", [11]),
    ("4mm by 11mm", [11]),
    ("the box said 4.1mm x 10mm implant", []),
    ("less than 10 mm", [10]),
    ("it is under 5mm for sure", [5]),
    ("more than half an inch", [12.7]),
    ("it came out of my gum, 5 mm long with grooves", [5]),
    ("it fell out of my gum about 6 mm long", [6]),
    ("a 7mm metal thing with threads", [7]),
    ("5mm,with a flat head", [5]),
    ("found a screw.5mm long", [5]),
    ("(5 mm) and silver", [5]),
    ("10 mm long and 4 mm wide", [10]),
    ("the round top is 5 mm across", [5]),
    ("it is the size of a grain of rice", [6.5]),
    ("looks like a grain of rice", [6.5]),
    ("about the length of a grain of rice", [6.5]),
    ("as big as a pea", [7]),
    ("it's pea sized", [7]),
    ("a pea-size metal cap", [7]),
    ("no bigger than a pea", [7]),
    ("smaller than a dime", [17.91]),
    ("the size of a dime", [17.91]),
    ("about half a dime", [9]),
    ("half the size of a dime", [9]),
    ("as thick as a dime", [1.35]),
    ("as big as a nickel", [21.21]),
    ("the size of a quarter", [24.26]),
    ("penny sized piece of porcelain", [19.05]),
    ("as wide as a pencil eraser", [6]),
    ("half the size of a pencil eraser", [3]),
    ("smaller than my nail, maybe 3/16 of an inch", [4.76]),
    ("Lost a tiny screw, like 2mm x 5mm", [5]),
    ("1cm long by 3mm wide with spiral threads", [10]),
    ("tiny like a sesame seed", [2.5]),
    ("the size of a lentil", [5]),
    ("the size of a peppercorn", [4.5]),
    ("smaller than a raisin", [12]),
    ("like a kernel of corn", [8]),
]

WIDTHS = [
    ("2 mm wide", [2]),
    ("the threads are about 2mm thick", [2]),
    ("10 mm long and 4 mm wide", [4]),
    ("9mm long 2mm across", [2]),
    ("4 x 11 mm screw", [4]),
    ("it is 3.5 mm in width and 10 mm long", [3.5]),
    ("5 mm long", []),
]

NO_SIZE = [
    "I took 800 mg of ibuprofen",
    "500mg amoxicillin three times a day",
    "they torqued it to 35 ncm",
    "tooth number 8 hurts",
    "tooth #14 is loose",
    "I have 4 implants and 2 screws came out",
    "it cost me 5000 dollars",
    "surgery was 10/12/2023",
    "call me at 555 0142",
    "it started at 5",
    "he measured a 6 mm pocket",
    "pockets of 5 to 6 mm",
    "5 mm of bone loss on the xray",
    "there is a gap of 2 mm",
    "3 mm of gum is covering it",
    "about 6 mm of swelling",
    "I can only open 20 mm",
    "my mouth opens 20 mm",
    "I have a lump the size of a pea on my gum",
    "there is a 3 mm hole where it was",
    "hole the size of a pencil eraser",
    "a blood clot the size of a quarter",
    "I have a nickel allergy",
    "allergic to nickel since childhood",
    "can I eat foods like rice and peas",
    "the bone is 5 mm wide there",
    "4 x 500 mg a day",
    "2 x 4 hours",
    "the gum receded 2 mm",
    "swelling about 2 inches wide",
    "5",
    "about 5",
    "4 in the front and 2 in the back",
    "a 2 mm gap between the crown and gum",
    "it was 5 million dollars lol",
    "my blood pressure is 120 mmHg",
    "about a quarter of the denture broke",
    "he said it went 2 mm too deep",
    "can't open more than 2 fingers, maybe 25 mm",
    "is 5mm of recession bad",
    "a dime sized white patch on my gum",
    "my finger (about 1cm) between my teeth",
    "dentist said I have 4mm of bone left",
    "a chunk the size of a pea of something soft",
]

COUNTS = [
    ("2 screws came out", [2]),
    ("both screws fell out last night", [2]),
    ("two of my implants came out", [2]),
    ("one of my implants came out", [1]),
    ("they both came out", [2]),
    ("all 4 implants fell out", [4]),
    ("I had 2 screws that came out", [2]),
    ("it's the 2 shorter screws that came out", [2]),
    ("the ones (2) that came out", [2]),
    ("I had 4 implants placed and 1 came out", [1]),
    ("had four put in, two fell out", [2]),
    ("I lost both caps", [2]),
    ("a couple of screws came out", [2]),
    ("my screw came out", []),
    ("day 2 my screw came out", []),
    ("2 weeks after my implant came out", []),
    ("this one came out", []),
    ("3 of 4 implants fell out", [3]),
    ("couple screws fell out of my denture", [2]),
    ("2 out of my 6 implants came out", [2]),
    ("no one came out to see me", []),
    ("I had 4 implants placed", []),
]

FEVERS = [
    ("fever of 101.5", [38.61]),
    ("my temp is 102", [38.89]),
    ("temp of 102 since last night", [38.89]),
    ("running a 101", [38.33]),
    ("38.4", [38.4]),
    ("temperature 38.5C", [38.5]),
    ("my temperature was 37.9 this morning", [37.9]),
    ("99.8 F", [37.67]),
    ("99.8F", [37.67]),
    ("100.4 degrees", [38.0]),
    ("a 103 degree fever", [39.44]),
    ("103 degrees", [39.44]),
    ("fever is a hundred and one", [38.33]),
    ("a hundred and one fever", [38.33]),
    ("one oh one point? no, fever of one oh one", [38.33]),
    ("it's 101.2 and I have chills", [38.44]),
    ("fever between 100 and 101", [38.06]),
    ("101-102 fever", [38.61]),
    ("Temp: 38.2", [38.2]),
    ("39°C", [39]),
    ("102°", [38.89]),
    ("thermometer says 100.9", [38.28]),
    ("fever got up to 101.3 last night", [38.5]),
    ("my temp was normal", []),
    ("fever for 3 days", []),
    ("I'm 38 and I have a fever", []),
    ("the implant is angled 40 degrees", []),
    ("it cost 101.50 dollars", []),
    ("fever since 10/3", []),
    ("I'm 38 weeks pregnant with a fever", []),
    ("70F with a fever", []),
    ("fever, took 100 mg", []),
    ("tooth 36 hurts and fever", []),
]

SEVERITIES = [
    ("pain is 8/10", [8]),
    ("8 out of 10 pain", [8]),
    ("I'd say the pain is an eight", [8]),
    ("pain level 7", [7]),
    ("my pain is at a 6", [6]),
    ("pain level is 7 right now", [7]),
    ("level 7 pain", [7]),
    ("on a scale of 1-10 it's a 9", [9]),
    ("pain scale 1 to 10 I'd say 8", [8]),
    ("7-8/10 pain", [7.5]),
    ("8.5/10", [8.5]),
    ("10/10 pain", [10]),
    ("I'd rate it a 4", [4]),
    ("eight out of ten", [8]),
    ("hurts like a 6 out of 10", [6]),
    ("pain was 8/10 now 3/10", [8, 3]),
    ("worst pain of my life", ["severe"]),
    ("the worst toothache I have ever had", ["severe"]),
    ("worst pain ever", ["severe"]),
    ("excruciating pain", ["severe"]),
    ("it is unbearable", ["severe"]),
    ("severe pain", ["severe"]),
    ("terrible throbbing pain", ["severe"]),
    ("horrible jaw pain", ["severe"]),
    ("really bad pain", ["severe"]),
    ("it hurts so bad", ["severe"]),
    ("hurting really bad", ["severe"]),
    ("hurts like hell", ["severe"]),
    ("pain is intense", ["severe"]),
    ("pain has been really bad", ["severe"]),
    ("extremely sore", ["severe"]),
    ("moderate pain", ["moderate"]),
    ("mild ache", ["mild"]),
    ("a little pain", ["mild"]),
    ("slight soreness", ["mild"]),
    ("it hurts a little", ["mild"]),
    ("a bit sore", ["mild"]),
    ("slightly sore", ["mild"]),
    ("minor discomfort", ["mild"]),
    ("the pain is not too bad", ["mild"]),
    ("my gum is sore", []),
    ("not in severe pain just mild soreness", ["severe", "mild"]),
    ("it hurts, but only a little", ["mild"]),
    ("surgery 6/10, stitches out 6/17", []),
    ("it's an 8 or 9 when the pain meds wear off", []),
    ("pain maybe a 5", [5]),
    ("pain's a solid 7", [7]),
    ("on a pain scale of ten it's a nine", [9]),
    ("a lot of pain", ["severe"]),
    ("pain was an 8 yesterday, today it's gone", [8]),
    ("bad taste and some pain", []),
    ("severe swelling", []),
    ("terrible service", []),
    ("on 8/10 the pain started", []),
    ("8 out of 10 dentists agree", []),
    ("pain in 2 implants", []),
    ("pain for 3 days", []),
    ("pain started at 5", []),
    ("pain after 2 hours", []),
    ("took 4 advil for the pain", []),
    ("a little swelling", []),
    ("5/10/2023 surgery, pain now", []),
]

AGES = [
    ("I am 70", [70]),
    ("I'm now 70.", [70]),
    ("im 61 yo and diabetic", [61]),
    ("I'm 45 years old", [45]),
    ("she is only 16", [16]),
    ("my 16 year old daughter", [16]),
    ("my 9-year-old", [9]),
    ("62 y/o male", [62]),
    ("34yo", [34]),
    ("70F, implant placed in May", [70]),
    ("aged 50", [50]),
    ("age: 58", [58]),
    ("my dad is 82 and had an implant", [82]),
    ("my mother, 79, lost her cap", [79]),
    ("I'm a 45 year old with implants", [45]),
    ("I am seventy two", [72]),
    ("I just turned 60", [60]),
    ("I'm in my 60s", [65]),
    ("woman in her early 40s", [42]),
    ("I am in my late fifties", [58]),
    ("at 72 am I too old for this", [72]),
    ("15 years old implant", []),
    ("It's 15 years old the implant", []),
    ("the implant is 15 years old", []),
    ("my crown is 5 yrs old", []),
    ("nickel allergy since my 20's", []),
    ("when I was 20 years old I lost a tooth", []),
    ("I'm 5 weeks post op", []),
    ("I am 8 months pregnant", []),
    ("I'm 3 days out", []),
    ("I am one of those people", []),
    ("I'm 100% sure", []),
    ("I'm 6 foot", []),
    ("placed 15 years ago", []),
    ("at age 35 I lost my front tooth", []),
    ("me 55 m", [55]),
    ("My husband (67) had 3 implants", [67]),
    ("my son (14) broke his tooth", [14]),
    ("My wife (she's 61) swallowed it", [61]),
    ("i'm 29 and 6 weeks pregnant", [29]),
    ("I am 2 weeks in", []),
    ("I'm 10 out of 10 worried", []),
]

TEETH = [
    ("tooth #8", ["tooth 8"]),
    ("tooth number 8 implant", ["tooth 8"]),
    ("tooth 8 is loose", ["tooth 8"]),
    ("number 14 tooth", ["tooth 14"]),
    ("#30 implant came out", ["tooth 30"]),
    ("implant at #19", ["tooth 19"]),
    ("implant #30", ["tooth 30"]),
    ("it is number 8", ["tooth 8"]),
    ("teeth 8 and 9", ["tooth 8", "tooth 9"]),
    ("teeth #18, 19 and 20", ["tooth 18", "tooth 19", "tooth 20"]),
    ("#3 and #4", ["tooth 3", "tooth 4"]),
    ("tooth no. 12", ["tooth 12"]),
    ("tooth 46", ["tooth 46"]),
    ("lost a tooth 4 weeks ago", []),
    ("#7-#10 bridge", ["tooth 7", "tooth 10"]),
    ("my lower left implant, number 19, is loose", ["tooth 19"]),
    ("pulled the tooth 2 days before", []),
    ("implant #2", []),
    ("question #2", []),
    ("my #1 concern", []),
    ("my phone number 5", []),
    ("number one dentist", []),
    ("#metoo", []),
    ("tooth 55", []),
    ("room number 12", []),
]


def values(name: str, text: str) -> list[object]:
    found = [finding for finding in measures.find(text) if finding.name == name]
    for finding in found:
        assert text[finding.start : finding.end] == finding.text
        assert finding.text
    return [finding.value for finding in found]


def rows(name: str, table: list[tuple[str, list[object]]]) -> list[tuple[str, str, list[object]]]:
    return [(name, text, expected) for text, expected in table]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        *rows("part_size_mm", SIZES),
        *rows("part_size_mm", [(text, []) for text in NO_SIZE]),
        *rows("thread_width_mm", WIDTHS),
        *rows("count", COUNTS),
        *rows("fever_c", FEVERS),
        *rows("pain_severity", SEVERITIES),
        *rows("age", AGES),
        *rows("tooth_location", TEETH),
    ],
)
def test_reads(name: str, text: str, expected: list[object]) -> None:
    found = values(name, text)
    assert len(found) == len(expected), found
    for got, wanted in zip(found, expected):
        assert got == (wanted if isinstance(wanted, str) else pytest.approx(wanted, abs=0.01))


@pytest.mark.parametrize(
    ("text", "attributes", "uncertain"),
    [
        ("less than 10 mm", {"bound": "max"}, True),
        ("at least 10 mm", {"bound": "min"}, True),
        ("4-5mm", {"low": 4, "high": 5}, False),
        ("the size of a pea", {"low": 5, "high": 9}, False),
        ("no bigger than a pea", {"low": 5, "high": 9, "bound": "max"}, True),
        ("bigger than a dime", {"bound": "min"}, True),
        ("half a dime", {"low": 7, "high": 11}, False),
        ("5 mm", {}, False),
    ],
)
def test_size_tells_how_it_was_said(text: str, attributes: dict[str, object], uncertain: bool) -> None:
    (finding,) = (f for f in measures.find(text) if f.name == "part_size_mm")
    assert dict(finding.attributes) == attributes
    assert finding.uncertain is uncertain


def test_capitals_change_nothing() -> None:
    text = "MY TEMP IS 101.5 AND THE SCREW IS 5 MM LONG, PAIN 8/10, TOOTH #8"
    lower = {(f.name, f.value) for f in measures.find(text.lower())}
    assert lower == {(f.name, f.value) for f in measures.find(text)}
    assert {name for name, _ in lower} == {"fever_c", "part_size_mm", "pain_severity", "tooth_location"}


@pytest.mark.parametrize(
    "unit", ["5 ", "5/10 ", "1,", "4 x 5 ", "#1 ", "a ", "pain is ", "bad ", '5" ', "size of a ", "I'm 7 "]
)
def test_long_texts_stay_fast(unit: str) -> None:
    started = time.perf_counter()
    measures.find(unit * 1000)
    assert time.perf_counter() - started < 1.0


def test_any_text_is_read_without_error() -> None:
    pytest.importorskip("hypothesis")
    from hypothesis import given, settings
    from hypothesis import strategies as st

    words = st.sampled_from(
        [
            "5",
            "4-5",
            "1/0",
            "½",
            "mm",
            "inch",
            '"',
            "cm",
            "x",
            "by",
            "of",
            "a",
            "an",
            "half",
            "pain",
            "8/10",
            "10",
            "°",
            "F",
            "C",
            "fever",
            "temp",
            "tooth",
            "#",
            "99",
            "I'm",
            "70",
            "years",
            "old",
            "implant",
            "2",
            "came",
            "out",
            "size",
            "dime",
            "quarter",
            "hundred",
            "and",
            "one",
            "point",
            "scale",
            "level",
        ]
    )

    @settings(max_examples=150, deadline=None)
    @given(st.one_of(st.text(max_size=200), st.lists(words, max_size=25).map(" ".join)))
    def check(text: str) -> None:
        for finding in measures.find(text):
            assert text[finding.start : finding.end] == finding.text

    check()
