"""TRL reads what is published, and at the published cut-off loses not one token of it."""

import re
from pathlib import Path
from typing import Any

import mistral_common
import pytest
import trl
from datasets import Dataset, disable_progress_bars, load_dataset
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.integrations.mistral import convert_tekken_tokenizer
from trl import SFTConfig, SFTTrainer

from longhop.corpus.tokenizing import open_tokenizer
from longhop.publishing.turns import turns_of
from longhop.records.renderings import Format
from tests.rendered import make_rows, publish

ROWS = make_rows(16)
# Not ShareGPT: TRL takes its turns of `human` and `gpt` for roles that no template knows.
FORMATS = (Format.MESSAGES, Format.PROMPT_COMPLETION, Format.LONGMIT)
TEMPLATES = ("qwen3_instruct_2507", "llama3")
_TAGS = re.compile(r"<\|\w+\|>")

disable_progress_bars()


class Tokenizer:
    """Tekken as trainers know it, with a chat template that TRL brings and its tags as tokens."""

    def __init__(self, template: str) -> None:
        source = Path(trl.__file__).parent / "chat_templates" / f"{template}.jinja"
        tekken = Path(mistral_common.__path__[0]) / "data" / "tekken_240911.json"
        self.inner = convert_tekken_tokenizer(str(tekken))
        self.inner.chat_template = source.read_text()
        tags = sorted(set(_TAGS.findall(self.inner.chat_template)))
        self.inner.add_tokens(tags, special_tokens=True)
        self.inner.eos_token = next(each for each in tags if each in ("<|im_end|>", "<|eot_id|>"))
        self.inner.pad_token = self.inner.eos_token

    @property
    def added(self) -> int:
        """What the template adds to a conversation."""
        count = open_tokenizer("tekken").count
        said = [{"role": "user", "content": "a b"}, {"role": "assistant", "content": "c"}]
        whole = self.inner.apply_chat_template(said, return_dict=True)["input_ids"]
        return len(whole) - count("a b") - count("c")


@pytest.fixture(scope="module", params=TEMPLATES)
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    return Tokenizer(request.param)


def prepare(folder: Path, rows: Dataset, tokenizer: Tokenizer, length: int | None, **more: Any):
    """The trainer, whose model is of no use: what counts is what it is given to read."""
    size = LlamaConfig(
        vocab_size=len(tokenizer.inner), hidden_size=8, intermediate_size=8, num_hidden_layers=1,
        num_attention_heads=1, max_position_embeddings=8192,
    )  # fmt: skip
    settings = SFTConfig(
        output_dir=str(folder), max_length=length, use_cpu=True, bf16=False, report_to=[],
        eos_token=tokenizer.inner.eos_token, **more,
    )  # fmt: skip
    return SFTTrainer(
        LlamaForCausalLM(size), settings, train_dataset=rows, processing_class=tokenizer.inner
    )


def read(version: Path, name: Format) -> Dataset:
    """A format's rows; those of LongMIT with its name of the answer changed to TRL's."""
    rows = load_dataset(str(version), str(name), split="train", cache_dir=str(version / "cache"))
    return rows.rename_column("output", "completion") if name is Format.LONGMIT else rows


# What makes TRL take the loss of the answer alone.
ANSWERS_ALONE = {
    Format.MESSAGES: {"assistant_only_loss": True},
    Format.PROMPT_COMPLETION: {},
    Format.LONGMIT: {},
}


@pytest.mark.parametrize("name", FORMATS)
def test_at_the_cut_off_no_token_is_lost_and_at_one_less_one_is(
    tmp_path: Path, tokenizer: Tokenizer, name: Format
):
    """Allowing for just what this template adds: so the cut-off is not merely generous.

    The texts of LongMIT's form take no template: they get a token for their end.
    """
    added = 1 if name is Format.LONGMIT else tokenizer.added
    told = publish(
        tmp_path / "v", ROWS, renderings=[name], files="parquet", sizes=True, template_tokens=added
    )
    (size,) = (each for each in told.sizes.files if each.split == "train")
    rows = read(tmp_path / "v", name)
    whole, fitting, less = (
        [len(it) for it in prepare(tmp_path, rows, tokenizer, length).train_dataset["input_ids"]]
        for length in (None, size.cut_off["tekken"], size.cut_off["tekken"] - 1)
    )

    assert whole == [each["tekken"] + added for each in rows["tokens"]]
    assert fitting == whole and len(whole) == size.rows == 8
    assert sum(whole) - sum(less) == whole.count(max(whole)) > 0


@pytest.mark.parametrize("name", FORMATS)
def test_the_loss_is_that_of_the_answer_and_of_its_end(
    tmp_path: Path, tokenizer: Tokenizer, name: Format
):
    """Through the data collator, as a training step gets it."""
    told = publish(tmp_path / "v", ROWS, renderings=[name], files="parquet", sizes=True)
    (size,) = (each for each in told.sizes.files if each.split == "train")
    rows = read(tmp_path / "v", name)
    answers = {row.id: turns_of(row).answer for row in ROWS}
    trainer = prepare(
        tmp_path, rows, tokenizer, size.cut_off["tekken"], remove_unused_columns=False,
        **ANSWERS_ALONE[name],
    )  # fmt: skip
    batch = trainer.data_collator([trainer.train_dataset[at] for at in range(len(rows))])

    for row_id, tokens, labels in zip(rows["id"], batch["input_ids"], batch["labels"], strict=True):
        learned = tokens[labels != -100]
        assert learned.tolist() == labels[labels != -100].tolist()
        text = tokenizer.inner.decode(learned)
        ending = text.removeprefix(answers[row_id])
        assert text.startswith(answers[row_id]) and ending != text
        assert ending.strip() == tokenizer.inner.eos_token, "and nothing of the prompt"


def test_the_default_allowance_is_enough_for_both(tokenizer: Tokenizer):
    assert tokenizer.added < 128
