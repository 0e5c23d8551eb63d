"""Twenty endpoints on loopback that fail, or do not, as endpoints on the net do. Needs `openssl` for the certificates.

`ENDPOINTS` lists them: a word, what is wrong in one sentence, and how the connection is handled. `start(folder)` starts them and gives their URLs.
"""

import base64
import hashlib
import socket
import ssl
import struct
import subprocess
import threading
import time

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PATIENCE = 40


def head(line):
    """The head of a request, and its fields by their names in small letters."""
    data = b""
    while b"\r\n\r\n" not in data and len(data) < 65536:
        got = line.recv(4096)
        if not got:
            break
        data += got
    rows = data.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (row.partition(":") for row in rows) if value}


def accepted(fields, key=None):
    answer = hashlib.sha1((key or fields.get("sec-websocket-key", "")).encode() + GUID).digest()
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + base64.b64encode(answer) + b"\r\n\r\n"
    )


def page(status, body="", *fields):
    rows = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields]
    return ("\r\n".join(rows) + "\r\n\r\n" + body).encode()


def frame(opcode, payload):
    return bytes([0x80 | opcode, len(payload)]) + payload


def close(code, reason=""):
    return frame(8, struct.pack(">H", code) + reason.encode())


def answering(answer):
    """Reads the request, sends this, and ends TCP when the other end has."""
    def handle(line):
        fields = head(line)
        line.sendall(answer(fields) if callable(answer) else answer)
        drain(line)
    return handle


def opened(*frames):
    return answering(lambda fields: accepted(fields) + b"".join(frames))


def drain(line):
    line.settimeout(0.5)
    try:
        while line.recv(65536):
            pass
    except OSError:
        pass


def echo(line):
    """A healthy server: answers pings, echoes nothing, answers a Close."""
    line.sendall(accepted(head(line)))
    line.settimeout(PATIENCE)
    data = b""
    while True:
        got = line.recv(4096)
        if not got:
            return
        data += got
        while len(data) >= 6 and len(data) >= 6 + (data[1] & 127):
            opcode, length, mask = data[0] & 15, data[1] & 127, data[2:6]
            payload = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data[6 : 6 + length]))
            data = data[6 + length :]
            if opcode == 9:
                line.sendall(frame(10, payload))
            if opcode == 8:
                line.sendall(frame(8, payload))
                return


def plain_http(line):
    """Answers what is no HTTP at once, as servers do that look at the first line."""
    line.recv(4096)
    line.sendall(page("400 Bad Request", "bad request"))
    drain(line)


def silent(line):
    time.sleep(PATIENCE)


def cut(line):
    """A message, and then TCP ends without a Close, as when a process is killed."""
    line.sendall(accepted(head(line)) + frame(1, b'{"hello":1}'))
    time.sleep(0.3)


def reset(line):
    line.sendall(accepted(head(line)))
    time.sleep(0.3)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


APP = "<!doctype html><html><head><title>Shop</title></head><body><div id=root></div></body></html>"

# A word, what is wrong, the scheme that is asked for, what handles a connection, and the certificate where TLS is spoken.
ENDPOINTS = [
    ("healthy", "Nothing: it opens, answers a ping, and closes in order", "ws", echo, None),
    ("nothing-listens", "Nothing listens on the port", "ws", None, None),
    ("no-such-name", "The name does not exist", "ws", None, None),
    ("silent", "TCP is accepted, and the upgrade is never answered", "ws", silent, None),
    ("tls-port", "The port speaks TLS, the URL says `ws`", "ws", echo, "good"),
    ("plain-port", "The port speaks plain HTTP, the URL says `wss`", "wss", plain_http, None),
    ("expired", "The certificate has expired", "wss", echo, "expired"),
    ("wrong-name", "The certificate is for another name", "wss", echo, "other"),
    ("self-signed", "The certificate is signed by itself", "wss", echo, "self"),
    ("no-intermediate", "The server does not send the intermediate certificate", "wss", echo, "leaf"),
    ("not-found", "The path does not exist: 404", "ws", answering(page("404 Not Found", "no such path")), None),
    ("unauthorized", "A token is missing: 401", "ws", answering(page("401 Unauthorized", "", 'WWW-Authenticate: Bearer error="invalid_token"')), None),
    ("moved", "It moved: 301 to `https://…/socket/`", "ws", answering(page("301 Moved Permanently", "", "Location: https://localhost/socket/")), None),
    ("single-page", "The path leads to the page of an application: 200 and HTML", "ws", answering(page("200 OK", APP, "Content-Type: text/html")), None),
    ("lost-headers", "A proxy lost `Upgrade`: the server answers 426", "ws", answering(page("426 Upgrade Required", "", "Upgrade: websocket", "Via: 1.1 edge")), None),
    ("wrong-accept", "A 101 with a wrong `Sec-WebSocket-Accept`", "ws", answering(lambda fields: accepted(fields, "x3JJHMbDL1EzLkh9GBhXDw==")), None),
    ("policy", "A Close with 1008 \"token expired\"", "ws", opened(close(1008, "token expired")), None),
    ("masked", "The server masks its frames", "ws", opened(bytes([0x81, 0x82, 1, 2, 3, 4]) + bytes([0x68 ^ 1, 0x69 ^ 2])), None),
    ("cut", "TCP ends after a message, without a Close", "ws", cut, None),
    ("reset", "TCP is reset once it is open", "ws", reset, None),
]


