"""Against a real endpoint: LONGHOP_LIVE=1, OPENAI_API_KEY, OPENAI_BASE_URL, LONGHOP_MODEL."""

import os
from pathlib import Path

import pytest

from longhop.llm.opening import open_model
from longhop.records.replies import ShortAnswer
from longhop.spec.sections import Model
from longhop.storage.files import LocalFiles
from longhop.storage.memo import Memo

pytestmark = pytest.mark.skipif(
    "LONGHOP_LIVE" not in os.environ, reason="reaches a network and costs money: LONGHOP_LIVE=1"
)


async def test_a_real_model_answers_in_the_schema(tmp_path: Path):
    from longhop.settings import load_settings

    files = LocalFiles(tmp_path)
    settings = load_settings()
    memo = Memo(files, "answers", tmp_path / "journals")
    model = open_model(settings, files, memo)
    prompt = model.prompts.freeze("answer", Model(name=os.environ["LONGHOP_MODEL"]))
    values = {"documents": ["Orlin was founded by Brisa Tolle."], "question": "Who founded Orlin?"}
    reply = await model.ask(prompt, "en", values, ShortAnswer)
    await model.close()

    assert isinstance(reply, ShortAnswer)
    assert "Brisa Tolle" in reply.answer
