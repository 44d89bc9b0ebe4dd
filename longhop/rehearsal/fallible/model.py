"""The fallible model: it looks the truth up by the names in a prompt, and errs as it should."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

from longhop.rehearsal.asking import NOTHING
from longhop.rehearsal.chance import VERSION, draw
from longhop.rehearsal.fallible.faults import Faults, drop
from longhop.rehearsal.fallible.items import Question
from longhop.rehearsal.fallible.judging import Judge
from longhop.rehearsal.fallible.solving import Solver
from longhop.rehearsal.fallible.world import World, compose
from longhop.rehearsal.merging import merge
from longhop.rehearsal.prompting import Prompt
from longhop.rehearsal.writing import fill


@dataclass(frozen=True)
class FallibleModel:
    """Answers the library's prompts about the documents of a world.

    It asks what the documents state, and merges hops into questions that are multi-hop and good
    at the rates of the world. Whether one is cannot be seen in its text: only the judge's scores
    and the solver's answers tell, with their errors. What a check can see are `faults`. `garbled`
    of its replies is no JSON.
    """

    world: World
    judge: Judge = field(default_factory=Judge)
    solver: Solver = field(default_factory=Solver)
    faults: Faults = field(default_factory=Faults)
    garbled: float = 0.0
    name: str = f"rehearsal-fallible-{VERSION}"

    def content(self, prompt: Prompt, sample: int = 0) -> dict[str, object]:
        """The fields of the reply to a prompt, by the prompt's task.

        A judge and a solver answer anew under each number of a sample.
        """
        match prompt.task:
            case "asked_questions":
                asked = self._questions(prompt)[: prompt.limit]
                return {"questions": [each["question"] for each in asked]}
            case "single_hop_questions":
                return {"questions": self._questions(prompt)[: prompt.limit]}
            case "found_answers":
                return {"answers": self._answers(prompt)}
            case "merged_question":
                return self._merged(prompt)
            case "judgement" | "classification":
                question = self.world.question_of(prompt.value("question"))
                judge = self.judge.scores if prompt.task == "judgement" else self.judge.sorts
                return judge(question, self.world.seed, prompt.values("evidence"), sample)
            case "compared_answers":
                same = prompt.value("answer") == prompt.value("given")
                return {"rationale": "I compared them.", "same": same}
            case "short_answer":
                return self._answer(prompt, sample)
            case "written_context":
                return self._context(prompt)
        return {"rationale": "This is not a task that I know."}

    def garbles(self, prompt: Prompt) -> bool:
        """Whether it cannot keep to JSON here; when asked again it always can."""
        return not prompt.again and draw("garbled", *prompt.content) < self.garbled

    def _answers(self, prompt: Prompt) -> list[dict[str, object]]:
        known = {each.pop("question"): each for each in self._questions(prompt)}
        return [
            {"number": number, "answerable": asked in known, **known.get(asked, NOTHING)}
            for number, asked in enumerate(prompt.values("question"), 1)
        ]

    def _questions(self, prompt: Prompt) -> list[dict[str, object]]:
        document = prompt.value("document")
        item = self.world.item_of(document)
        asked = [hop for hop in item.hops if hop.sentence in document] if item else []
        return [
            {
                "question": hop.question,
                "answer": hop.answer,
                "quote": self.faults.quote(hop.sentence, document, self.world.seed),
                "subject": hop.subject,
                "subject_kind": "thing",
                "relation": hop.item.relation(hop.at).name,
                "kind": hop.item.relation(hop.at).kind,
                "aliases": [],
                "entities": [],
            }
            for hop in asked
        ]

    def _merged(self, prompt: Prompt) -> dict[str, object]:
        """The question over the hops, in the words of the first; a second attempt is mended."""
        texts, objection = prompt.values("question"), prompt.value("objection")
        hops = [question for text in texts if (question := self.world.question_of(text))]
        if len(hops) == len(texts) > 0 and all(follows(*pair) for pair in pairwise(hops)):
            whole = Question(hops[0].item, hops[0].start, hops[-1].stop, bool(objection))
            text = whole.text if objection else self._spoilt(whole)
            return {"question": text, "answer": whole.answer}
        pairs = list(zip(texts, prompt.values("answer"), strict=False))
        merged, its_answer = merge(prompt.value("composition"), pairs, objection)
        return {"question": merged, "answer": its_answer}

    def _spoilt(self, question: Question) -> str:
        """A first attempt, with whatever fault happens to it."""
        fault = self.faults.of_question(question.text, self.world.seed)
        if fault == "pronoun":
            name = question.item.entity(question.start)
            return drop(question.text, name, question.item.language)
        return replace(question, fault=fault).text

    def _answer(self, prompt: Prompt, sample: int) -> dict[str, object]:
        question = self.world.question_of(prompt.value("question"))
        documents = prompt.values("document")
        seed = self.world.seed
        found = self.solver.answer(question, documents, seed, sample) if question else ""
        rationale = f"This leads to {found}." if found else "A fact that this needs is missing."
        return {"rationale": rationale, "answerable": bool(found), "answer": found}

    def _context(self, prompt: Prompt) -> dict[str, object]:
        question = self.world.question_of(prompt.value("question"))
        if question is None:
            nothing = {"heading": "", "text": "Nothing is known."}
            return {"title": "Nothing", "sections": [nothing], "evidence": []}
        hops, written = question.hops, len(prompt.values("section"))
        key = f"{self.world.seed} context {written}"
        if written:
            answer, language = hops[-1].answer, hops[0].item.language
            texts = [fill([], f"{key} {hops[0].sentence}", answer, prompt.words, language)]
        else:
            texts = [compose((each,), prompt.words // len(hops), key) for each in hops]
        return {
            "title": hops[0].subject,
            "sections": [{"heading": "", "text": each} for each in texts],
            "evidence": [] if written else [hop.sentence for hop in hops],
        }


def follows(question: Question, after: Question) -> bool:
    """Whether a question asks about what the one before it leads to."""
    return question.item.original == after.item.original and question.stop == after.start