def run(folder, *words, stdin=None):
    subprocess.run(["openssl", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, input=stdin)


def expired(folder, extensions):
    """A certificate of the past: `x509` gives no dates of its own before OpenSSL 3.4, `ca` does."""
    (folder / "expired.cnf").write_text(extensions)
    (folder / "ca.conf").write_text("[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\npolicy=p\nrand_serial=yes\n[p]\ncommonName=supplied\n")
    (folder / "index.txt").write_text("")
    run(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "expired.key", "-subj", "/CN=localhost", "-out", "expired.csr")
    run(folder, "ca", "-batch", "-config", "ca.conf", "-cert", "middle.pem", "-keyfile", "middle.key", "-in", "expired.csr", "-md", "sha256",
        "-out", "expired.pem", "-startdate", "20250101000000Z", "-enddate", "20250201000000Z", "-notext", "-extfile", "expired.cnf")


def certificates(folder):
    """A root, an intermediate, and what the endpoints show, as PEM files in a folder."""
    (folder / "ca.cnf").write_text("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n")

    def signed(name, subject, by, extensions):
        (folder / f"{name}.cnf").write_text(extensions)
        run(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-subj", f"/CN={subject}", "-out", f"{name}.csr")
        run(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{by}.pem", "-CAkey", f"{by}.key", "-CAcreateserial", "-sha256",
            "-extfile", f"{name}.cnf", "-out", f"{name}.pem", "-days", "30")

    run(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-subj", "/CN=Example Root", "-days", "30",
        "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", "root.pem")
    signed("middle", "Example Intermediate", "root", (folder / "ca.cnf").read_text())
    here = "subjectAltName=DNS:localhost\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n"
    signed("good", "localhost", "middle", here)
    signed("leaf", "localhost", "middle", here)
    expired(folder, here)
    signed("other", "www.example.org", "middle", here.replace("localhost", "www.example.org"))
    run(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "self.key", "-subj", "/CN=localhost", "-days", "30",
        "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE", "-out", "self.pem")
    middle = (folder / "middle.pem").read_text()
    for name in ("good", "expired", "other"):
        path = folder / f"{name}.pem"
        path.write_text(path.read_text() + middle)


def serve(handle, context):
    listener = socket.create_server(("127.0.0.1", 0), backlog=16)

    def one(line):
        try:
            if context:
                line = context.wrap_socket(line, server_side=True)
            with line:
                handle(line)
        except OSError:
            pass

    def loop():
        while True:
            line, _ = listener.accept()
            line.settimeout(PATIENCE)
            threading.Thread(target=one, args=(line,), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    return listener.getsockname()[1]


def start(folder):
    """Starts all. Gives for each its word, what is wrong, and its URL; `folder/root.pem` is the root to trust."""
    certificates(folder)
    # A port on which nothing listens, for as long as nobody takes it.
    with socket.create_server(("127.0.0.1", 0)) as free:
        unused = free.getsockname()[1]
    urls = []
    for word, wrong, scheme, handle, certificate in ENDPOINTS:
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / f"{certificate}.pem", folder / f"{certificate}.key")
        host = "no-such-name.invalid" if word == "no-such-name" else "localhost"
        port = serve(handle, context) if handle else unused
        urls.append((word, wrong, f"{scheme}://{host}:{port}/ws"))
    return urls
