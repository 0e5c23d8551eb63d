#!/usr/bin/env python3
"""Feeds one case at a time to a WebSocket server and notes what it does.

A raw peer: TCP, a correct handshake, the bytes of the case. Three things are
noted: what the application was shown (the program under test prints it), which
Close came back, and how TCP ended. Standard library only.

    measure.py ID VERSION VARIANT -- COMMAND...           print the row
    measure.py --check ID VERSION VARIANT -- COMMAND...   compare it with src/facts/implementations

COMMAND listens on a free port of 127.0.0.1 and prints JSON lines:
{"port": 40000} first; for the connection with the path /PATH
{"path": "/PATH", "delivered": true} when a message arrives,
{"path": "/PATH", "call": "ok"} or "refused" after a call to close, and
{"path": "/PATH", "shown": 1006} at the end: a number, "none" or "error".
On the path /send/1012/... it calls close with 1012, on /send/no-code/... without
a code, on /send/reason-of-124/... with 1000 and a reason of 124 bytes.
"""

import concurrent.futures
import json
import pathlib
import re
import socket
import struct
import subprocess
import sys
import threading
import time

KEY = bytes.fromhex("37fa213d")
REPLY, END, REPORT = 1.5, 0.5, 1.0
CODES = (
    [0, *range(999, 1017)]
    + [1100, 2000, 2999, 3000, 3003, 3999, 4000, 4999, 5000, 65535]
)
SENT = ["no-code", 1000, 1001, 1002, 1005, 1006, 1011, 1012, 1014, 1015, 3000, 4000, 5000]


def frame(first, payload, length=None, masked=True):
    """A frame; `length` is the length as bytes where it is not the shortest."""
    if length is None:
        short = len(payload)
        length = bytes([short]) if short < 126 else b"\x7e" + struct.pack(">H", short)
    mask = 0x80 if masked else 0
    body = bytes(byte ^ KEY[i % 4] for i, byte in enumerate(payload)) if masked else payload
    return bytes([first, length[0] | mask]) + length[1:] + (KEY if masked else b"") + body


def close(code, reason=b""):
    return frame(0x88, struct.pack(">H", code) + reason)


CASES = {
    ("close", "empty"): frame(0x88, b""),
    ("close", "one-byte"): frame(0x88, b"\x03"),
    **{("close", str(code)): close(code) for code in CODES},
    ("close", "bad-utf8-reason"): close(1000, b"\xc3\x28"),
    ("fault", "text-not-utf8"): frame(0x81, b"\xc3\x28"),
    ("fault", "reserved-data-opcode"): frame(0x83, b"hi"),
    ("fault", "rsv1"): frame(0xC1, b"hi"),
    ("fault", "rsv2"): frame(0xA1, b"hi"),
    ("fault", "wrong-masking"): frame(0x81, b"hi", masked=False),
    ("fault", "fragmented-ping"): frame(0x09, b"hi"),
    ("fault", "ping-of-126"): frame(0x89, b"p" * 126),
    ("fault", "continuation-without-start"): frame(0x80, b"hi"),
    ("fault", "text-inside-fragments"): frame(0x01, b"hi") + frame(0x81, b"hi"),
    ("fault", "non-minimal-length"): frame(0x81, b"hi", length=b"\x7e\x00\x02"),
    ("fault", "close-inside-fragments"): frame(0x01, b"hi") + close(1000),
    **{("send", str(sent)): b"" for sent in [*SENT, "reason-of-124"]},
    ("end", "fin"): b"",
    ("end", "reset"): b"",
}


