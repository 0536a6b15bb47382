"""How the web takes files: each chunk is sealed as it comes, so that no plain byte is put by, not even for a moment."""

from time import monotonic
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import connection
from django.http import HttpRequest

from doudi.errors import Refusal
from doudi.office.exchange.store import Sealed, UploadWriter

__all__ = ["SealedUpload", "SealingHandler"]

_STILL_HERE: Final = 10  # seconds of receiving, after which the database is told that this request lives


class SealedUpload(UploadedFile):  # type: ignore[type-arg]  # at run time it takes no argument
    """A file of a form that is sealed already; it has a name and a size and nothing to read."""

    def __init__(self, name: str, sealed: Sealed) -> None:
        super().__init__(name=name, size=sealed.size)
        self.sealed = sealed


class SealingHandler(FileUploadHandler):
    """Django's only upload handler of these pages. `refused` are files not taken: (name, sentence)."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.refused: list[tuple[str, str]] = []
        self._writer: UploadWriter | None = None
        self._told = monotonic()

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django gives them
        """A file of the form begins."""
        super().new_file(*args, **kwargs)
        self._writer = UploadWriter()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's interface
        """Seals the chunk; of a file that grows too large nothing is kept, and the others are read on."""
        writer = self._taken()
        try:
            writer.add(raw_data)
        except Refusal as refusal:
            self._drop()
            self.refused.append((self.file_name or "", refusal.sentence))
            raise SkipFile from refusal
        self._keep_alive()

    def file_complete(self, file_size: int) -> SealedUpload:  # noqa: ARG002 - Django's interface
        """The file is whole."""
        sealed = self._taken().end()
        self._writer = None
        return SealedUpload(self.file_name or "", sealed)

    def upload_interrupted(self) -> None:
        """The sender went away."""
        self._drop()

    def _taken(self) -> UploadWriter:
        if self._writer is None:
            self._writer = UploadWriter()
        return self._writer

    def _drop(self) -> None:
        if self._writer is not None:
            self._writer.give_up()
            self._writer = None

    def _keep_alive(self) -> None:
        """The request's transaction stands open meanwhile, and the database ends one that is silent for a minute."""
        if monotonic() - self._told > _STILL_HERE:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            self._told = monotonic()
