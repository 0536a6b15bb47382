"""How the web takes files: each chunk is sealed as it comes, so that no plain byte is put by, not even for a moment.

All of it outside of any transaction: a gigabyte over a village's line takes an hour.
"""

import uuid
from collections.abc import Mapping
from typing import Any, Protocol

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from doudi.errors import Refusal
from doudi.office.exchange.store import Sealed, UploadWriter, drop

__all__ = ["SealedUpload", "SealingHandler", "take_whole"]


class SealedUpload(UploadedFile):  # type: ignore[type-arg]  # at run time it takes no argument
    """A file of a form that is sealed already; it has a name and a size and nothing to read."""

    def __init__(self, name: str, sealed: Sealed) -> None:
        super().__init__(name=name, size=sealed.size)
        self.sealed = sealed


class SealingHandler(FileUploadHandler):
    """Django's only upload handler of these pages. `refused` are files not taken: (name, sentence).

    What was sealed and not `kept` when the request is over is dropped by `leave`.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.refused: list[tuple[str, str]] = []
        self._writer: UploadWriter | None = None
        self._sealed: set[uuid.UUID] = set()

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

    def file_complete(self, file_size: int) -> SealedUpload:  # noqa: ARG002 - Django's interface
        """The file is whole."""
        sealed = self._taken().end()
        self._writer = None
        self._sealed.add(sealed.upload)
        return SealedUpload(self.file_name or "", sealed)

    def upload_interrupted(self) -> None:
        """The sender went away."""
        self._drop()

    def kept(self, upload: uuid.UUID) -> None:
        """That file was entered in the list, for good."""
        self._sealed.discard(upload)

    def leave(self) -> None:
        """The request is over: nothing stays of a file that was not kept, also when it ended in an error."""
        self._drop()
        for upload in self._sealed:
            drop(upload)
        self._sealed.clear()

    def _taken(self) -> UploadWriter:
        if self._writer is None:
            self._writer = UploadWriter()
        return self._writer

    def _drop(self) -> None:
        if self._writer is not None:
            self._writer.give_up()
            self._writer = None


def take_whole(request: HttpRequest) -> None:
    """From now on reading this request's form is refused when less came than its head announced.

    Django takes the end of a broken connection for the end of the file, and half a roll for a whole one.
    """
    parse = request.parse_file_upload

    def whole(head: Mapping[str, Any], body: "_Readable") -> "tuple[QueryDict, MultiValueDict[str, UploadedFile[Any]]]":
        counted = _Counted(body)
        told = parse(head, counted)  # type: ignore[arg-type]  # Django asks for read() and nothing else
        if counted.done < int(head.get("CONTENT_LENGTH") or 0):
            raise Refusal("exchange.broken_off", "文件没有传完，连接就断了，一个也没有收下；请检查网络后重新交一次。")
        return told

    request.parse_file_upload = whole  # type: ignore[method-assign,assignment]  # of this one request


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Counted:
    """A stream that knows how much was read of it."""

    def __init__(self, stream: _Readable) -> None:
        self._stream = stream
        self.done = 0

    def read(self, size: int = -1) -> bytes:
        read = self._stream.read(size)
        self.done += len(read)
        return read