class Program:
    """The program under test, and what it printed."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.said = {}
        self.changed = threading.Condition()
        first = self.process.stdout.readline()
        if not first:
            sys.exit(f"harness: {command[0]} ended before it listened")
        self.port = json.loads(first)["port"]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            said = json.loads(line)
            with self.changed:
                self.said.setdefault(said.pop("path"), {}).update(said)
                self.changed.notify_all()

    def wait(self, path, key):
        """What it said of `key` for this path, or None."""
        deadline = time.monotonic() + REPORT
        with self.changed:
            while key not in self.said.get(path, {}):
                rest = deadline - time.monotonic()
                if rest <= 0 or not self.changed.wait(rest):
                    return self.said.get(path, {}).get(key)
            return self.said[path][key]


def frames(data):
    """The (first byte, payload) of every whole unmasked frame."""
    while len(data) >= 2:
        length, at = data[1] & 0x7F, 2
        if length == 126:
            length, at = int.from_bytes(data[2:4], "big"), 4
        elif length == 127:
            length, at = int.from_bytes(data[2:10], "big"), 10
        if len(data) < at + length:
            return
        yield data[0], data[at : at + length]
        data = data[at + length :]


def measure(program, case):
    """The outcome of one case, as the tables write it."""
    section, name = case
    path = f"/{section}/{name}/x"
    peer = socket.create_connection(("127.0.0.1", program.port), timeout=5)
    peer.sendall(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{program.port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    data = b""
    while b"\r\n\r\n" not in data:
        piece = peer.recv(4096)
        if not piece:
            sys.exit(f"harness: {case}: no handshake")
        data += piece
    data = data.split(b"\r\n\r\n", 1)[1]
    if section == "end":
        time.sleep(0.1)
        if name == "reset":
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
        return f"{program.wait(path, 'shown')}/-"
    peer.sendall(CASES[case])
    answer, end, deadline = None, None, time.monotonic() + REPLY
    while end is None:
        for first, payload in frames(data):
            if first & 0x0F == 8 and answer is None:
                answer = payload
                deadline = time.monotonic() + END
                if section == "send":
                    peer.sendall(frame(0x88, payload[:2]))
        try:
            peer.settimeout(max(deadline - time.monotonic(), 0.001))
            piece = peer.recv(65536)
            data += piece
            if not piece:
                end = "drop"
        except TimeoutError:
            end = "silence"
        except ConnectionResetError:
            end = "reset"
    pong = any(first & 0x0F == 10 for first, _ in frames(data))
    if answer is None:
        wire = end
    elif len(answer) == 1:
        wire = "same"
    elif not answer:
        wire = "empty"
    else:
        wire = str(struct.unpack(">H", answer[:2])[0])
        wire = "same" if wire == name and section != "fault" else wire
    if section == "send":
        call = program.wait(path, "call") or "ok"
        peer.close()
        if answer is None:
            wire = "nothing"
        elif name == "reason-of-124":
            wire = {124: "same", 123: "cut", 0: "no-reason"}.get(len(answer[2:]), wire)
        return f"{call}/{wire}"
    if wire == "silence" and section == "fault" and name != "close-inside-fragments":
        delivered = program.said.get(path, {}).get("delivered")
        peer.close()
        return "-/accepted" if delivered or pong else "-/silence"
    # Some say it only when both ends of TCP are closed.
    peer.close()
    shown = program.wait(path, "shown")
    # What a refused code is shown as may be that very number.
    is_same = str(shown) == name and not (wire == "1002" and name in ("1005", "1006"))
    return f"{'same' if is_same and section == 'close' else shown}/{wire}"


def table(identifier, version, variant):
    """The cells of a row in the tables."""
    cells, implementation, is_row = {}, None, False
    folder = pathlib.Path(__file__).parent.parent / "src/facts/implementations"
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text().splitlines():
            key, _, rest = line.partition(" ")
            fields = [field.strip() for field in rest.split(" | ")]
            if key == "implementation":
                implementation, is_row = fields[0], False
            elif key == "row":
                row_variant = fields[2] if len(fields) > 2 else ""
                is_row = (
                    implementation == identifier
                    and fields[0].split(" ")[0] == version
                    and fields[1] in ("server", "both")
                    and row_variant == variant
                )
            elif is_row and key in ("close", "fault", "send", "end"):
                outcome, *words = rest.split()
                for word in words:
                    span = re.fullmatch(r"(\d+)-(\d+)", word)
                    names = (
                        [str(code) for code in CODES if int(span[1]) <= code <= int(span[2])]
                        if span and key == "close"
                        else [word]
                    )
                    cells.update({(key, name): outcome for name in names})
    return cells


def main():
    arguments, command = sys.argv[1:], []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, command = arguments[:at], arguments[at + 1 :]
    check = "--check" in arguments
    arguments = [argument for argument in arguments if argument != "--check"]
    if len(arguments) != 3 or not command:
        sys.exit(__doc__)
    identifier, version, variant = arguments
    known = table(identifier, version, variant)
    if check and not known:
        sys.exit(f"harness: no row `{identifier} {version} {variant}` in src/facts/implementations")
    program = Program(command)
    try:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            found = dict(zip(CASES, pool.map(lambda case: measure(program, case), CASES)))
    finally:
        program.process.terminate()
        program.process.wait()
    if not check:
        print(f"row      {version} | server | {variant}".rstrip(" |"))
        print(f"source   measured {time.strftime('%Y-%m-%d')}")
        for section in ("close", "fault", "send", "end"):
            outcomes = {}
            for (part, name), outcome in found.items():
                if part == section:
                    outcomes.setdefault(outcome, []).append(name)
            for outcome, names in outcomes.items():
                print(f"{section:8} {outcome:16} {' '.join(names)}")
        return
    wrong = [
        f"{identifier} {version} {variant}: {section} {name}: the table says {known[section, name]}, measured {outcome}"
        for (section, name), outcome in found.items()
        if known.get((section, name), outcome) != outcome
    ]
    for line in wrong:
        print(line)
    name = f"{identifier} {version} {variant}".strip()
    compared = sum(case in known for case in found)
    print(f"{name}: {compared} cases compared, {len(wrong)} differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
