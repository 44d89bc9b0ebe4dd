"""The model layer of a process, put together from its settings."""

from longhop.llm.abilities import Abilities
from longhop.llm.batching import Batches
from longhop.llm.client import RememberingModel
from longhop.llm.endpoint import Endpoint
from longhop.llm.prompts import PromptBook
from longhop.llm.spending import Purse
from longhop.records.money import Prices
from longhop.secrets import shown_address
from longhop.settings import Settings
from longhop.storage.files import Files
from longhop.storage.memo import Memo


def open_model(
    settings: Settings, files: Files, memo: Memo, prices: Prices | None = None
) -> RememberingModel:
    """The model behind the settings' endpoint, with the prompts of a store; closed by its owner."""
    endpoint = Endpoint(settings, Abilities(shown_address(settings.base_url), memo))
    purse = Purse(prices, settings.spend_limit)
    batches = Batches(endpoint, memo, purse, home=files.root, patience=settings.patience)
    return RememberingModel(endpoint, memo, PromptBook(files), settings, purse, batches)
