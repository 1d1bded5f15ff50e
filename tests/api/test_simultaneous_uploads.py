"""Requests that come at the same time under one key."""

import threading

import pytest
from django.db import connection
from django.test import Client

from tests.api.conftest import Caller
from tests.api.test_uploads import CSV, batches


@pytest.mark.django_db(transaction=True)
def test_simultaneous_requests_under_one_key_are_one(us: Caller) -> None:
    answers: list[int] = []

    def send() -> None:
        try:
            caller = Caller(us.practice, us.client, us.secret, us.token, Client())
            answers.append(caller.post("uploads/", CSV * 2000, Idempotency_Key="k1").status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {202, 409}
    assert 202 in answers
    assert len(batches(us)) == 1
