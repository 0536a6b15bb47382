"""The folder `policybook/` → a `Book`, or a Refusal that says what is wrong, where, and what to do.

1. read plain records; 2. declare every word (derived ones untyped); 3. type each derived word after those it names;
4. type the indicators; 5. freeze and hash. Unknown constructs are refused, never dropped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from doudi.errors import Refusal
from doudi.policy import functions
from doudi.policy.book_yaml import read_yaml
from doudi.policy.check import GRAINS, Checked, Checker, Meaning
from doudi.policy.entries import Draft, assessed_draft, read_indicator, read_programme, read_tier_file
from doudi.policy.expr import Call, Name, Node, walk
from doudi.policy.parse import parse
from doudi.policy.quantities import DATE
from doudi.policy.read import largest_denominators, read_document, read_fact, read_parameter
from doudi.policy.rule import Book, Fact, Indicator, Programme, Tier, Word

SHELVES = ("documents", "facts", "parameters", "tiers", "programmes", "indicators")
AT = "at"


def load_book(folder: FilePath) -> Book:
    """Read, type and freeze the whole book. Raises Refusal; never returns half a book."""
    shelves = {shelf: dict(_files(folder / shelf)) for shelf in SHELVES}
    return _Loader(shelves).load()


def load_canonical(text: str) -> Book:
    """The book that a run kept: its canonical JSON (`Book.canonical`), read, typed and frozen as it was then."""
    return _Loader(json.loads(text)).load()


def _files(folder: FilePath) -> Iterator[tuple[str, Any]]:
    if not folder.is_dir():
        raise Refusal("policy.unreadable", f"政策簿缺少文件夹 {folder.name}。")
    for path in sorted(folder.glob("*.yaml")):
        yield f"{folder.name}/{path.name}", read_yaml(path)


@dataclass
class _Loader:
    shelves: dict[str, dict[str, Any]]

    def __post_init__(self) -> None:
        self.words: dict[str, Word] = {}
        self.by_name: dict[str, str] = {}
        self.drafts: dict[str, Draft] = {}
        self.order: list[str] = []
        self.open: list[str] = []
        self.den_limits: dict[str, int] = {}

    def load(self) -> Book:
        documents = tuple(self._entries("documents", read_document))
        facts = self._unique("facts", read_fact)
        parameters = self._unique("parameters", read_parameter)
        self.den_limits = largest_denominators(parameters)
        self._declare(Word(AT, "监测日", "constant", "any", DATE, role="constant"))
        for fact in facts.values():
            self._declare(Word(fact.id, fact.name, "fact", fact.grain, fact.type, note=fact.note))
        for parameter in parameters.values():
            self._declare(Word(parameter.id, parameter.name, "parameter", "any", parameter.type, note=parameter.note))
        tiers = self._tiers()
        programmes = self._programmes(facts)
        raw_indicators = self._indicator_words()
        for draft in list(self.drafts.values()):
            self._resolve(draft.word.id)
        indicators = tuple(self._indicator(raw, place) for raw, place in raw_indicators)
        self._refuse_doubles([i.id for i in indicators], "指标")
        canonical = json.dumps(self.shelves, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        book = Book(
            documents,
            facts,
            parameters,
            self.words,
            self.by_name,
            tuple(self.order),
            tiers,
            programmes,
            indicators,
            canonical,
            hashlib.sha256(canonical.encode()).hexdigest(),
        )
        _check_citations(book)
        return book

    # -- reading shelves -----------------------------------------------------------------------------------------

    def _entries(self, shelf: str, reader: Callable[[Any, str], Any]) -> Iterator[Any]:
        for place, raw in self.shelves[shelf].items():
            items = raw if isinstance(raw, list) else [raw]
            for item in items:
                yield reader(item, place)

    def _unique(self, shelf: str, reader: Callable[[Any, str], Any]) -> dict[str, Any]:
        records = list(self._entries(shelf, reader))
        self._refuse_doubles([record.id for record in records], shelf)
        return {record.id: record for record in records}

    @staticmethod
    def _refuse_doubles(ids: list[str], what: str) -> None:
        if doubled := sorted({i for i in ids if ids.count(i) > 1}):
            raise Refusal("policy.double_id", f"{what} 里有重复的 id：{'、'.join(doubled)}。")

    def _tiers(self) -> tuple[Tier, ...]:
        tiers = []
        for place, raw in self.shelves["tiers"].items():
            drafts, tier = read_tier_file(raw, place)
            self._draft_all(drafts)
            tiers += [tier] if tier else []
        tiers.sort(key=lambda tier: tier.order)
        for tier in tiers:
            self._draft_all([_assessed(tier, tiers)])
            if tier.enrolled and tier.enrolled not in self.words:
                raise Refusal("policy.unknown_word", f"层级“{tier.name}”的 enrolled“{tier.enrolled}”不在词表里。")
        return tuple(tiers)

    def _programmes(self, facts: dict[str, Fact]) -> tuple[Programme, ...]:
        programmes = []
        for place, raw in self.shelves["programmes"].items():
            for item in raw:
                programme, drafts, made = read_programme(item, place)
                programme = self._with_parameters(programme)
                programmes.append(programme)
                for fact in made:
                    facts[fact.id] = fact
                    self._declare(Word(fact.id, fact.name, "fact", fact.grain, fact.type))
                if programme.cadence != "event":
                    name = f"{programme.name}应发日"
                    self._declare(Word(f"due_date_{programme.id}", name, "constant", "any", DATE, role="constant"))
                self._draft_all(drafts)
        return tuple(programmes)

    def _with_parameters(self, programme: Programme) -> Programme:
        """The programme with parameter ids for its dates and grace, however the book wrote them."""

        def setting(name: str, kinds: tuple[str, ...]) -> str:
            word = self.words.get(self.by_name.get(name, ""))
            if word is None or word.kind != "parameter" or word.type.kind not in kinds:
                raise Refusal(
                    "policy.unknown_word", f"项目“{programme.name}”的设置“{name}”不是 {'、'.join(kinds)} 类型的参数。"
                )
            return word.id

        kinds = ("quantity",) if programme.cadence == "monthly" else ("monthday",)
        dates = tuple(setting(name, kinds) for name in programme.dates)
        return replace(programme, dates=dates, grace=self.words[setting(programme.grace, ("quantity",))].id)

    def _indicator_words(self) -> list[tuple[Any, str]]:
        """Draft the helper words of the indicator files; hand back the indicators themselves."""
        indicators: list[tuple[Any, str]] = []
        for place, raw in self.shelves["indicators"].items():
            if isinstance(raw, dict):
                drafts, _ = read_tier_file(raw, place)
                self._draft_all(drafts)
            else:
                indicators += [(item, place) for item in raw]
        return indicators

    # -- declaring and typing words ------------------------------------------------------------------------------

    def _declare(self, word: Word) -> None:
        # A dot becomes an underscore in the columns of a run, so two ids that differ only there are one.
        for name in {word.id, word.id.replace(".", "_"), word.name}:
            if name in self.by_name or functions.find(name):
                raise Refusal("policy.double_name", f"词“{word.name}”（{word.id}）与已有的词或函数同名：“{name}”。")
        if word.id == word.name:
            raise Refusal("policy.double_name", f"词“{word.id}”要有一个中文名。")
        for name in (word.id, word.id.replace(".", "_"), word.name):
            self.by_name[name] = word.id
        self.words[word.id] = word

    def _draft_all(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            self._declare(draft.word)
            self.drafts[draft.word.id] = draft

    def _lookup(self, name: str) -> Meaning | None:
        word_id = self.by_name.get(name)
        if word_id is None:
            return None
        word = self._resolve(word_id)
        return Meaning(word_id, word.type, word.grain)

    def _resolve(self, word_id: str) -> Word:
        """The word with its type, typed now when it is a draft; a circle is refused."""
        draft = self.drafts.get(word_id)
        if draft is None:
            return self.words[word_id]
        if word_id in self.open:
            circle = " → ".join(self.words[w].name for w in [*self.open[self.open.index(word_id) :], word_id])
            raise Refusal("policy.circle", f"这些词互相定义，成了一个圈：{circle}。")
        self.open.append(word_id)
        checked = self._typed(draft.word.name, draft.text)
        self.open.pop()
        self._check_kind(draft, checked)
        word = replace(draft.word, type=checked.node.type.with_(literal=False), node=checked.node, text=draft.text)
        self.words[word_id] = word
        del self.drafts[word_id]
        self.order.append(word_id)
        self._check_parents(word.name, checked.node)
        return word

    def _check_parents(self, rule: str, node: Node) -> None:
        """父母人数(…) may ask only what the parent's own records say: a parent may live in another household."""
        for call in walk(node):
            if isinstance(call, Call) and call.function == "count_parents" and self._asks_household(call.args[0]):
                raise Refusal(
                    "policy.wrong_grain", f"词“{rule}”的 父母人数(…) 用到了户的词；父母可能在别的户，只能问本人的事实。"
                )

    def _asks_household(self, node: Node) -> bool:
        for part in walk(node):
            if isinstance(part, Call) and part.function in functions.OVER_MEMBERS:
                return True
            if isinstance(part, Name):
                word = self.words[part.word]
                if word.grain == "household" or (word.node is not None and self._asks_household(word.node)):
                    return True
        return False

    def _typed(self, rule: str, text: str) -> Checked:
        return Checker(rule, self._lookup, self.den_limits).check(parse(text))

    def _check_kind(self, draft: Draft, checked: Checked) -> None:
        word = draft.word
        if GRAINS[checked.grain] > GRAINS[word.grain] or "delivery" in {checked.grain, word.grain} != {"delivery"}:
            raise Refusal(
                "policy.wrong_grain",
                f"词“{word.name}”说的是 {word.grain}，定义却用到 {checked.grain} 的词；"
                "对成员的条件请用 有人(…)、人数(…)、合计(…) 等。",
            )
        if draft.kind and checked.node.type.kind != draft.kind:
            raise Refusal("policy.wrong_type", f"“{word.name}”应是{ {'bool': '条件', 'date': '日期'}[draft.kind] }。")

    def _indicator(self, raw: Any, place: str) -> Indicator:  # noqa: ANN401  # any YAML
        def typed(rule: str, text: str, kind: str) -> Node | None:
            if not text:
                return None
            checked = self._typed(rule, text)
            if checked.node.type.kind != kind:
                raise Refusal("policy.wrong_type", f"{rule} 应是{'条件' if kind == 'bool' else '数量'}。")
            if GRAINS[checked.grain] > GRAINS[subject] or (
                checked.grain != "any" and "delivery" in {checked.grain, subject} != {"delivery"}
            ):
                raise Refusal("policy.wrong_grain", f"{rule} 的对象是 {subject}，条件却用到 {checked.grain} 的词。")
            return checked.node

        subject = str(raw.get("subject", "household")) if isinstance(raw, dict) else "household"
        subject = subject if subject in GRAINS else "household"
        indicator = read_indicator(raw, place, typed)
        for part, node in indicator.parts():
            name = indicator.word(part)
            self._declare(Word(name, f"{name}_", "derived", subject, node.type, node, role="indicator"))
            self.order.append(name)
        return indicator


def _assessed(tier: Tier, tiers: list[Tier]) -> Draft:
    """Some path holds, and no better tier does (最优类别)."""
    better = [t for t in tiers if t.order < tier.order and not t.overlay and not tier.overlay]
    return assessed_draft(tier, [t.assessed for t in better if GRAINS[t.grain] <= GRAINS[tier.grain]])


def _check_citations(book: Book) -> None:
    """Every cited clause exists."""
    clauses = book.clauses()
    count = sum(len(document.clauses) for document in book.documents)
    if count != len(clauses):
        raise Refusal("policy.double_id", "政策簿 documents 里有重复的条款 id。")
    cited: list[tuple[str, tuple[str, ...]]] = [(w.name, w.basis) for w in book.words.values()]
    cited += [(i.name, i.basis) for i in book.indicators] + [(p.name, p.basis) for p in book.programmes]
    cited += [(p.name, v.basis) for p in book.parameters.values() for v in p.values]
    for name, basis in cited:
        if absent := [clause for clause in basis if clause not in clauses]:
            raise Refusal("policy.unknown_clause", f"“{name}”引用了 documents 里没有的条款：{'、'.join(absent)}。")
