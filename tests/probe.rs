//! `wsclose probe` against real servers on loopback.

#![cfg(all(unix, feature = "probe"))]

mod common;
#[path = "probe/servers.rs"]
mod servers;

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::{bare, run};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use serde_json::Value;
use servers::{accepted, close, echo, field, frame, next_frame, request, serve, serve_tls, talk};
use wsclose::report::Status;

const LONG: Duration = Duration::from_secs(20);

fn validator() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/wsclose.json");
    let schema = std::fs::read_to_string(path).expect("it is there");
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    jsonschema::validator_for(&schema).expect("it is a schema")
}

/// Probes in JSON: the status and the last line. Every line keeps the schema.
fn probe(url: &str, options: &[&str]) -> (Status, Value) {
    let mut arguments = vec!["probe", url, "--json", "--no-proxy", "--for", "300ms"];
    if options.contains(&"--proxy") {
        arguments.retain(|it| *it != "--no-proxy");
    }
    arguments.extend(options);
    let (status, out, err) = run(&arguments);
    let validator = validator();
    let mut last = Value::Null;
    for line in out.lines() {
        let value: Value = serde_json::from_str(line).expect("a line is an object");
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|it| it.to_string())
            .collect();
        assert!(errors.is_empty(), "{line}\n{errors:?}");
        last = value;
    }
    assert_eq!(last["type"], "probe", "{out}{err}");
    (status, last)
}

fn text(url: &str, options: &[&str]) -> String {
    let mut arguments = vec!["probe", url, "--no-proxy", "--for", "300ms"];
    arguments.extend(options);
    let (_, out, err) = run(&arguments);
    let words: Vec<&str> = out
        .split_whitespace()
        .chain(err.split_whitespace())
        .collect();
    words.join(" ")
}

fn ws(port: u16) -> String {
    format!("ws://127.0.0.1:{port}/ws")
}

/// A file of this test alone.
fn file(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("probe");
    std::fs::create_dir_all(&folder).expect("a folder");
    folder.join(name)
}

#[test]
fn a_healthy_endpoint_is_healthy() {
    let port = serve(|line| echo(line, LONG));
    let (status, found) = probe(&ws(port), &[]);
    assert_eq!((status, &found["cause"]), (Status::Fine, &"healthy".into()));
    let layers: Vec<&str> = found["layers"]
        .as_array()
        .expect("layers")
        .iter()
        .filter_map(|layer| layer["layer"].as_str().filter(|_| layer["ok"] == true))
        .collect();
    assert_eq!(layers, ["resolve", "connect", "upgrade", "frames", "close"]);
    assert_eq!(found["status"], 101);
    assert_eq!(found["close"]["sender"], "client");
}

