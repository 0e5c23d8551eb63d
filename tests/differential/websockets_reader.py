"""Reads streams of frames with the websockets library, without any network.

Each line of the input is a role, the largest message, and a stream in hex. Each line of the output
is what was delivered, and the end: `input`, `closed`, or `fault` with a close code.
"""

import codecs
import logging
import sys

import websockets
from websockets.exceptions import PayloadTooBig, ProtocolError
from websockets.frames import Close, Opcode

try:
    from websockets.protocol import CLIENT, SERVER, Protocol
except ImportError:  # before 11.0
    from websockets.connection import CLIENT, SERVER, Connection as Protocol

logging.disable(logging.CRITICAL)


def fault(error):
    """The close code of a fault, or nothing if the input only ended."""
    if isinstance(error, EOFError):
        return None
    if isinstance(error, UnicodeDecodeError):
        return 1007
    if isinstance(error, PayloadTooBig):
        return 1009
    if isinstance(error, ProtocolError):
        return 1002
    raise error


def read(role, limit, stream):
    protocol = Protocol(SERVER if role == "server" else CLIENT, max_size=limit)
    protocol.receive_data(stream)
    if protocol.parser_exc is None and protocol.close_rcvd is None:
        protocol.receive_eof()
    words = []
    message = None
    # The library's own connections, a layer above, decode text like this.
    decoder = codecs.getincrementaldecoder("utf-8")()
    for frame in protocol.events_received():
        data = bytes(frame.data)
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            message, kind = b"", "text" if frame.opcode is Opcode.TEXT else "binary"
            decoder.reset()
        if frame.opcode is Opcode.CLOSE:
            close = Close.parse(data)
            code = "" if not data else str(close.code)
            words.append(f"close:{code}:{close.reason.encode().hex()}")
            return words + ["closed"]
        if frame.opcode in (Opcode.PING, Opcode.PONG):
            name = "ping" if frame.opcode is Opcode.PING else "pong"
            words.append(f"{name}:{data.hex()}")
            continue
        if kind == "text":
            try:
                decoder.decode(data, frame.fin)
            except UnicodeDecodeError:
                return words + ["fault:1007"]
        message += data
        if frame.fin:
            words.append(f"{kind}:{message.hex()}")
    code = fault(protocol.parser_exc)
    return words + ["input" if code is None else f"fault:{code}"]


# The first line says which library it is.
print("websockets", getattr(websockets, "__version__", "of unknown version"))
for line in sys.stdin:
    role, limit, *stream = line.split()
    print(" ".join(read(role, int(limit), bytes.fromhex("".join(stream)))))
