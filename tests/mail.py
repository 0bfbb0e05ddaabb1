"""A mail server for tests, on a real socket: it takes mail over SMTP, or refuses it as it is told."""

import email
import re
import socketserver
import threading
from email.message import EmailMessage
from email.policy import default


class _Talk(socketserver.StreamRequestHandler):
    server: "MailServer"

    def handle(self) -> None:
        self._say("220 test ready")
        receivers: list[str] = []
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word in ("EHLO", "HELO"):
                self._say("250-test\r\n250-AUTH PLAIN\r\n250 SMTPUTF8")
            elif word == "AUTH":
                self._say("235 welcome")
            elif word == "RCPT":
                receivers.append(line.partition(":")[2].split(" ")[0].strip("<>"))
                self._say("550 no" if self.server.refuses else "250 ok")
            elif word == "DATA":
                self._say("354 go on")
                self.server.take(receivers, self._text())
                receivers = []
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _text(self) -> bytes:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """`received` are the mails that it took, with the addresses that they went to."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Talk)
        self.refuses = False
        self.received: list[tuple[list[str], EmailMessage]] = []
        self.port: int = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=ondol@example.com"

    def take(self, receivers: list[str], text: bytes) -> None:
        message = email.message_from_bytes(text, policy=default)
        assert isinstance(message, EmailMessage)
        self.received.append((receivers, message))

    def text(self, number: int = -1) -> str:
        return self.received[number][1].get_content()

    def link(self, number: int = -1) -> str:
        """The link in a mail."""
        found = re.search(r"https?://\S+", self.text(number))
        assert found
        return found[0]

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
