"""Training: a model's own trainer over batches that are given to it."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from longhop.memory import give_back

_WARM_UP = 0.1  # the share of the batches (EQUAL's code)


def train(
    model: Any,
    columns: dict[str, list[str]],
    batches: Sequence[list[int]],
    folder: Path,
    *,
    seed: int,
    rate: float,
    half: bool,
) -> None:
    """Teach the model the batches in order, and save it to a folder.

    `columns` are `anchor`, `positive` and `negative`, a row each, and batches are of those rows.
    The loss is a softmax over the cosines of an anchor to all positives and negatives of its batch
    (EQUAL, arXiv 2505.12250; the temperature is the library's, 0.05). `half` is for machines with
    units for products in 16 bits, where it takes half the time. Two runs of one machine give the
    same weights with the same number of threads; another machine rounds otherwise. Nothing is
    logged, reported or kept on the way.
    """
    from datasets import Dataset
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from transformers import PrinterCallback

    with tempfile.TemporaryDirectory(prefix="longhop-adapting-") as scratch:
        trainer = _trainer()(
            model=model,
            args=_arguments(scratch, batches, seed, rate, half),
            train_dataset=Dataset.from_dict(columns),
            loss=MultipleNegativesRankingLoss(model),
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    model.save_pretrained(str(folder), create_model_card=False)
    give_back()


def _trainer() -> Any:
    from sentence_transformers import SentenceTransformerTrainer

    class Trainer(SentenceTransformerTrainer):
        """The library's, without the card of the model, which it embeds texts for."""

        def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:
            pass

    return Trainer


def _arguments(
    scratch: str, batches: Sequence[list[int]], seed: int, rate: float, half: bool
) -> Any:
    import torch
    from sentence_transformers import SentenceTransformerTrainingArguments
    from transformers.utils.import_utils import is_torch_bf16_gpu_available

    on_processor = not torch.accelerator.is_available()
    return SentenceTransformerTrainingArguments(
        output_dir=scratch,
        num_train_epochs=1,  # the batches of all epochs, one after the other
        learning_rate=rate,
        warmup_steps=round(_WARM_UP * len(batches)),
        batch_sampler=lambda *_, **__: _given(batches),
        seed=seed,
        data_seed=seed,
        use_cpu=on_processor,
        bf16=half and (on_processor or is_torch_bf16_gpu_available()),
        report_to="none",
        save_strategy="no",
        eval_strategy="no",
        logging_strategy="no",
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )


def _given(batches: Sequence[list[int]]) -> Any:
    from sentence_transformers.base.sampler import DefaultBatchSampler

    class Given(DefaultBatchSampler):
        """The batches as they are."""

        def __iter__(self) -> Iterator[list[int]]:
            yield from batches

        def __len__(self) -> int:
            return len(batches)

    return Given(range(sum(map(len, batches))), batch_size=len(batches[0]), drop_last=False)