#[test]
fn what_was_asked_for_is_sent() {
    let (send, receive) = std::sync::mpsc::channel();
    let port = serve(move |line| {
        let request = request(line);
        let _ = line.write_all(&accepted(&request, "Sec-WebSocket-Protocol: b\r\n"));
        let first = next_frame(line);
        let _ = send.send((request, first));
        talk(line, LONG);
    });
    let headers = file("headers.txt");
    std::fs::write(&headers, "X-Room: 7\nAuthorization: Bearer t0p-Secret\n").expect("a file");
    let headers = format!("@{}", headers.display());
    let url = format!("ws://me:pass-Word@127.0.0.1:{port}/ws?key=Hidden-1");
    let saved = file("asked.pcapng");
    let saved_name = saved.display().to_string();
    let options = [
        "--subprotocol",
        "a,b",
        "--header",
        &headers,
        "--send",
        "hello",
        "--no-compression",
        "--origin",
        "https://app.example",
        "--save",
        &saved_name,
    ];
    let (status, found) = probe(&url, &options);
    assert_eq!(status, Status::Fine, "{found}");
    let (request, first) = receive.recv().expect("it was asked");
    assert!(
        request.starts_with("GET /ws?key=Hidden-1 HTTP/1.1\r\n"),
        "{request}"
    );
    assert_eq!(field(&request, "X-Room"), Some("7"));
    assert_eq!(field(&request, "Authorization"), Some("Bearer t0p-Secret"));
    assert_eq!(field(&request, "Origin"), Some("https://app.example"));
    assert_eq!(field(&request, "Sec-WebSocket-Protocol"), Some("a, b"));
    assert_eq!(field(&request, "Sec-WebSocket-Extensions"), None);
    assert_eq!(
        field(&request, "Host").map(str::to_owned),
        Some(format!("127.0.0.1:{port}"))
    );
    assert_eq!(first, Some((0x81, b"hello".to_vec())));
    // None of it is told.
    let shown = text(&url, &options);
    let bytes = std::fs::read(saved).expect("it was saved");
    let bytes = String::from_utf8_lossy(&bytes);
    for secret in ["t0p-Secret", "pass-Word", "Hidden-1"] {
        for told in [&found.to_string(), &shown, &*bytes] {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
    }
}

#[test]
fn a_close_of_the_server_is_told() {
    let port = serve(|line| {
        let request = request(line);
        let closed = close(4401, "token \x1b[31mexpired");
        let _ = line.write_all(&[accepted(&request, ""), closed].concat());
        line.fin();
    });
    let (status, found) = probe(&ws(port), &[]);
    assert_eq!(
        (status, &found["cause"]),
        (Status::Findings, &"application".into())
    );
    assert_eq!(
        (&found["close"]["code"], &found["client_sees"]),
        (&4401.into(), &4401.into())
    );
    let said = text(&ws(port), &[]);
    assert!(
        said.contains("\\x1b[31mexpired") && !said.contains('\x1b'),
        "{said}"
    );
}

#[test]
fn what_the_application_refuses_is_told_by_its_protocol() {
    // Socket.IO: the refusal, and a Close that says nothing.
    let port = serve(|line| {
        let request = request(line);
        let open = br#"0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#;
        let _ = line.write_all(&[accepted(&request, ""), frame(0x81, open)].concat());
        let joins = next_frame(line);
        assert_eq!(joins, Some((0x81, br#"40{"token":"t0p-Secret"}"#.to_vec())));
        let refused = frame(0x81, br#"44{"message":"no seat is free"}"#);
        let _ = line.write_all(&[refused, frame(0x88, b"")].concat());
        line.fin();
    });
    let url = format!("ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket");
    let options = ["--send", r#"40{"token":"t0p-Secret"}"#, "--no-compression"];
    let (_, found) = probe(&url, &options);
    assert_eq!(found["cause"], "application", "{found}");
    let heard = &found["application"];
    assert_eq!(heard["protocol"], "socket.io");
    assert_eq!(heard["said"][0]["kind"], "connect-error");
    assert_eq!(heard["said"][0]["text"], "no seat is free");
    assert!(heard["said"][0]["at_s"].is_number(), "{heard}");
    assert_eq!(heard["timers"]["pingInterval"], 25.0);
    let shown = text(&url, &options);
    for part in ["CONNECT_ERROR", "no seat is free"] {
        assert!(shown.contains(part), "{shown}");
    }
    for told in [&shown, &found.to_string()] {
        assert!(!told.contains("t0p-Secret"), "{told}");
    }

    // MQTT: a code, and the end of TCP.
    let port = serve(|line| {
        let request = request(line);
        let answer = accepted(&request, "Sec-WebSocket-Protocol: mqtt\r\n");
        let _ = line.write_all(&[answer, frame(0x82, &[0x20, 2, 0, 5])].concat());
        line.fin();
    });
    let options = ["--subprotocol", "mqtt"];
    let (_, found) = probe(&ws(port), &options);
    let heard = &found["application"];
    assert_eq!(heard["protocol"], "mqtt", "{found}");
    assert_eq!(heard["said"][0]["code"], "5");
    let shown = text(&ws(port), &options);
    for part in ["CONNACK", "not authorized", "access lists"] {
        assert!(shown.contains(part), "{shown}");
    }

    // An endpoint that says nothing has nothing of it.
    let port = serve(|line| echo(line, LONG));
    let (_, found) = probe(&ws(port), &[]);
    assert_eq!(found.get("application"), None);
}

/// A connection that ends in order, in which the application refused, is not healthy.
#[test]
fn a_refusal_of_the_application_is_no_health() {
    let port = serve(|line| {
        let request = request(line);
        let open = br#"0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#;
        let _ = line.write_all(&[accepted(&request, ""), frame(0x81, open)].concat());
        let _ = next_frame(line);
        let _ = line.write_all(&frame(0x81, br#"44{"message":"no seat is free"}"#));
        talk(line, LONG);
    });
    let url = format!("ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket");
    let options = ["--send", "40", "--no-compression"];
    let (status, found) = probe(&url, &options);
    assert_eq!(
        (status, &found["cause"]),
        (Status::Findings, &"application".into()),
        "{found}"
    );
    let shown = text(&url, &options);
    assert!(shown.contains("CONNECT_ERROR"), "{shown}");
    assert!(!shown.contains("Healthy"), "{shown}");
}

/// Who sends without end is told so, and not of a pong for which nobody waited.
#[test]
fn a_flood_ends_the_probe_and_is_no_missing_pong() {
    let port = serve(|line| {
        let request = request(line);
        let _ = line.write_all(&accepted(&request, ""));
        let flood = frame(0x81, &[b'x'; 125]).repeat(1000);
        while line.write_all(&flood).is_ok() {}
    });
    let (_, out, _) = run(&["probe", &ws(port), "--json", "--no-proxy", "--for", "20s"]);
    let found: Value = serde_json::from_str(out.lines().last().expect("a line")).expect("JSON");
    assert_eq!(found["cause"], "still-open", "{found}");
    let told = found.to_string();
    assert!(told.contains("More came than a probe listens to"), "{told}");
    for wrong in ["not answered", "in fragments", "pong"] {
        assert!(!told.contains(wrong), "{wrong}: {told}");
    }
}

/// What a header announces was not sent.
#[test]
fn an_announced_length_is_told_as_announced() {
    for (limit, length) in [("1099511627776", 1_u64 << 40), ("5000", 5000)] {
        let port = serve(move |line| {
            let request = request(line);
            let header = match length {
                5000 => [&[0x82, 126][..], &5000_u16.to_be_bytes()].concat(),
                length => [&[0x82, 127][..], &length.to_be_bytes()].concat(),
            };
            let begun = [accepted(&request, ""), header, vec![b'x'; 1000]].concat();
            let _ = line.write_all(&begun);
            while next_frame(line).is_some() {}
        });
        let (_, found) = probe(&ws(port), &[]);
        let told = found.to_string().replace(',', "");
        let present = format!("{limit} bytes of which 1000");
        assert!(told.contains(&present), "{told}");
        for wrong in ["in fragments", "had sent before", "nothing shows"] {
            assert!(!told.contains(wrong), "{wrong}: {told}");
        }
    }
}

/// A 101 has no body: what is none of its frames is the body that it announces.
#[test]
fn the_body_of_a_101_is_no_close() {
    let port = serve(|line| {
        let request = request(line);
        let answer = accepted(&request, "Content-Length: 5\r\n");
        let _ = line.write_all(&[&answer[..], b"hello"].concat());
        talk(line, LONG);
    });
    let (status, found) = probe(&ws(port), &[]);
    assert_eq!(
        (status, &found["cause"]),
        (Status::Findings, &"upgrade-invalid".into()),
        "{found}"
    );
    let told = found.to_string();
    assert!(told.contains("Content-Length: 5"), "{told}");
    assert!(!told.contains("27756"), "{told}");
}

/// Heads that clients differ about: the cause, and what has to be said.
#[test]
fn odd_heads_are_told_for_what_they_are() {
    let port = serve(|line| {
        let request = request(line);
        let answer = String::from_utf8(accepted(&request, "")).expect("text");
        let _ = line.write_all(answer.replace("\r\n", "\n").as_bytes());
        talk(line, LONG);
    });
    let (status, found) = probe(&ws(port), &[]);
    assert_eq!((status, &found["cause"]), (Status::Fine, &"healthy".into()));
    assert!(found.to_string().contains("end without CR"), "{found}");

    // Many fields are no reason to refuse; a head without end is.
    let port = serve(|line| {
        let request = request(line);
        let _ = line.write_all(&accepted(&request, &"X: y\r\n".repeat(1000)));
        talk(line, LONG);
    });
    let (status, found) = probe(&ws(port), &[]);
    assert_eq!((status, &found["cause"]), (Status::Fine, &"healthy".into()));
    let port = serve(|line| {
        request(line);
        let _ = line.write_all(b"HTTP/1.1 101 Switching Protocols\r\n");
        while line.write_all(&b"X: y\r\n".repeat(1000)).is_ok() {}
    });
    let (_, found) = probe(&ws(port), &[]);
    assert!(found.to_string().contains("longer than 64 KiB"), "{found}");
}

#[test]
fn a_broken_rule_is_answered_with_its_code() {
    let (send, receive) = std::sync::mpsc::channel();
    let port = serve(move |line| {
        let request = request(line);
        let masked = [0x81, 0x82, 0, 0, 0, 0, b'h', b'i'];
        let _ = line.write_all(&[accepted(&request, ""), masked.to_vec()].concat());
        let _ = send.send(next_frame(line));
        line.fin();
    });
    let (status, found) = probe(&ws(port), &[]);
    assert_eq!(
        (status, &found["rule"]),
        (Status::Findings, &"masked-server-frame".into())
    );
    assert_eq!(
        (&found["cause"], &found["client_sees"]),
        (&"violation".into(), &1006.into())
    );
    let answer = receive.recv().expect("it was answered");
    assert_eq!(answer, Some((0x88, 1002_u16.to_be_bytes().to_vec())));
}

/// Answers to the upgrade that are none: the cause, and what has to be said.
#[test]
fn a_refused_upgrade_is_shown_with_its_page() {
    for (answer, cause, says) in [
        (
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 17\r\n\r\naccount suspended",
            "upgrade-refused",
            "account suspended",
        ),
        (
            "HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer realm=x\r\nContent-Length: 0\r\n\r\n",
            "upgrade-refused",
            "Bearer realm=x",
        ),
        (
            "HTTP/1.1 301 Moved\r\nLocation: https://b.example/s\r\nContent-Length: 0\r\n\r\n",
            "upgrade-refused",
            "wss://b.example/s",
        ),
        (
            "HTTP/1.1 503 Busy\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n",
            "upgrade-refused",
            "Retry-After says: 17",
        ),
        (
            "HTTP/1.1 400 Bad \x07\r\nContent-Length: 0\r\n\r\n",
            "upgrade-refused",
            "400 Bad",
        ),
        (
            "SSH-2.0-OpenSSH_9.2\r\n",
            "upgrade-invalid",
            "SSH-2.0-OpenSSH_9.2",
        ),
        (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
            "upgrade-invalid",
            "Sec-WebSocket-Accept",
        ),
        // Alerts: protocol_version of TLS 1.0, and one whose number has no name.
        (
            "\x15\x03\x01\x00\x02\x02\x46",
            "wrong-scheme",
            "protocol_version: use wss://",
        ),
        (
            "\x15\x03\x03\x00\x02\x02\x7e",
            "wrong-scheme",
            "number 126: use wss://",
        ),
        // As long as an alert, and none.
        (
            "\x15\x03\x03\x00\x02\x09\x46",
            "upgrade-invalid",
            "no HTTP response",
        ),
        ("", "upgrade-refused", "ended TCP"),
    ] {
        let port = serve(move |line| {
            request(line);
            let _ = line.write_all(answer.as_bytes());
            line.fin();
        });
        let (status, found) = probe(&ws(port), &[]);
        assert_eq!(
            (status, &found["cause"]),
            (Status::Findings, &cause.into()),
            "{answer}"
        );
        let said = text(&ws(port), &[]);
        assert!(said.contains(says), "{answer}\n{said}");
    }
}

#[test]
fn an_answer_that_is_taken_back_is_no_refusal() {
    let port = serve(|line| {
        let request = request(line);
        let page = b"HTTP/1.1 409 Conflict\r\nContent-Length: 9\r\n\r\ntoo early";
        let _ = line.write_all(&[accepted(&request, ""), page.to_vec()].concat());
        line.fin();
    });
    let (status, found) = probe(&ws(port), &[]);
    assert_eq!(status, Status::Findings);
    assert_eq!(
        (&found["cause"], &found["status"]),
        (&"upgrade-invalid".into(), &101.into())
    );
    let said = text(&ws(port), &[]);
    assert!(
        said.contains("409 Conflict") && said.contains("too early"),
        "{said}"
    );
}

#[test]
fn where_nothing_listens_it_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let (status, found) = probe(&ws(port), &[]);
    assert_eq!(
        (status, &found["cause"]),
        (Status::Findings, &"refused".into())
    );
    assert_eq!(found["client_sees"], 1006);
    let (status, found) = probe("ws://no-such-host.invalid/", &[]);
    assert_eq!(
        (status, &found["cause"]),
        (Status::Findings, &"unresolved".into())
    );
}

#[test]
fn what_cannot_be_tried_is_one_line() {
    for arguments in [
        &["ftp://h/"][..],
        &["ws://127.0.0.1:99999/"],
        &["ws://127.0.0.1:1/", "--cafile", "/nonexistent.pem"],
        &["ws://127.0.0.1:1/", "--for", "soon"],
        &["ws://127.0.0.1:1/", "--header", "no colon"],
        &["ws://127.0.0.1:1/", "--header", "A: b\r\nEvil: 1"],
        &["ws://127.0.0.1:1/", "--proxy", "gopher://h:1"],
        &["ws://127.0.0.1:1/", "--save", "/nonexistent/x.pcapng"],
        &[],
    ] {
        let (status, out, err) = run(&[&["probe"], arguments].concat());
        assert_eq!(
            (status, out.as_str()),
            (Status::NoAnswer, ""),
            "{arguments:?}"
        );
        assert_eq!(err.lines().count(), 1, "{err}");
    }
}

/// Servers that never come to an end: the probe does, soon, whatever they send.
#[test]
fn hostile_servers_end_nothing_but_their_own_probe() {
    type Handler = fn(&mut dyn servers::Line);
    let cases: [(&str, Handler, &str); 6] = [
        (
            "upgrade-invalid",
            |line| {
                request(line);
                let _ = line.write_all(b"HTTP/1.1 101 Switching Protocols\r\n");
                let _ = line.write_all(b"X-More: ");
                while line.write_all(&[b'a'; 1000]).is_ok() {}
            },
            "64 KiB",
        ),
        (
            "upgrade-invalid",
            |line| {
                request(line);
                let _ = line.write_all(b"HTTP/1.1 200 OK\r\nX-More: ");
                while line.write_all(b"a").is_ok() {
                    thread::sleep(Duration::from_millis(700));
                }
            },
            "was not whole",
        ),
        (
            "too-big",
            |line| {
                let request = request(line);
                let huge = [&[0x82, 0x7f][..], &(1_u64 << 62).to_be_bytes(), b"abc"].concat();
                let _ = line.write_all(&[accepted(&request, ""), huge].concat());
                talk(line, LONG);
            },
            "4,611,686,018,427,387,904",
        ),
        (
            "close-unanswered",
            |line| {
                let request = request(line);
                let _ = line.write_all(&accepted(&request, ""));
                let message = frame(0x82, &[7; 120]).repeat(100);
                while line.write_all(&message).is_ok() {}
            },
            "Close",
        ),
        (
            "close-unanswered",
            |line| {
                let request = request(line);
                let _ = line.write_all(&accepted(&request, ""));
                while line.write_all(&frame(0x89, b"again")).is_ok() {}
            },
            "Close",
        ),
        (
            "upgrade-invalid",
            |line| {
                request(line);
                let mut noise = [0_u8; 4096];
                for (at, byte) in noise.iter_mut().enumerate() {
                    *byte = (at * 31 + at / 7) as u8 | 0x80;
                }
                while line.write_all(&noise).is_ok() {}
            },
            "begins",
        ),
    ];
    let threads = cases.map(|(cause, handler, says)| {
        thread::spawn(move || {
            let port = serve(handler);
            let began = Instant::now();
            let (status, found) = probe(&ws(port), &[]);
            assert!(
                began.elapsed() < Duration::from_secs(16),
                "{cause}: {:?}",
                began.elapsed()
            );
            assert_eq!(status, Status::Findings);
            let also = ["still-open", "keepalive-timeout", "too-big"];
            let told = found["cause"].as_str().unwrap_or_default().to_owned();
            let is_near = cause == "close-unanswered" && also.contains(&told.as_str());
            assert!(told == cause || is_near, "{told} and not {cause}: {found}");
            assert!(found.to_string().contains(says), "{says}: {found}");
        })
    });
    for thread in threads {
        thread.join().expect("it holds");
    }
}

struct Authority {
    root: CertifiedIssuer<'static, KeyPair>,
    middle: CertifiedIssuer<'static, KeyPair>,
    cafile: String,
}

fn parameters(name: &str, names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut parameters = CertificateParams::new(names).expect("names");
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.not_before = date_time_ymd(2020, 1, 1);
    parameters
}

fn authority(file_name: &str) -> Authority {
    let issuer = |name: &str| {
        let mut parameters = parameters(name, &[]);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        (parameters, KeyPair::generate().expect("a key"))
    };
    let (ours, key) = issuer("Test Root");
    let root = CertifiedIssuer::self_signed(ours, key).expect("a root");
    let (ours, key) = issuer("Test Intermediate");
    let middle = CertifiedIssuer::signed_by(ours, key, &root).expect("an intermediate");
    let path = file(file_name);
    std::fs::write(&path, root.pem()).expect("a file");
    Authority {
        root,
        middle,
        cafile: path.display().to_string(),
    }
}

impl Authority {
    /// A server with a certificate of these parameters, with its intermediate or without.
    fn serve(&self, parameters: &CertificateParams, is_whole: bool) -> u16 {
        let key = KeyPair::generate().expect("a key");
        let leaf = parameters.signed_by(&key, &self.middle).expect("a leaf");
        let mut chain = vec![leaf.der().to_vec()];
        if is_whole {
            chain.push(self.middle.der().to_vec());
        }
        serve_tls(chain, key.serialize_der(), |line| echo(line, LONG))
    }
}

fn wss(port: u16) -> String {
    format!("wss://localhost:{port}/ws")
}

#[test]
fn certificates_are_judged_with_all_their_faults() {
    let authority = authority("faults.pem");
    let trusted = ["--cafile", &authority.cafile, "-4"];
    let good = parameters("localhost", &["localhost"]);
    let port = authority.serve(&good, true);
    let (status, found) = probe(&wss(port), &trusted);
    assert_eq!(
        (status, &found["cause"]),
        (Status::Fine, &"healthy".into()),
        "{found}"
    );
    let faults = |port: u16, options: &[&str]| {
        let (status, found) = probe(&wss(port), options);
        assert_eq!(
            (status, &found["cause"]),
            (Status::Findings, &"tls-failed".into())
        );
        assert_eq!(
            (&found["client_sees"], &found["status"]),
            (&1006.into(), &Value::Null)
        );
        found["certificate_faults"].clone()
    };
    assert_eq!(
        faults(authority.serve(&good, false), &trusted),
        serde_json::json!(["issuer-not-sent"])
    );
    assert_eq!(faults(port, &["-4"]), serde_json::json!(["unknown-issuer"]));
    let mut bad = parameters("other.example", &["other.example"]);
    bad.not_after = date_time_ymd(2021, 1, 1);
    let port = authority.serve(&bad, true);
    assert_eq!(
        faults(port, &trusted),
        serde_json::json!(["expired", "wrong-name"])
    );
    // It goes on where it was told to, and is not healthy.
    let (status, found) = probe(&wss(port), &["--insecure", "-4"]);
    assert_eq!((status, &found["status"]), (Status::Findings, &101.into()));
    // One that another trusted root issued is fine without it.
    let key = KeyPair::generate().expect("a key");
    let own = good.signed_by(&key, &authority.root).expect("a leaf");
    let port = serve_tls(vec![own.der().to_vec()], key.serialize_der(), |line| {
        echo(line, LONG)
    });
    assert_eq!(probe(&wss(port), &trusted).0, Status::Fine);
}

/// A server that resets whoever comes has shown nothing of TLS.
#[test]
fn a_reset_at_once_is_no_wrong_scheme() {
    let port = serve(|line| line.rst());
    for _ in 0..20 {
        let (status, found) = probe(&ws(port), &["-4"]);
        assert_eq!(status, Status::Findings);
        assert_ne!(found["cause"], "wrong-scheme", "{found}");
    }
}

#[test]
fn schemes_that_are_mixed_up_are_told() {
    let authority = authority("scheme.pem");
    let tls = authority.serve(&parameters("localhost", &["localhost"]), true);
    let (_, found) = probe(&ws(tls), &["--compare"]);
    assert_eq!(found["cause"], "wrong-scheme", "{found}");
    let plain = serve(|line| {
        let _ = line.read(&mut [0; 64]);
        let _ = line.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        line.fin();
    });
    let (_, found) = probe(&wss(plain), &["-4"]);
    assert_eq!(found["cause"], "wrong-scheme", "{found}");
}

/// A certificate that was given as trusted is fine, also where it calls itself an authority.
#[test]
fn a_certificate_that_was_given_is_trusted() {
    for is_authority in [false, true] {
        let mut own = parameters("localhost", &["localhost"]);
        if is_authority {
            own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        let key = KeyPair::generate().expect("a key");
        let signed = own.self_signed(&key).expect("it signs");
        let path = file(&format!("own-{is_authority}.pem"));
        std::fs::write(&path, signed.pem()).expect("a file");
        let chain = vec![signed.der().to_vec()];
        let port = serve_tls(chain, key.serialize_der(), |line| echo(line, LONG));
        let (_, found) = probe(&wss(port), &["-4"]);
        let faults = serde_json::json!(["self-signed"]);
        assert_eq!(found["certificate_faults"], faults, "{found}");
        let given = path.display().to_string();
        let (status, found) = probe(&wss(port), &["-4", "--cafile", &given]);
        assert_eq!(status, Status::Fine, "{found}");
        // Under another name it is not.
        let url = format!("wss://127.0.0.1:{port}/");
        let (_, found) = probe(&url, &["--cafile", &given]);
        assert_eq!(found["cause"], "tls-failed", "{found}");
    }
}

/// What one thing matters, the further attempts show.
#[test]
fn comparing_shows_what_matters() {
    let port = serve(|line| {
        let request = request(line);
        if field(&request, "Sec-WebSocket-Extensions").is_some() {
            let _ = line.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            return line.fin();
        }
        let _ = line.write_all(&accepted(&request, ""));
        talk(line, LONG);
    });
    let (_, found) = probe(&ws(port), &["--compare"]);
    let opened: Vec<&Value> = found["compared"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|other| other["opened"] == true)
        .map(|other| &other["changed"])
        .collect();
    assert_eq!(opened, ["without-compression"]);
    assert!(text(&ws(port), &["--compare"]).contains("It opens without compression"));
}

#[test]
fn an_idle_timer_is_found_with_what_resets_it() {
    let port = serve(|line| echo(line, Duration::from_millis(900)));
    let (status, found) = probe(&ws(port), &["--idle", "2500ms", "--ping", "300ms"]);
    assert_eq!(
        (status, &found["cause"]),
        (Status::Findings, &"idle-timeout".into()),
        "{found}"
    );
    let idle = found["idle"].as_array().expect("a list");
    let silent = idle
        .iter()
        .find(|it| it["traffic"] == "silent")
        .expect("it is there");
    let after = silent["ended_after_s"].as_f64().expect("it was ended");
    assert!((0.85..1.4).contains(&after), "{after}");
    let pings = idle
        .iter()
        .find(|it| it["traffic"] == "pings")
        .expect("it is there");
    assert_eq!(pings["ended_after_s"], Value::Null);
    // Where nothing ends it, nothing is found.
    let port = serve(|line| echo(line, LONG));
    let (status, found) = probe(&ws(port), &["--idle", "1s"]);
    assert_eq!((status, &found["cause"]), (Status::Fine, &"healthy".into()));
}

#[test]
fn a_refusal_is_no_limit_of_duration() {
    // However often it is asked, and with pings as without.
    let port = serve(|line| {
        let request = request(line);
        let refused = frame(
            0x82,
            b"INFO {\"server_id\":\"N\"}\r\n-ERR 'Authentication Timeout'\r\n",
        );
        let _ = line.write_all(&accepted(&request, ""));
        std::thread::sleep(Duration::from_millis(1200));
        let _ = line.write_all(&[refused, close(1008, "")].concat());
        line.fin();
    });
    let said = text(&ws(port), &["--idle", "2500ms"]);
    assert!(said.contains("Check the credentials"), "{said}");
    assert!(!said.contains("a limit of its own"), "{said}");
    // What ends each connection at once, and says nothing, is no limit either.
    let port = serve(|line| {
        let request = request(line);
        let _ = line.write_all(&[accepted(&request, ""), close(1000, "")].concat());
        line.fin();
    });
    let said = text(&ws(port), &["--idle", "1s"]);
    assert!(!said.contains("a limit of its own"), "{said}");
}

#[test]
fn the_protocol_is_known_by_a_query_that_is_not_shown() {
    let port = serve(|line| {
        let request = request(line);
        let page = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno";
        let _ = line.write_all(&[accepted(&request, ""), page.to_vec()].concat());
        line.fin();
    });
    let url = format!("ws://127.0.0.1:{port}/socket.io/?transport=websocket&token=t0p-Secret");
    let said = text(&url, &[]);
    assert!(
        said.contains("refused the version of its protocol"),
        "{said}"
    );
    let (_, found) = probe(&url, &[]);
    for told in [said, found.to_string()] {
        assert!(!told.contains("t0p-Secret"), "{told}");
    }
}

#[test]
fn proxies_give_a_tunnel_or_say_why_not() {
    let server = serve(|line| echo(line, LONG));
    let url = format!("ws://far.invalid:{server}/ws");
    let http = serve(move |line| {
        let head = request(line);
        assert!(head.starts_with("CONNECT far.invalid:"), "{head}");
        let _ = line.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
        relay(line, server);
    });
    let (status, found) = probe(&url, &["--proxy", &format!("http://127.0.0.1:{http}")]);
    assert_eq!(
        (status, &found["cause"]),
        (Status::Fine, &"healthy".into()),
        "{found}"
    );
    let socks = serve(move |line| {
        let mut bytes = [0; 3];
        let _ = line.read_exact(&mut bytes);
        assert_eq!(bytes, [5, 1, 0]);
        let _ = line.write_all(&[5, 0]);
        let mut bytes = [0; 4 + 1 + 11 + 2];
        let _ = line.read_exact(&mut bytes);
        assert_eq!(&bytes[..5], [5, 1, 0, 3, 11]);
        let _ = line.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        relay(line, server);
    });
    let (status, found) = probe(&url, &["--proxy", &format!("socks5h://127.0.0.1:{socks}")]);
    assert_eq!(
        (status, &found["cause"]),
        (Status::Fine, &"healthy".into()),
        "{found}"
    );
    let strict = serve(|line| {
        request(line);
        let _ = line.write_all(b"HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=corp\r\nContent-Length: 0\r\n\r\n");
        line.fin();
    });
    let proxy = format!("http://me:geheim-7@127.0.0.1:{strict}");
    let (status, found) = probe(&url, &["--proxy", &proxy]);
    assert_eq!(
        (status, &found["cause"]),
        (Status::Findings, &"proxy-refused".into())
    );
    assert_eq!(found["status"], 407);
    let told = found.to_string();
    assert!(
        told.contains("Basic realm=corp") && !told.contains("geheim-7"),
        "{told}"
    );
}

/// What comes in one piece with the answer to CONNECT came through the tunnel, from whomever.
#[test]
fn what_comes_with_the_answer_of_a_proxy_is_read() {
    for is_apart in [false, true] {
        let http = serve(move |line| {
            request(line);
            let answer = &b"HTTP/1.1 200 Connection established\r\n\r\n"[..];
            let page = &b"<html>blocked by it</html>"[..];
            if is_apart {
                let _ = line.write_all(answer);
                request(line);
                let _ = line.write_all(page);
            } else {
                let _ = line.write_all(&[answer, page].concat());
            }
            line.fin();
        });
        let proxy = format!("http://127.0.0.1:{http}");
        let (_, found) = probe("ws://far.invalid/ws", &["--proxy", &proxy]);
        assert_eq!(found["cause"], "upgrade-invalid", "{found}");
        let told = found.to_string();
        assert!(told.contains("<html>blocked by it</html>"), "{told}");
        assert!(told.contains("or the proxy in its place"), "{told}");
    }
}

/// Passes on what goes over a tunnel, one way after the other: enough for what a probe says.
fn relay(line: &mut dyn servers::Line, port: u16) {
    let mut far = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    let _ = far.set_read_timeout(Some(Duration::from_millis(50)));
    line.patience(Duration::from_millis(50));
    let began = Instant::now();
    let mut chunk = [0; 4096];
    while began.elapsed() < LONG {
        for is_near in [true, false] {
            let read = if is_near {
                line.read(&mut chunk)
            } else {
                std::io::Read::read(&mut far, &mut chunk)
            };
            match read {
                Ok(0) => return line.fin(),
                Ok(count) if is_near => drop(far.write_all(&chunk[..count])),
                Ok(count) => drop(line.write_all(&chunk[..count])),
                Err(_) => {}
            }
        }
    }
}

/// The law of `--save`: `decode-capture` finds in the file what the probe found.
#[test]
fn what_was_saved_gives_the_same_answer() {
    type Handler = Box<dyn Fn(&mut dyn servers::Line) + Send + Sync>;
    let with = |bytes: &'static [u8]| -> Handler {
        Box::new(move |line| {
            let request = request(line);
            let _ = line.write_all(&[&accepted(&request, ""), bytes].concat());
            line.patience(Duration::from_millis(500));
            next_frame(line);
            line.fin();
        })
    };
    let handlers: Vec<Handler> = vec![
        Box::new(|line| echo(line, LONG)),
        with(b"\x88\x09\x0f\xa1expired"),
        with(b"\x83\x01x"),
        with(b"\x81\x05ab\xff"),
        with(b"\x82\x7e\x03\xe8abc"),
        with(b""),
        Box::new(|line| {
            request(line);
            let _ = line.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            line.fin();
        }),
        Box::new(|line| {
            request(line);
            line.fin();
        }),
    ];
    let authority = authority("law.pem");
    let mut urls: Vec<(String, Vec<String>)> = handlers
        .into_iter()
        .map(|it| (ws(serve(it)), Vec::new()))
        .collect();
    let trusted = vec![
        "--cafile".to_owned(),
        authority.cafile.clone(),
        "-4".to_owned(),
    ];
    let good = parameters("localhost", &["localhost"]);
    urls.push((wss(authority.serve(&good, true)), trusted.clone()));
    urls.push((wss(authority.serve(&good, false)), trusted));
    for (number, (url, options)) in urls.iter().enumerate() {
        let saved = file(&format!("law-{number}.pcapng")).display().to_string();
        let mut options: Vec<&str> = options.iter().map(String::as_str).collect();
        options.extend(["--save", &saved]);
        let (_, found) = probe(url, &options);
        let (_, out, err) = run(&["decode-capture", "--json", &saved]);
        let lines: Vec<Value> = out
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        assert_eq!(lines.len(), 2, "{url}: {out}{err}");
        let decoded = &lines[0];
        let cause = match &found["cause"] {
            cause if cause == "healthy" => "application".into(),
            cause => cause.clone(),
        };
        assert_eq!(
            decoded["cause"], cause,
            "{number} {url}\n{found}\n{decoded}"
        );
        assert_eq!(decoded["rule"], found["rule"], "{number}");
        assert_eq!(decoded["client_sees"], found["client_sees"], "{number}");
        assert_eq!(decoded["upgrade"]["status"], found["status"], "{number}");
    }
}

#[test]
fn ctrl_c_prints_what_was_found_so_far() {
    let port = serve(|line| echo(line, LONG));
    let mut command = Command::new(env!("CARGO_BIN_EXE_wsclose"));
    let child = bare(&mut command)
        .args(["probe", &ws(port), "--no-proxy", "--for", "60s"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    thread::sleep(Duration::from_millis(1500));
    let began = Instant::now();
    let id = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &id]).status();
    assert!(killed.is_ok_and(|status| status.success()));
    let output = child.wait_with_output().expect("it ends");
    assert!(began.elapsed() < Duration::from_secs(5));
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(out.contains("It was stopped before it was done."), "{out}");
    assert!(out.contains("101 Switching Protocols"), "{out}");
    assert_eq!(output.status.code(), Some(0), "{out}");
}
