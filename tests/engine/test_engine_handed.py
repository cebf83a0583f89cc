"""The same NLU result whether the gateway handed over what it understood or the engine works it out."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.cues import Cues
from bot.engine.embeddings import SentenceEmbeddings
from bot.engine.findings import UNDERSTANDING, FindingsExtractor
from bot.engine.handed import HANDED, take
from bot.engine.intents import INTENT_SPANS, INTENTS, SentenceIntentClassifier
from bot.engine.second_look import SecondLookDetector
from bot.understanding.embeddings import Encoder
from bot.understanding.handed import Handed, Hander, plain
from bot.understanding.pipeline import Understander
from bot.understanding.second_look import FINDING, SecondLook

MESSAGES = Path("tests/data/messages.jsonl")
MOST = 300
ODD = ("??", "/restart", "🙂", "no", "İ, is it ok", "It hurts, is it bad? " * 60, "  ok\n\nthanks")
OUTPUT = (ENTITIES, UNDERSTANDING, INTENT, "intent_ranking", INTENTS, INTENT_SPANS)
AT = "2026-11-21T12:00:00-05:00"

Hand = Callable[[str], Handed]


def rows() -> Iterator[dict[str, Any]]:
    with MESSAGES.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file)


@pytest.fixture(scope="module")
def hand() -> Hand:
    """What the gateway does."""
    encoder, understander = Encoder(), Understander()
    look, hander = SecondLook(encoder), Hander(encoder)
    return lambda text: hander.hand(look.look(understander.understand(text, datetime.fromisoformat(AT))))


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The components of config.yml in their order, the classifier trained on a few of the messages."""
    folder = tmp_path_factory.mktemp("model")
    storage, resource = LocalModelStorage(folder), Resource("intents")
    context = ExecutionContext(GraphSchema({}), node_name="x")
    config = SentenceIntentClassifier.get_default_config()
    examples = [Message({TEXT: row["text"], INTENT: row["intents"][0]}) for row in rows()][:60]
    embeddings, cues = SentenceEmbeddings("e", {"alias": None}), Cues("c", {"alias": None})
    data = cues.process_training_data(embeddings.process_training_data(TrainingData(examples)))
    SentenceIntentClassifier.create(config, storage, resource, context).train(data)
    classifier = SentenceIntentClassifier.load(config, storage, resource, context)
    return [FindingsExtractor(), embeddings, cues, classifier, SecondLookDetector()]


def parsed(pipeline: list[GraphComponent | Any], text: str, handed: Handed | None = None) -> Message:
    metadata: dict[str, Any] = {"received_at": AT}
    if handed is not None:
        metadata["understanding"] = json.loads(json.dumps(handed.to_dict()))
    message = Message({TEXT: text, "metadata": metadata})
    for component in pipeline:
        [message] = component.process([message])
    return message


def test_same_result_with_and_without(pipeline: list[Any], hand: Hand) -> None:
    looked = 0
    for text in [*ODD, *(row["text"] for row in rows())][:MOST]:
        text = plain(text)
        alone, helped = parsed(pipeline, text), parsed(pipeline, text, hand(text))
        assert HANDED in helped.data
        assert HANDED not in alone.data
        for name in OUTPUT:
            assert json.dumps(helped.get(name)) == json.dumps(alone.get(name)), (name, text)
        looked += any(finding["name"] == FINDING for finding in alone.get(UNDERSTANDING)["findings"])
    assert looked > 5  # the messages do hold what the second look adds


def test_nothing_is_worked_out_where_it_was_handed_over(pipeline: list[Any], hand: Hand) -> None:
    text = "My cap fell out, is it bad?"
    fresh = [FindingsExtractor(), SentenceEmbeddings("e", {"alias": None}), *pipeline[2:4], SecondLookDetector()]
    parsed(fresh, text, hand(text))
    built = {name for component in fresh for name in vars(component)}
    assert not built & {"_understander", "_encoder", "_hander", "_second_look"}


def test_it_is_taken_out_of_the_metadata(hand: Hand) -> None:
    metadata = {"received_at": AT, "understanding": hand("It hurts.").to_dict()}
    message = Message({TEXT: "It hurts.", "metadata": metadata})
    assert take(message) is not None
    assert metadata == {"received_at": AT}


@pytest.mark.parametrize("wrong", [{"text": "It hurt."}, {"vectors": "AAAA"}, {"findings": 3}])
def test_what_is_of_another_text_or_damaged_is_worked_out_here(
    pipeline: list[Any], hand: Hand, wrong: dict[str, object]
) -> None:
    text = "It hurts."
    data = {**hand(text).to_dict(), **wrong}
    message = Message({TEXT: text, "metadata": {"received_at": AT, "understanding": copy.deepcopy(data)}})
    for component in pipeline:
        component.process([message])
    assert HANDED not in message.data
    assert [finding["name"] for finding in message.get(UNDERSTANDING)["findings"]] == ["pain"]


def test_a_message_of_rasa_shell_is_worked_out_here(pipeline: list[Any]) -> None:
    message = Message({TEXT: "It hurts."})
    assert take(message) is None
    for component in pipeline:
        component.process([message])
    assert message.get(UNDERSTANDING)["findings"]
