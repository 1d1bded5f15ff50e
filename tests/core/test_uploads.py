import os
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from upstream.core.uploads import SealedUpload

SECRET = b"PATIENT LOVELACE " * 20_000


def test_a_form_upload_is_never_in_clear_on_disk():
    upload = SealedUpload("claims.csv", "text/csv")
    upload.add(SECRET[:70_000])
    upload.add(SECRET[70_000:])
    upload.file.flush()
    assert b"LOVELACE" not in Path(f"/proc/self/fd/{upload.file.fileno()}").read_bytes()
    assert (b"".join(upload.chunks()), upload.size) == (SECRET, len(SECRET))
    assert os.fstat(upload.file.fileno()).st_size > len(SECRET)
    upload.close()


def test_forms_receive_sealed_uploads():
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("claims.csv", SECRET)})
    upload = request.FILES["file"]
    assert isinstance(upload, SealedUpload)
    assert (upload.read(), upload.name) == (SECRET, "claims.csv")
    request.close()
