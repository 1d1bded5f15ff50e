"""A mail server on loopback that keeps what it accepts, and misbehaves at one verb when asked to."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HANG_UP = "hang up"


@dataclass
class Sink:
    """`answers` maps a verb (GREETING, EHLO, MAIL, RCPT, DATA, END) to what is answered instead of the usual."""

    answers: dict[str, str] = field(default_factory=dict)
    accepted: list[bytes] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)
    port: int = 0

    def serve(self, client: socket.socket) -> None:
        """One conversation, to its end."""
        lines = client.makefile("rb")
        with client, lines:
            if not self.say(client, "GREETING", "220 sink"):
                return
            for line in lines:
                verb = line.split()[0].upper().decode()
                usual = {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 fine")
                if not self.say(client, verb, usual) or verb == "QUIT":
                    return
                if verb == "DATA" and self.answers.get("DATA", "354").startswith("354"):
                    text = b"".join(iter(lines.readline, b".\r\n"))
                    self.received.append(text)
                    if self.answers.get("END", "250").startswith("250"):
                        self.accepted.append(text)
                    if not self.say(client, "END", "250 taken"):
                        return

    def say(self, client: socket.socket, verb: str, usual: str) -> bool:
        """False when the line was cut instead."""
        answer = self.answers.get(verb, usual)
        if answer != HANG_UP:
            client.sendall(answer.encode() + b"\r\n")
        return answer != HANG_UP


@contextmanager
def sink(**answers: str) -> Iterator[Sink]:
    """A running sink; closed at the end."""
    server = Sink(answers)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]
        thread = threading.Thread(target=_accept, args=(listening, server), daemon=True)
        thread.start()
        yield server
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _accept(listening: socket.socket, server: Sink) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        with suppress(OSError):  # the other side was killed in the middle
            server.serve(client)
