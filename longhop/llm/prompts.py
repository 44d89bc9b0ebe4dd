"""Prompts: frozen by content at the start of a build, rendered strictly."""

import hashlib
from collections.abc import Iterable, Mapping
from importlib.resources import files as package_files
from pathlib import Path

import jinja2

from longhop.corpus.languages.codes import LANGUAGES, prompt_language
from longhop.errors import ConfigError, StorageError
from longhop.identity import digest
from longhop.records.model import Message, Prompt
from longhop.records.replies import REASONED
from longhop.spec.sections import Model
from longhop.storage.files import Files

REPLY_OF = {
    "ask": "asked_questions",
    "find": "found_answers",
    "single_hop": "single_hop_questions",
    "mend": "mended_questions",
    "merge": "merged_question",
    "judge": "judgement",
    "classify": "classification",
    "compare": "compared_answers",
    "answer": "short_answer",
    "closed_book": "short_answer",
    "context": "written_context",
}

# Every value that a template may ask for: a prompt is rendered with these before anything is paid.
_HOP = {
    "question": "Who?",
    "answer": "Nobody",
    "evidence": "Nobody did.",
    "about": [{"number": 1, "mention": "Somebody"}],
}
TRIAL: dict[str, object] = {
    "title": "A title",
    "document": "A document.",
    "limit": 3,
    "questions": ["Who?"],
    "turned_away": [{"question": "Who was he?", "objection": "'he' has nothing to name"}],
    "rationale": True,
    "composition": "bridge",
    "hops": [_HOP, _HOP],
    "objection": "none",
    "question": "Who?",
    "answer": "Nobody",
    "given": "No one",
    "documents": ["A document."],
    "form": "report",
    "words": 100,
    "kind": "short",
    "facts": [_HOP],
    "sections": 3,
    "written": ["A section."],
    "before": False,
}


# What a template can do wrong when it is rendered.
_FAULTS = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def _altered(value: object) -> object:
    """The same values with other texts."""
    if isinstance(value, str):
        return f"{value} (another)"
    if isinstance(value, Mapping):
        return {key: _altered(each) for key, each in value.items()}
    return [_altered(each) for each in value] if isinstance(value, list) else value


# Without what was written so far, so that both ways of a template are tried.
_OTHER = {**{key: _altered(value) for key, value in TRIAL.items()}, "written": []}


def refuse_strangers(folder: Path, used: Iterable[str]) -> None:
    """Refuse a prompts folder with a file that stands in for none of the prompts that are used.

    Its name may be misspelt, or the spec may ask in another way than the file is for.

    Raises:
        ConfigError: There is such a file; the message names it and those there could be.
    """
    known = {f"{name}.{language}.j2" for name in used for language in LANGUAGES}
    for path in sorted(folder.glob("*.j2*")):
        if path.name not in known or not path.is_file():
            raise ConfigError(f"prompt {path} stands in for none of {', '.join(sorted(known))}")


class PromptBook:
    """The prompts of a build: every template and answer schema lies in the store by its hash."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._templates: dict[str, jinja2.Template] = {}
        self._texts: dict[str, str] = {}
        self._environment = jinja2.Environment(
            undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
        )
        self._environment.filters["fenced"] = fence

    def freeze(
        self, name: str, model: Model, folder: Path | None = None, *, reasons: bool = False
    ) -> Prompt:
        """The prompt as a plan names it, its texts kept in the store.

        Templates of a user's folder stand in for the packaged ones of the same name. With `reasons`
        the model is to write down its reasoning before what it is asked for.
        """
        reply = REASONED[REPLY_OF[name]] if reasons else REPLY_OF[name]
        frozen = Prompt(
            name=name,
            templates={
                language: self._keep(_text(f"{name}.{language}.j2", folder))
                for language in LANGUAGES
            },
            reply=reply,
            reply_schema=self._keep(_text(f"{reply}.schema.json", None)),
            model=model.name,
            temperature=model.temperature,
            max_tokens=model.max_tokens,
        )
        for language in LANGUAGES:
            shown, other = (self.messages(frozen, language, each)[-1] for each in (TRIAL, _OTHER))
            if shown.content == other.content:
                raise ConfigError(
                    f"prompt {name}.{language}.j2 shows none of its values in the block user: every"
                    " request would be the same"
                )
        return frozen

    def messages(
        self, prompt: Prompt, language: str, values: Mapping[str, object]
    ) -> tuple[Message, ...]:
        """The system and the user turn of a prompt. Documents are in the user turn alone.

        A language without prompts of its own is asked about in English.

        Raises:
            ConfigError: The template asks for a value that there is not.
        """
        ours = prompt_language(language)
        try:
            template = self._template(prompt.templates[ours])
            context = template.new_context(dict(values))
            return tuple(
                Message(role=role, content="".join(template.blocks[role](context)).strip())
                for role in ("system", "user")
            )
        except KeyError as error:
            raise ConfigError(f"prompt {prompt.name}.{ours}.j2: has no block {error}") from error
        except _FAULTS as error:
            raise ConfigError(f"prompt {prompt.name}.{ours}.j2: {error}") from error

    def text(self, name_hash: str) -> str:
        """A frozen text."""
        if name_hash not in self._texts:
            data = self.files.read(f"prompts/{name_hash}")
            if hashlib.sha256(data).hexdigest() != name_hash:
                raise StorageError(f"prompts/{name_hash} does not hold the text it is named for")
            self._texts[name_hash] = data.decode()
        return self._texts[name_hash]

    def _template(self, name_hash: str) -> jinja2.Template:
        if name_hash not in self._templates:
            self._templates[name_hash] = self._environment.from_string(self.text(name_hash))
        return self._templates[name_hash]

    def _keep(self, text: str) -> str:
        name_hash = hashlib.sha256(text.encode()).hexdigest()
        path = f"prompts/{name_hash}"
        try:
            whole = self.files.read(path) == text.encode()
        except FileNotFoundError:
            whole = False
        if not whole:
            self.files.write(path, text.encode())
        return name_hash


def fence(value: object, tag: str) -> str:
    """A value between tags that it cannot close itself: the mark is a hash of the value."""
    text = str(value)
    mark = digest("fence", text)[:8]
    return f'<{tag} mark="{mark}">\n{text}\n</{tag} mark="{mark}">'


def _text(name: str, folder: Path | None) -> str:
    if folder is not None and (folder / name).is_file():
        try:
            return (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"prompt {folder / name} cannot be read: {error}") from error
    return (package_files("longhop") / "prompts" / name).read_text(encoding="utf-8")
