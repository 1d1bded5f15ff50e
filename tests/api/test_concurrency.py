"""Two practices at once, with requests that fail and break off between: no answer holds anything of the other."""

import itertools
import json
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from tests import factories
from tests.api.conftest import Caller
from upstream.core import tenancy

ROUNDS, THREADS = 25, 4


@pytest.mark.django_db(transaction=True)
def test_interleaved_requests_never_mix(us: Caller, stranger: Caller) -> None:
    ours: dict[str, str] = {}
    for caller in (us, stranger):
        with tenancy.bind(caller.practice.pk), transaction.atomic():
            ours[caller.client.client_id] = str(factories.claim(factories.payer()).public_id)
    foreign: list[Any] = []
    turns = itertools.count()

    def work() -> None:
        try:
            for _ in range(ROUNDS):
                caller = (us, stranger)[next(turns) % 2]
                mine = ours[caller.client.client_id]
                again = Caller(caller.practice, caller.client, caller.secret, caller.token, Client())
                again.get("claims/?page_size=broken")
                again.post("uploads/", b"--xyz\r\n", Content_Type="multipart/form-data; boundary=xyz")
                found = [row["id"] for row in json.loads(again.get("claims/").content)["results"]]
                if found != [mine] or not tenancy.is_empty():
                    foreign.append((mine, found))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert foreign == []
