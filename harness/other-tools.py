#!/usr/bin/env python3
"""What other tools say of the same inputs, as the Markdown of docs/other-tools.md.

    python3 harness/other-tools.py PATH-OF-WSCLOSE > docs/other-tools.md

Runs wsclose, tshark, wscat, websocat and curl where they are installed (apt-get install tshark curl,
npm install -g wscat, cargo install websocat), the live ones against a server of its own on a free
port of 127.0.0.1, which answers the upgrade and then sends just the bytes of the case. Nothing leaves the machine.
"""

import base64
import hashlib
import os
import pathlib
import pty
import re
import shutil
import socket
import subprocess
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
REASON = b"keepalive ping timeout"
CASES = {
    "/1011": ("the server closes with 1011 and a reason",
              bytes([0x88, 2 + len(REASON), 0x03, 0xF3]) + REASON),
    "/fin": ("the server ends TCP without a Close", b""),
    "/utf8": ("the server sends a text message that is not UTF-8", b"\x81\x03f\xc3("),
    "/403": ("the server refuses the upgrade", None),
}
LONGEST = 14  # lines of an answer that are shown


def serve(listener):
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=answer, args=(client,), daemon=True).start()


def answer(client):
    client.settimeout(5)
    request = b""
    try:
        while b"\r\n\r\n" not in request:
            piece = client.recv(4096)
            if not piece:
                return
            request += piece
        path = request.split(b" ")[1].decode()
        frames = CASES[path][1]
        if frames is None:
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        key = re.search(rb"(?i)sec-websocket-key: *(\S+)", request).group(1)
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
        client.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                       b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n" + frames)
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):
            pass
    except OSError:
        pass
    finally:
        client.close()


def run(command, at_terminal=False):
    """What a command prints, both streams together; some say more at a terminal."""
    env = {"PATH": PATH, "LANG": "C.UTF-8", "COLUMNS": "100", "HOME": "/nonexistent", "TERM": "dumb"}
    ends = pty.openpty() if at_terminal else (None, subprocess.PIPE)
    process = subprocess.Popen(command, cwd=ROOT, stdin=ends[1] if at_terminal else subprocess.DEVNULL, stdout=ends[1],
                               stderr=ends[1] if at_terminal else subprocess.STDOUT, env=env)
    killer = threading.Timer(40, process.kill)
    killer.start()
    out = b""
    if at_terminal:
        os.close(ends[1])
        try:
            while piece := os.read(ends[0], 4096):
                out += piece
        except OSError:
            pass  # so a terminal ends
        os.close(ends[0])
    else:
        out = process.stdout.read()
    process.wait()
    killer.cancel()
    out = out.decode("utf-8", "replace")
    out = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out).replace("\r", "")
    out = out.replace('Running as user "root" and group "root". This could be dangerous.\n', "")
    return "".join(sign if sign == "\n" or sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in out).strip("\n")


def block(typed, out):
    lines = [line.removeprefix("> ").rstrip() for line in out.split("\n")]
    lines = [line for line in lines if line not in ("", ">")] or ["(nothing)"]
    if len(lines) > LONGEST:
        lines = lines[:LONGEST] + ["…"]
    return "\n".join(["```text", f"> {typed}", *lines, "```", ""])


def version(command, pattern=r"\d+(\.\d+)+"):
    found = re.search(pattern, run(command))
    return found.group(0) if found else "?"


def main():
    tools = {"wscat": ["wscat", "--version"], "websocat": ["websocat", "--version"],
             "curl": ["curl", "--version"], "tshark": ["tshark", "--version"]}
    there = {name: version(command) for name, command in tools.items() if shutil.which(name, path=PATH)}
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    threading.Thread(target=serve, args=(listener,), daemon=True).start()
    hide = lambda text: text.replace(str(port), "PORT")
    print((ROOT / "harness/other-tools.head.md").read_text().rstrip("\n").replace(
        "VERSIONS", ", ".join(f"{name} {number}" for name, number in sorted(there.items()))))
    print("\n## An endpoint\n\nEach tool was given the same address; the server is that of `harness/other-tools.py`.\n")
    for path, (what, _) in CASES.items():
        url = f"ws://127.0.0.1:{port}{path}"
        print(f"### {what[0].upper()}{what[1:]}\n")
        live = [(["curl", "-sS", "-i", "-N", "--max-time", "3", "--http1.1", "-H", "Connection: Upgrade", "-H",
                  "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13", "-H",
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", url.replace("ws:", "http:")], False),
                (["wscat", "-c", url], True), (["websocat", url], True)]
        for command, at_terminal in live:
            if command[0] in there:
                typed = command[0] + (" -i -N --http1.1 -H …" if command[0] == "curl" else "".join(" " + it for it in command[1:-1])) + " " + command[-1]
                print(hide(block(typed, run(command, at_terminal))))
        out = run([WSCLOSE, "probe", "--no-compression", url])
        # What each layer took differs from run to run.
        took = re.compile(r" · .*\d (µs|ms|s)$")
        out = "\n".join(line for line in out.split("\n") if not took.search(line.rstrip()))
        print(hide(block(f"wsclose {url}", out)))
    listener.close()
    print("## A capture\n\nThe same file, of a connection that nginx ended after two seconds of silence.\n")
    capture = "tests/captures/d20_nginx_idle_timeout_undici_pyws.pcapng"
    if "tshark" in there:
        shown = "websocket or (tcp.port == 8081 and tcp.flags.fin == 1)"
        print(block(f"tshark -r FILE -Y '{shown}'", run(["tshark", "-r", capture, "-d", "tcp.port==8081,http", "-Y", shown])))
    print(block("wsclose FILE --connection 1", run([WSCLOSE, capture, "--connection", "1"])))


PATH = os.environ["PATH"]
if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    WSCLOSE = str(pathlib.Path(sys.argv[1]).resolve())
    main()
