import pytest

from upstream.delivery.choices import OutboxState
from upstream.delivery.services import send
from upstream.delivery.transports.mail import compose

BACKEND = "upstream.delivery.backends.EmlFileBackend"


@pytest.fixture
def eml_files(settings):
    settings.EMAIL_BACKEND = BACKEND
    return lambda: sorted(settings.MAIL_DIR.iterdir())


def test_the_same_message_twice_is_one_whole_file(message, eml_files):
    for _ in range(2):
        mail = compose(message)
        mail.send()
    (written,) = eml_files()
    assert written.name == message.message_id.strip("<>").partition("@")[0] + ".eml"
    assert b"To: dana@hillside.example" in written.read_bytes()


def test_where_no_file_can_be_written_the_message_waits(message, eml_files, settings):
    settings.MAIL_DIR.parent.mkdir(parents=True, exist_ok=True)
    settings.MAIL_DIR.write_text("in the way")
    send(message.pk)
    message.refresh_from_db()
    assert (message.state, message.error_code) == (OutboxState.QUEUED, "cut_before_sending")
    assert message.attempts == 1
