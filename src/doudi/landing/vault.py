"""密库：身份号码、姓名、户号、证号、退回行的原文，全都封存在这里，湖和引擎一概没有。

The vault of one home: SM4-GCM cells, each bound to its row, with whichever keeper. It gives every citizen id its
`person_key` and its `person_ref`, and is the only place that can turn either back into a person.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from doudi.errors import Refusal
from doudi.landing.bulk import packed_integers, packed_same
from doudi.landing.installation import refuse_office_home
from doudi.landing.keeper import Keeper
from doudi.landing.keeper_file import FileKeeper
from doudi.landing.keys import MasterKeys, open_keys, proof_of
from doudi.landing.people import People
from doudi.landing.seal import Sealer
from doudi.landing.tokens import Tokens

__all__ = ["Vault", "key_is_foreign"]


class Vault:
    """One home's vault. Writing is for the holder of the home's lock; anyone with the key file may read."""

    def __init__(self, keeper: Keeper, keys: MasterKeys, root: Path) -> None:
        self._keeper = keeper
        self.root = root
        self.sealer = Sealer(keys.field)
        self.tokens = Tokens(keys.token)
        self._people = People(keeper, keys, self.sealer)

    @classmethod
    @contextmanager
    def open(cls, home: Path, *, new: bool = False) -> Iterator["Vault"]:
        """The command line's vault of `home`; `new`, which only the writer says, makes one where nothing landed yet.

        Refused: nothing landed yet, the key is lost, or it belongs to another vault; the home is the office's.
        """
        refuse_office_home(home)
        keys = open_keys(home, new=new)
        root = home / "vault"
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileKeeper.open(root / "vault.db", new=new, proof=proof_of(keys)) as keeper:
            if keeper is None:
                raise key_is_foreign()
            yield cls(keeper, keys, root)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside, or nothing."""
        try:
            with self._keeper.transaction():
                yield
        except BaseException:
            self._people.forget_seen()
            raise

    def give_keys(self, ids: pl.Series) -> pl.DataFrame:
        """`person_key` of each id (as `numbers_of` gives them), given now if never before, and `ref`, 64 bits of its person_ref.

        One row per id, in their order; null for null. A key is dense, and never given to anybody else.
        """
        return self._people.give(ids)

    def key_of(self, person_id: str) -> int | None:
        """The key of an id, or None when no file ever named it."""
        return self._people.find(person_id)

    def refs(self, keys: Iterable[int]) -> dict[int, str]:
        """person_ref in hex by key: stable over homes with the same key file, whatever arrived first."""
        return {key: ref.hex() for key, ref in self._keeper.refs(list(keys))}

    def people(self, keys: Iterable[int]) -> dict[int, tuple[str, str | None]]:
        """Id and name by key; the name is None when no file ever gave one."""
        wanted = list(keys)
        names = self.names(wanted)
        ids = self._keeper.ids(wanted)
        return {key: (self.sealer.unseal(f"persons.id|{key}", sealed), names.get(key)) for key, sealed in ids}

    def names(self, keys: Iterable[int]) -> dict[int, str]:
        """Name by key of those who have one: the register's latest, else the latest that any department used.

        Whatever arrived first, the same name is shown.
        """
        latest: dict[int, tuple[tuple[int, int, int], bytes]] = {}
        for key, token, registered, reported, name in self._keeper.names(list(keys)):
            rank = (registered or 0, reported or 0, token)
            if key not in latest or rank > latest[key][0]:
                latest[key] = (rank, name)
        return {key: self.sealer.unseal(f"names.name|{key}:{rank[2]}", name) for key, (rank, name) in latest.items()}

    def label(self, kind: str, token: int) -> str | None:
        """The 户号 (`household_no`) or 证号 (`case_no`) that a token in the lake stands for, or None."""
        return self.labels(kind, [token]).get(token)

    def labels(self, kind: str, tokens: Iterable[int]) -> dict[int, str]:
        """What the tokens of a kind stand for, of those that are known."""
        rows = self._keeper.labels(kind, list(tokens))
        return {token: self.sealer.unseal(f"labels.label|{kind}:{token}", sealed) for token, sealed in rows}

    def token_of(self, kind: str, text: str) -> int:
        """The token under which the lake holds a text of that kind."""
        return self.tokens.one(kind, text)

    def keep_names(self, names: pl.DataFrame, *, registered: bool, month: int) -> None:
        """Remembers who is called what: columns `person_key`, `token`, `name`; `month` is YYYYMM of the delivery."""
        source = "registered" if registered else "reported"
        seen = names.drop_nulls().unique(["person_key", "token"]).sort("person_key", "token")
        said = {name: packed_integers(seen[name]) for name in ("person_key", "token")}
        new, later = self._keeper.names_said(said, seen.height, source, month)
        self._keep_new_names(seen[new], source, month)
        self._keeper.date_names(seen[later].select("person_key", "token").iter_rows(), source, month)

    def _keep_new_names(self, new: pl.DataFrame, source: str, month: int) -> None:
        places = new.select(pl.concat_str(pl.lit("names.name|"), "person_key", pl.lit(":"), "token")).to_series()
        for sealed in self.sealer.seal_column(places, new["name"]):
            these = new[sealed.rows]
            columns = {
                "person_key": packed_integers(these["person_key"]),
                "token": packed_integers(these["token"]),
                source: packed_same(month),
                "name": sealed.cells,
            }
            self._keeper.insert("names", columns, these.height)

    def keep_labels(self, kind: str, texts: pl.Series, tokens: pl.Series) -> None:
        """Remembers what the tokens of a kind stand for."""
        said = pl.DataFrame({"token": tokens, "text": texts}).drop_nulls().unique("token").sort("token")
        new = said[self._keeper.labels_said(kind, packed_integers(said["token"]), said.height)]
        places = new.select(pl.concat_str(pl.lit(f"labels.label|{kind}:"), "token")).to_series()
        for sealed in self.sealer.seal_column(places, new["text"]):
            these = packed_integers(new["token"].gather(sealed.rows))
            columns = {"kind": packed_same(kind), "token": these, "label": sealed.cells}
            self._keeper.insert("labels", columns, sealed.rows.len())

    def keep_rejects(self, batch: str, rows: Iterable[tuple[int, str, int | None, str]]) -> None:
        """Remembers rejected lines: line, reason code, county, and the content to be sealed."""
        self._keeper.keep_rejects(
            (batch, line, code, county, self.sealer.seal(f"rejects.content|{batch}:{line}:{code}", content))
            for line, code, county, content in rows
        )

    def kept_rejects(self, batch: str | None = None) -> Iterator[tuple[str, int, str, int | None, str]]:
        """All rejected lines, or those of a batch, by batch and line, opened; also of batches that never landed."""
        for name, line, code, county, content in self._keeper.rejects(batch):
            yield name, line, code, county, self.sealer.unseal(f"rejects.content|{name}:{line}:{code}", content)

    def keep_file_name(self, batch: str, name: str) -> None:
        """Remembers what the department called its file, which may hold a person's name."""
        self._keeper.keep_file_name(batch, self.sealer.seal(f"originals.file_name|{batch}", name))

    def file_name(self, batch: str) -> str | None:
        """What the department called the file of a batch."""
        sealed = self._keeper.file_name(batch)
        return None if sealed is None else self.sealer.unseal(f"originals.file_name|{batch}", sealed)

    def original(self, batch: str) -> Path:
        """Where the received file of a batch lies, sealed."""
        return self.root / "originals" / f"{batch}.sm4"

    def sweep(self, landed: set[str]) -> None:
        """Removes what belongs to batches that never landed. Persons stay: a key once given is never given again."""
        with self.transaction():
            self._keeper.forget_other_batches(landed)
        for path in (self.root / "originals").glob("*"):
            if path.suffix != ".sm4" or path.stem not in landed:
                path.unlink()


def key_is_foreign() -> Refusal:
    """What to say when the key file is not the one that a vault began with."""
    return Refusal(
        "landing.key_foreign", "密钥文件不是这个密库的；用它会把每个人都当成新人，所以拒绝。请恢复原来的密钥文件。"
    )
