"""Mail by SMTP over TLS from the first byte."""

from functools import partial

from ondol.channels.smtp import open_channel as open_smtp

open_channel = partial(open_smtp, is_tls=True)
