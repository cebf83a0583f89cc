"""Negation, past, questions, doubt and other persons: what a mentioned symptom is worth."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.understanding.pipeline import Understander

TABLE = [
    # clinical.md C.2
    ("no trouble breathing but my chin is numb", {"breathing_trouble": "absent", "numbness": "present"}),
    ("I don't have any pain, no fever or swelling", {"pain": "absent", "fever": "absent", "swelling": "absent"}),
    ("not only swollen, I can't swallow", {"swelling": "present", "swallowing_trouble": "present"}),
    ("I can't *not* feel it throbbing", {"pain": "present"}),
    ("pain is gone but it's still bleeding", {"pain": "past", "bleeding": "present"}),
    ("had a fever last year", {"fever": "past"}),
    ("my husband can't breathe", {"breathing_trouble": "present"}),
    ("what if I couldn't breathe after surgery?", {"breathing_trouble": "hypothetical"}),
    ("it won't stop bleeding", {"bleeding": "present"}),
    ("numb from the shot an hour ago", {"numbness": "present", "lower_anaesthetic": "present"}),
    ("he said no numbness", {"numbness": "absent"}),
    ("no improvement in the swelling", {"swelling": "present"}),
    # lists, and where they end
    ("no pain, fever or swelling", {"pain": "absent", "fever": "absent", "swelling": "absent"}),
    ("no longer any bleeding, swelling is getting worse", {"bleeding": "past", "swelling": "present"}),
    ("no fever and my face is swollen", {"fever": "absent", "swelling": "present"}),
    ("no pain just swelling", {"pain": "absent", "swelling": "present"}),
    ("No swelling. Pus though.", {"swelling": "absent", "pus": "present"}),
    ("nothing hurts and nothing is bleeding", {"pain": "absent", "bleeding": "absent"}),
    ("Pain: none. Bleeding: none.", {"pain": "absent", "bleeding": "absent"}),
    ("without pain", {"pain": "absent"}),
    ("my lip is not numb", {"numbness": "absent"}),
    ("I dont have a fever", {"fever": "absent"}),
    ("it isn’t swollen", {"swelling": "absent"}),
    # wordings with a negation of their own
    ("cant breathe", {"breathing_trouble": "present"}),
    ("no feeling in my lip", {"numbness": "present"}),
    ("no, I can't breathe", {"breathing_trouble": "present"}),
    ("the bleeding hasn't stopped", {"bleeding": "present"}),
    ("the pain won't go away", {"pain": "present"}),
    ("I can't stand the pain", {"pain": "present"}),
    ("the numbing has not worn off", {"numbness": "present"}),
    # well, said in so many words
    ("I can breathe fine", {"breathing_trouble": "absent"}),
    ("breathing and swallowing work fine", {"breathing_trouble": "absent", "swallowing_trouble": "absent"}),
    ("no trouble swallowing", {"swallowing_trouble": "absent"}),
    ("I am not breathing fine", {"breathing_trouble": "present"}),
    ("I can breathe only if I sit up", {"breathing_trouble": "present"}),
    ("everything is firm, nothing is loose", {"loose": "absent"}),
    ("bleeding again three days after, not heavy", {"bleeding": "present"}),
    # over
    ("was in pain for a week after but fine now", {"pain": "past"}),
    ("it bled a bit at first but stopped", {"bleeding": "past"}),
    ("swelling used to be bad but it's gone now", {"swelling": "past"}),
    ("my lip was numb but the feeling came back", {"numbness": "past"}),
    ("the swelling was gone but it is back again", {"swelling": "present"}),
    ("it stopped bleeding then started bleeding again", {"bleeding": "present"}),
    ("hives all over", {"rash": "present"}),
    ("swelling has gone up to my eye", {"swelling": "present"}),
    ("had a fever last night", {"fever": "present"}),
    # questions and fears
    ("will I swell up?", {"swelling": "hypothetical"}),
    ("is it normal to have pain", {"pain": "hypothetical"}),
    ("is it normal that my face is swollen", {"swelling": "present"}),
    ("is this much swelling normal", {"swelling": "present"}),
    ("can an implant hurt the nerve and make my lip numb?", {"numbness": "hypothetical"}),
    ("what if my throat swells from the antibiotic?", {"swelling": "hypothetical"}),
    ("I'm worried about getting numbness", {"numbness": "hypothetical"}),
    ("I'm worried about the swelling in my cheek", {"swelling": "present"}),
    ("I'm scared I can't breathe", {"breathing_trouble": "present"}),
    ("why is my gum bleeding", {"bleeding": "present"}),
    ("what helps with my swelling", {"swelling": "present"}),
    ("feels as if my throat is closing", {"breathing_trouble": "present"}),
    ("can you help me I can't breathe", {"breathing_trouble": "present"}),
    ("can I come in my face is swollen", {"swelling": "present"}),
    ("call me if you can my lip is numb", {"numbness": "present"}),
    ("I have read that people lose feeling in the lip", {"numbness": "hypothetical"}),
    ("everyone would be better off without me", {"self_harm": "present"}),
    # a little, on a condition, taken back, ended
    ("I don't have much pain but the gum is puffy", {"pain": "present", "swelling": "present"}),
    ("it doesn't hurt unless I bite down", {"pain": "present"}),
    ("no pain except when I floss", {"pain": "present"}),
    ("it never hurt until last night", {"pain": "present"}),
    ("it didn't hurt at first but now it does", {"pain": "present"}),
    ("I can't chew on it without pain", {"pain": "present"}),
    ("not without pain", {"pain": "present"}),
    ("no more pain", {"pain": "past"}),
    ("it isn't swollen anymore", {"swelling": "past"}),
    ("I was numb for about 4 hours", {"numbness": "past"}),
    ("the swelling has gone down completely", {"swelling": "past"}),
    ("my fever broke yesterday", {"fever": "past"}),
    ("no pus, swelling gone, pain is down to a 1", {"pus": "absent", "pain": "present"}),
    ("No fever, no swelling, slightly tender.", {"fever": "absent", "pain": "present"}),
    ("not even a bit sore", {"pain": "absent"}),
    ("there's no sign of swelling", {"swelling": "absent"}),
    ("there was hardly any blood", {"bleeding": "absent"}),
    ("I am not running a fever", {"fever": "absent"}),
    ("it isn't causing me any pain", {"pain": "absent"}),
    ("none of them hurt", {"pain": "absent"}),
    ("it's rock solid, I don't feel a thing", {"loose": "absent"}),
    ("there's no movement when I push it", {"loose": "absent"}),
    ("the pain was supposed to be gone by now", {"pain": "present"}),
    ("it should not be hurting this long", {"pain": "present"}),
    # his tongue swelled, then he passed out: nothing has passed
    ("his tongue swelled up and he just passed out", {"swelling": "present", "faint": "present"}),
    ("Mi madre no puede hablar, tiene la lengua hinchada", {"swelling": "present"}),
    # a question about what is there, and one about what may come
    ("is it normal to have pain 3 weeks after the implant?", {"pain": "present"}),
    ("Is swelling normal on day 6?", {"swelling": "present"}),
    ("should I be in this much pain after 10 days?", {"pain": "present"}),
    ("How long does the soreness last? Mine is 9 days in.", {"pain": "present"}),
    ("is a bit of blood ok? it's been 2 days", {"bleeding": "present"}),
    ("is it urgent if the bit below your tongue is swollen", {"swelling": "present"}),
    ("why would my implant be throbbing?", {"pain": "present"}),
    ("how can I ease the pain until Monday", {"pain": "present"}),
    ("I don't know what's causing the pain", {"pain": "present"}),
    ("can a loose implant be saved?", {"loose": "present"}),
    ("can I fly with a loose cap?", {"loose": "present"}),
    ("when I drink, water comes out of my nose", {"sinus_leak": "present"}),
    ("will my lip go numb?", {"numbness": "hypothetical"}),
    ("will my face be swollen after the graft?", {"swelling": "hypothetical"}),
    ("what is the risk of numbness?", {"numbness": "hypothetical"}),
    ("what if there's pus", {"pus": "hypothetical"}),
    ("does having one removed hurt?", {"pain": "hypothetical"}),
    ("is the second surgery painful?", {"pain": "hypothetical"}),
    ("I'm scared of the pain", {"pain": "hypothetical"}),
    ("Is fever to be expected after a graft? Mine is next month.", {"fever": "hypothetical"}),
    ("can I get implants with diabetes?", {"condition": "present"}),
    # found in longer messages
    ("One of them has never felt right and aches when it's cold.", {"pain": "present"}),
    ("The surgeon asked about numbness, I said none.", {"numbness": "absent"}),
    ("bled a lot yesterday, stopped now", {"bleeding": "past"}),
    ("I still feel frozen from the injection", {"numbness": "present"}),
]


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=[text for text, _ in TABLE])
def test_assertion(understander: Understander, now: datetime, text: str, expected: dict[str, str]) -> None:
    findings = understander.understand(text, now).findings
    for name, assertion in expected.items():
        assert {f.assertion for f in findings if f.name == name} == {assertion}


@pytest.mark.parametrize(
    "text",
    [
        "can I stop taking my blood thinner",
        "I can't make it stop",
        "can I swallow pills with implants",
        "no improvement",
        "the price took my breath away",
        "what is my blood pressure medicine called",
        "hay fever season",
        "I need a person",
    ],
)
def test_no_symptom_at_all(understander: Understander, now: datetime, text: str) -> None:
    symptoms = {"pain", "swelling", "bleeding", "fever", "breathing_trouble", "numbness", "pus", "swallowed_part"}
    assert not [
        f for f in understander.understand(text, now).findings if f.name in symptoms and f.assertion == "present"
    ]


UNCERTAIN = [
    ("I think my lip is numb", "numbness"),
    ("my cheek is kinda swollen", "swelling"),
    ("maybe there is pus", "pus"),
    ("I don't know if my chin is numb", "numbness"),
    ("a bit numb on my chin", "numbness"),
]


@pytest.mark.parametrize(("text", "name"), UNCERTAIN)
def test_doubt_is_kept_and_counts_as_present(understander: Understander, now: datetime, text: str, name: str) -> None:
    found = [f for f in understander.understand(text, now).findings if f.name == name]
    assert found
    assert all(f.assertion == "present" for f in found)
    assert any(f.uncertain for f in found)


SUBJECTS = [
    ("my daughter's lip is numb", "child"),
    ("My son says he can't swallow", "child"),
    ("my husband can't breathe", "other"),
    ("My mother had implants on Monday. Her neck is swollen.", "other"),
    ("my moms tongue is swelling up", "other"),
    ("my husband drove me home and now I can't breathe, my throat is closing", "self"),
    ("my wife thinks my cheek is swollen", "self"),
    ("the dentist said she saw pus and my gum is swollen", "self"),
    ("my dad had swelling too years ago. My own lip is numb.", "self"),
]


@pytest.mark.parametrize(("text", "subject"), SUBJECTS)
def test_whose_mouth(understander: Understander, now: datetime, text: str, subject: str) -> None:
    last = [f for f in understander.understand(text, now).findings if f.name not in ("age", "surgery", "pus")][-1]
    assert last.subject == subject
