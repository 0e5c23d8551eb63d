//! What the application said last: the recordings with what happened by their programs' own logs, and
//! connections that nobody recorded, written message by message.

#[path = "common/talk.rs"]
mod talk;

use std::path::Path;

use wsclose::application::{Application, Said};
use wsclose::capture::file::CaptureFile;
use wsclose::capture::tracker::{Limits, Tracker};
use wsclose::explain::{Explanation, explain_connection};
use wsclose::facts::protocols::{PROTOCOLS, Protocol, protocol};
use wsclose::facts::registry::{Registries, VENDORS};
use wsclose::frame::Sender;
use wsclose::session::{Options, Record};
use wsclose::words::Message;

use Sender::{Client, Server};
use talk::{Talk, Way, said};

/// What is said of a connection, and whether nothing else is.
#[track_caller]
fn says(told: (Record, Explanation), protocol: Option<&str>, must: &[&str], must_not: &[&str]) {
    let heard: Option<&Application> = told.0.application.as_deref();
    let named = heard.and_then(|heard| heard.protocol).map(|known| known.id);
    let text = said(&told.1);
    assert_eq!(named, protocol, "{text}");
    for part in must {
        assert!(text.contains(part), "`{part}` is not said: {text}");
    }
    for part in must_not {
        assert!(!text.contains(part), "`{part}` is said: {text}");
    }
}

const SOCKET_IO: &str = "/socket.io/?EIO=4&transport=websocket";
const OPEN: &str =
    r#"0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;
const NORMAL: [&str; 2] = ["it had finished", "It is a normal close"];

fn record_of(file: &str) -> (Record, Explanation) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/application")
        .join(file);
    let bytes = std::fs::read(path).expect("it is there");
    let mut tracker = Tracker::new(Limits::default(), Options::default());
    let mut records = Vec::new();
    let mut file = CaptureFile::new();
    let feed = file.feed(&bytes, |packet| {
        tracker.packet(&packet, &mut |record| records.push(*record));
    });
    feed.expect("it is a capture");
    tracker.finish(&mut |record| records.push(*record));
    let record = records.into_iter().next().expect("it has a connection");
    let explanation = explain_connection(&record, Registries::default());
    (record, explanation)
}

#[test]
fn the_recordings_are_told_as_they_were() {
    let refused = &NORMAL[..];
    let nothing: &[&str] = &["refused", "error is no error", "timed out"];
    type Row = (
        &'static str,
        Option<&'static str>,
        &'static [&'static str],
        &'static [&'static str],
    );
    let unauthorized: Row = (
        "actioncable_unauthorized.pcap",
        Some("actioncable"),
        &["did not accept", "\"unauthorized\""],
        &[],
    );
    let rows: [Row; 17] = [
        unauthorized,
        (
            "engineio4_eio_missing.pcap",
            Some("socket.io"),
            &[
                "EIO",
                "HTTP/1.1 400 Bad Request",
                "Unsupported protocol version",
            ],
            &["21584"],
        ),
        (
            "engineio4_ping_timeout.pcap",
            Some("socket.io"),
            &["ping timeout", "404 ms", "400 ms"],
            &[],
        ),
        (
            "graphqlws_legacy_connection_error.pcap",
            Some("graphql-ws"),
            &["Missing auth token!"],
            &["server's log has the cause"],
        ),
        (
            "kubernetes_exec_no_container.pcap",
            Some("kubernetes"),
            &["container sidecar is not valid", "channel 3"],
            &[],
        ),
        (
            "mqtt311_bad_password.pcap",
            Some("mqtt"),
            &["CONNACK", "bad user name or password"],
            &[],
        ),
        (
            "mqtt5_administrative_action.pcap",
            Some("mqtt"),
            &["DISCONNECT", "Administrative action"],
            &[],
        ),
        (
            "nats_authorization_violation.pcap",
            Some("nats"),
            &["Authorization Violation"],
            &[],
        ),
        (
            "ocpp16_callerror.pcap",
            Some("ocpp"),
            &["OccurrenceConstraintViolation"],
            &[],
        ),
        (
            "signalr_json_token_expired.pcap",
            Some("signalr"),
            &["access token has expired"],
            &[],
        ),
        (
            "signalr_msgpack_client_stops.pcap",
            Some("signalr"),
            &["said goodbye"],
            &["refused"],
        ),
        (
            "socketio4_client_leaves.pcap",
            Some("socket.io"),
            &["the client left"],
            &["error is no error", "refused"],
        ),
        (
            "socketio4_connect_refused.pcap",
            Some("socket.io"),
            &["refused", "Invalid credentials", "E_AUTH"],
            &[],
        ),
        (
            "stomp12_login_refused.pcap",
            Some("stomp"),
            &["ERROR", "Access refused for user 'guest'"],
            &[],
        ),
        (
            "unknown_json_chat_error_word.pcap",
            None,
            &["it had finished"],
            &["error fixed", "in the bill"],
        ),
        (
            "unknown_json_error_then_1000.pcap",
            None,
            &["SESSION_REVOKED", "had said"],
            &["because"],
        ),
        (
            "xmpp_session_replaced.pcap",
            Some("xmpp"),
            &["conflict: Replaced by new connection"],
            &[],
        ),
    ];
    for (file, protocol, must, must_not) in rows {
        let told = record_of(file);
        let is_graceful = file.contains("leaves")
            || file.contains("stops")
            || file.contains("chat")
            || file.contains("ocpp");
        let not = if is_graceful { nothing } else { refused };
        let must_not = [must_not, not].concat();
        says(told, protocol, must, &must_not);
    }
}

#[test]
fn a_refused_client_that_stays_is_cut_after_the_timer_of_its_protocol() {
    let told = Talk::new(SOCKET_IO, None)
        .text(Server, OPEN)
        .text(Client, r#"40{"token":"secret"}"#)
        .text(Server, r#"44{"message":"not authorized"}"#)
        .after(25.0)
        .text(Server, "2")
        .text(Client, "3")
        .after(20.0)
        .close(Server, None)
        .fin(Server);
    let must = [
        "CONNECT_ERROR",
        "not authorized",
        "45.0 s",
        "connectTimeout",
    ];
    says(told, Some("socket.io"), &must, &["secret", NORMAL[1]]);
}

#[test]
fn a_namespace_that_was_refused_is_not_why_a_client_leaves_later() {
    let told = Talk::new(SOCKET_IO, None)
        .text(Server, OPEN)
        .text(Client, "40")
        .text(Server, r#"40{"sid":"y"}"#)
        .text(Client, "40/admin,")
        .text(Server, r#"44/admin,{"message":"Invalid namespace"}"#)
        .after(100.0)
        .text(Client, "41")
        .close(Client, None)
        .fin(Server);
    says(
        told,
        Some("socket.io"),
        &["normal close", "the client left"],
        &["Invalid namespace"],
    );
}

#[test]
fn an_older_client_that_sends_no_ping_is_cut_after_both_timers() {
    let told = Talk::new("/socket.io/?EIO=3&transport=websocket", None)
        .text(
            Server,
            r#"0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":5000}"#,
        )
        .text(Server, "40")
        .text(Client, "2")
        .text(Server, "3")
        .after(30.1)
        .close(Server, None)
        .fin(Server);
    says(
        told,
        Some("socket.io"),
        &["30.1 s", "30.0 s", "pingTimeout"],
        &NORMAL,
    );
}

#[test]
fn packets_of_mqtt_run_through_frames_and_its_keep_alive_explains_silence() {
    let connect = b"\x10\x0f\x00\x04MQTT\x04\x02\x00\x02\x00\x03abc";
    let talk = || {
        let mut talk = Talk::new("/mqtt", Some("mqtt"));
        for byte in connect {
            talk = talk.binary(Client, &[*byte]);
        }
        talk.binary(Server, b"\x20\x02").binary(Server, b"\x00\x00")
    };
    let told = talk().after(3.0).fin(Server);
    says(
        told,
        Some("mqtt"),
        &["keep-alive timeout", "3.0 s"],
        &["its process ended"],
    );
    let told = talk().after(1.0).binary(Client, b"\xe0\x00").fin(Client);
    says(
        told,
        Some("mqtt"),
        &["said goodbye"],
        &["timeout", "its process ended"],
    );
    let told = talk().after(1.0).fin(Server);
    says(
        told,
        Some("mqtt"),
        &["ended TCP without a Close", "same identifier"],
        &["keep-alive timeout."],
    );
}

#[test]
fn what_is_in_a_payload_is_no_message_of_the_protocol() {
    let told = Talk::new("/", None)
        .binary(
            Server,
            b"INFO {\"server_id\":\"N\",\"version\":\"2.9.10\"}\r\n",
        )
        .binary(Client, b"CONNECT {\"lang\":\"nats.ws\"}\r\nPING\r\n")
        .binary(Server, b"PONG\r\n")
        .binary(Server, b"MSG a 1 30\r\n")
        .binary(Server, b"-ERR 'Authorization Violation'\r\n")
        .close(Client, Some(1000))
        .fin(Client);
    says(told, Some("nats"), &["it had finished"], &["Authorization"]);
}

#[test]
fn goodbyes_are_no_errors() {
    let wamp = Talk::new("/ws", Some("wamp.2.json"))
        .text(Client, r#"[1,"r",{"roles":{}}]"#)
        .text(Server, "[2,1,{}]")
        .text(Client, r#"[6,{},"wamp.close.normal"]"#)
        .text(Server, r#"[6,{},"wamp.error.goodbye_and_out"]"#)
        .close(Client, Some(1000))
        .fin(Client);
    says(
        wamp,
        Some("wamp"),
        &["it had finished", "GOODBYE"],
        &["does not say why"],
    );
    let xmpp = Talk::new("/xmpp", Some("xmpp"))
        .text(
            Client,
            "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='h'/>",
        )
        .text(
            Server,
            "<message xmlns='jabber:client'><error>no</error></message>",
        )
        .text(
            Client,
            "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>",
        )
        .text(
            Server,
            "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>",
        )
        .close(Server, Some(1000))
        .fin(Server);
    says(xmpp, Some("xmpp"), &["it had finished"], &["stream error"]);
    let stomp = Talk::new("/ws", Some("v12.stomp"))
        .text(Client, "CONNECT\naccept-version:1.2\n\n\0")
        .text(Server, "CONNECTED\nversion:1.2\n\n\0")
        .text(
            Server,
            "MESSAGE\ncontent-length:26\n\nx\0ERROR\nmessage:not this\n\nx\0",
        )
        .text(Client, "DISCONNECT\nreceipt:9\n\n\0")
        .text(Server, "RECEIPT\nreceipt-id:9\n\n\0")
        .close(Client, None)
        .fin(Server);
    says(
        stomp,
        Some("stomp"),
        &["normal close", "said goodbye"],
        &["not this"],
    );
}

#[test]
fn an_error_of_a_request_is_told_and_not_blamed() {
    let told = Talk::new("/rpc", None)
        .text(Client, r#"{"jsonrpc":"2.0","id":1,"method":"x"}"#)
        .text(
            Server,
            r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"rate limited"}}"#,
        )
        .close(Server, Some(1000))
        .fin(Server);
    says(
        told,
        Some("json-rpc"),
        &["names no cause", "rate limited", "about one request"],
        &NORMAL,
    );
    let later = Talk::new("/rpc", None)
        .text(Client, r#"{"jsonrpc":"2.0","id":1,"method":"x"}"#)
        .text(
            Server,
            r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"rate limited"}}"#,
        )
        .after(60.0)
        .close(Client, Some(1000))
        .fin(Client);
    says(
        later,
        Some("json-rpc"),
        &["it had finished"],
        &["rate limited"],
    );
}

#[test]
fn the_protocol_chooses_the_meaning_of_a_code_for_the_end_that_sends_it() {
    let told = Talk::new("/graphql", Some("graphql-transport-ws"))
        .text(Client, r#"{"type":"connection_init"}"#)
        .close(Server, Some(4401))
        .fin(Server);
    says(
        told,
        Some("graphql-transport-ws"),
        &["In GraphQL over WebSocket that is"],
        &[],
    );
    let own = Talk::new("/?v=10&encoding=json", None)
        .text(Server, r#"{"op":10,"d":{"heartbeat_interval":41250}}"#)
        .text(Server, r#"{"op":7,"d":null}"#)
        .close(Client, Some(4002))
        .fin(Client);
    says(
        own,
        Some("discord-gateway"),
        &["reconnect and resume"],
        &["In Discord Gateway that is"],
    );
}

#[test]
fn a_token_is_hidden_and_a_long_text_is_cut() {
    let message = format!(
        "bad token eyJhbGciOiJIUzI1NiJ9.e30.abc {}",
        "word ".repeat(200)
    );
    let text = format!(r#"{{"type":"error","message":"{message}"}}"#);
    let told = Talk::new("/x", None)
        .text(Client, r#"{"user":"bo"}"#)
        .text(Server, &text)
        .close(Server, Some(1000))
        .fin(Server);
    let heard = told.0.application.as_deref().expect("it was heard");
    let shown = heard.said[0].text.as_deref().expect("it has words");
    assert!(shown.chars().count() <= 121, "{shown}");
    says(
        told,
        None,
        &["bad token ***"],
        &["eyJ", "because", NORMAL[0]],
    );
}

#[test]
fn a_sentence_is_told_of_the_end_that_ended_alone() {
    let sentence = "error: that is what he wrote, they said";
    for (closer, is_told) in [(Server, true), (Client, false)] {
        let told = Talk::new("/x", None)
            .text(Client, "hello there")
            .text(Server, sentence)
            .close(closer, Some(1000))
            .fin(Server);
        let (must, must_not) = match is_told {
            true => (sentence, NORMAL[0]),
            false => (NORMAL[0], sentence),
        };
        says(told, None, &[must], &[must_not]);
    }
    // What a program writes is told of the other end, too: only said.
    let told = Talk::new("/x", None)
        .text(Client, "hello there")
        .text(Server, r#"{"error":"no such room"}"#)
        .close(Client, Some(1000))
        .fin(Client);
    says(told, None, &["had said: \"no such room\""], &["because"]);
}

#[test]
fn an_error_that_stands_last_in_a_long_message_is_heard() {
    let long = "z".repeat(4_000);
    let error = r#""error":{"message":"the quota is used","code":"QUOTA"}}"#;
    for way in [Way::Whole, Way::Cut, Way::Compressed] {
        let told = Talk::by(way, "/x", None)
            .text(Client, r#"{"op":"query"}"#)
            .text(
                Server,
                &format!(r#"{{"op":"reply","data":"{long}",{error}"#),
            )
            .close(Server, Some(1000))
            .fin(Server);
        says(
            told,
            None,
            &["the quota is used", "QUOTA"],
            &["zzz", NORMAL[0]],
        );
        let known = format!(r#"{{"jsonrpc":"2.0","id":7,"result":null,"trace":"{long}",{error}"#);
        let told = Talk::by(way, "/x", None)
            .text(Client, r#"{"jsonrpc":"2.0","id":7,"method":"query"}"#)
            .text(Server, &known)
            .close(Server, Some(1000))
            .fin(Server);
        says(
            told,
            Some("json-rpc"),
            &["the quota is used"],
            &["zzz", NORMAL[0]],
        );
        // What is in a text is no field, wherever the message is cut.
        let inside = format!(r#"{{"op":"chat","text":"{long} \",\"error\":\"no\"}}"}}"#);
        let told = Talk::by(way, "/x", None)
            .text(Client, r#"{"op":"query"}"#)
            .text(Server, &inside)
            .close(Server, Some(1000))
            .fin(Server);
        says(told, None, &[NORMAL[0]], &["had said"]);
    }
}

#[test]
fn memory_does_not_grow_with_the_messages() {
    let mut talk = Talk::new("/rpc", None);
    for number in 0..2_000 {
        let text =
            format!(r#"{{"jsonrpc":"2.0","id":{number},"error":{{"code":1,"message":"no"}}}}"#);
        talk = talk.text(Server, &text);
    }
    let (record, _) = talk.close(Server, Some(1000)).fin(Server);
    let heard = record.application.expect("it was heard");
    assert!(heard.said.len() <= 8);
    assert_eq!(heard.end(Server).messages, 2_000);
}

#[test]
fn rows_name_what_exists() {
    for row in &PROTOCOLS {
        assert!(!row.sources.is_empty(), "{} has no source", row.id);
        assert!(
            std::ptr::eq(protocol(row.id).expect("it is there"), row),
            "{} is there twice",
            row.id
        );
        if let Some(vendor) = row.vendor {
            assert!(
                VENDORS.iter().any(|known| known.vendor == vendor),
                "{vendor}"
            );
        }
        let is_known = !row.subprotocols.is_empty() || !row.signs.is_empty() || row.is_named_by_url;
        assert!(is_known, "nothing names {}", row.id);
        for limit in row.limits {
            let is_timer = |name: &&&str| !row.timers.iter().any(|timer| timer.name == **name);
            assert_eq!(limit.of.iter().find(is_timer), None, "{}", row.id);
            assert!(
                !limit.of.is_empty() || limit.default.is_some(),
                "{}",
                row.id
            );
        }
    }
}

/// What `harness/protocols` recorded with the libraries themselves, and what was seen in it then.
#[test]
fn what_real_libraries_do_is_told_as_it_was() {
    let known = include_str!("application/real/expected.json");
    let known: serde_json::Value = serde_json::from_str(known).expect("it is JSON");
    let known = known.as_object().expect("it is an object");
    assert_eq!(known.len(), 31);
    for (file, want) in known {
        let (record, explanation) = record_of(&format!("real/{file}"));
        let application = record.application.as_deref();
        let protocol = application.and_then(|application| application.protocol);
        assert_eq!(want["protocol"], protocol.unwrap().id, "{file}");
        let inside = application.and_then(|application| application.inside.as_ref());
        let inside = inside.and_then(|inside| Some(inside.protocol?.id));
        assert_eq!(want["inside"].as_str(), inside, "{file}");
        let said = application.map_or(&[][..], |application| &application.said);
        let kind = |said: &Said| said.row.map_or("said", |row| row.kind);
        let kinds: Vec<&str> = said.iter().map(kind).collect();
        let wanted: Vec<&str> = want["said"]
            .as_array()
            .unwrap()
            .iter()
            .map(|said| said["kind"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, wanted, "{file}");
        assert_eq!(want["cause"], explanation.cause.id(), "{file}");
        let first = explanation.statements.first().map(Message::id);
        assert_eq!(want["first"].as_str(), first, "{file}");
    }
}

#[test]
fn what_is_marked_as_measured_was_recorded() {
    let package = include_str!("../harness/protocols/package.json");
    let package: serde_json::Value = serde_json::from_str(package).expect("it is JSON");
    let pinned = package["dependencies"].as_object().expect("there are some");
    let with = |row: &Protocol| -> Vec<String> {
        let sources = row.sources.iter();
        let sources = sources.filter(|source| source.is_measured());
        sources.map(ToString::to_string).collect()
    };
    // What the harness records with a library is marked, with the version that is pinned there.
    let known = include_str!("application/real/expected.json");
    let known: serde_json::Value = serde_json::from_str(known).expect("it is JSON");
    let mut recorded = Vec::new();
    for (file, want) in known.as_object().expect("it is an object") {
        let row = protocol(want["protocol"].as_str().expect("a name")).expect("a row");
        let is_pinned = pinned.iter().any(|(name, version)| {
            let version = version.as_str().expect("a version");
            let named = format!("{name} {version}");
            with(row).iter().any(|source| source.contains(&named))
        });
        assert!(is_pinned, "{file}: {:?}", with(row));
        recorded.push(row.id);
    }
    // What is marked was recorded.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/application");
    for entry in std::fs::read_dir(folder).expect("it is there") {
        let name = entry.expect("it can be read").file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".pcap") {
            let application = record_of(&name).0.application;
            let protocol = application.and_then(|application| application.protocol);
            recorded.extend(protocol.map(|protocol| protocol.id));
        }
    }
    for row in PROTOCOLS.iter().filter(|row| row.is_measured()) {
        assert!(recorded.contains(&row.id), "{}", row.id);
    }
}

#[test]
fn a_reason_that_tells_of_an_error_is_no_normal_end() {
    for (reason, is_normal) in [
        ("token expired", false),
        ("Error: no such room", false),
        ("heartbeat timeout", false),
        ("Unauthorized", false),
        ("bye", true),
        ("Normal closure", true),
        ("job done without an error", true),
        ("heartbeat off", true),
    ] {
        let mut body = vec![0x88, reason.len() as u8 + 2, 0x03, 0xe8];
        body.extend(reason.as_bytes());
        let decoded = wsclose::decode(&body).expect("it is a frame");
        let text = said(&decoded.explanation);
        assert_eq!(text.contains("which is normal"), is_normal, "{text}");
        assert_eq!(text.contains("names no cause"), !is_normal, "{text}");
    }
}

#[test]
fn a_close_about_the_subprotocol_tells_what_was_chosen() {
    let other = Some("shop.v2");
    for (subprotocols, words) in [
        ([Some("shop.v1"), None], "the 101 names none of them"),
        ([other, other], "the subprotocol that the 101 names"),
        ([None, None], "offered no subprotocol"),
    ] {
        for code in [1002, 4406] {
            let talk = Talk::at(Way::Whole, "x", "/shop", subprotocols);
            let talk = talk.close_for(Server, Some(code), "No such Subprotocol here");
            let text = said(&talk.fin(Server).1);
            assert!(text.contains(words), "{text}");
            assert!(!text.contains("broke a rule"), "{text}");
        }
    }
    for (code, reason, is_refused) in [
        (4000, "subprotocol session complete", false),
        (4000, "subprotocol: invalid message", false),
        (
            4000,
            "shop.v2 is not a supported subprotocol; not supported",
            true,
        ),
        (1002, "Unsupported subprotocol", true),
        (1000, "subprotocol missing", false),
        (1001, "no such subprotocol", false),
    ] {
        let talk = Talk::at(Way::Whole, "x", "/shop", [other, other]);
        let text = said(&talk.close_for(Server, Some(code), reason).fin(Server).1);
        let is_told = text.contains("the subprotocol that the 101 names");
        assert_eq!(is_told, is_refused, "{reason}: {text}");
    }
    let talk = Talk::at(Way::Whole, "x", "/shop", [Some("shop.v1"), None]);
    let text = said(
        &talk
            .close_for(Server, Some(1002), "bad frame")
            .fin(Server)
            .1,
    );
    assert!(text.contains("broke a rule"), "{text}");
    assert!(!text.contains("the 101 names"), "{text}");
}

#[test]
fn a_protocol_of_a_service_is_that_of_its_hosts() {
    let close = |host: &str| {
        let talk = Talk::at(Way::Whole, host, "/?v=10&encoding=json", [None, None]);
        let talk = talk.text(Server, r#"{"op":10,"d":{"heartbeat_interval":41250}}"#);
        said(&talk.close(Server, Some(4004)).fin(Server).1)
    };
    let own = close("gateway.discord.gg");
    assert!(own.contains("In Discord Gateway"), "{own}");
    assert!(!own.contains("looks like"), "{own}");
    let other = close("chat.shop.example:8443");
    assert!(!other.contains("In Discord Gateway"), "{other}");
    assert!(other.contains("looks like Discord"), "{other}");
    // An address, or a name inside of a network, may stand for any of them.
    for host in ["127.0.0.1:8080", "proxy", "[2001:db8::1]"] {
        assert!(!close(host).contains("looks like"), "{host}");
    }
}

#[test]
fn what_else_a_silence_fits_is_told_beside_it() {
    // MQTT with a keep-alive of 40 s: a broker waits 60 s, as nginx does.
    let connect = b"\x10\x0d\x00\x04MQTT\x04\x00\x00\x28\x00\x01a";
    let silent = |after: f64| {
        let talk = Talk::new("/mqtt", Some("mqtt")).binary(Client, connect);
        let talk = talk.binary(Server, b"\x20\x02\x00\x00").after(after);
        let explanation = talk.fin(Server).1;
        let others = explanation.alternatives.iter();
        let others: Vec<String> = others.map(|(_, why)| why.to_string()).collect();
        (said(&explanation), others.join(" "))
    };
    let (text, others) = silent(60.2);
    assert!(text.contains("keep-alive timeout"), "{text}");
    assert!(!others.contains("runs late"), "{others}");
    for (after, is_answer, is_besides) in [
        (59.8, true, false),
        (90.0, false, true),
        (300.0, false, false),
    ] {
        let (text, others) = silent(after);
        assert_eq!(
            text.contains("keep-alive timeout"),
            is_answer,
            "{after}: {text}"
        );
        assert_eq!(
            others.contains("runs late"),
            is_besides,
            "{after}: {others}"
        );
    }
}

#[test]
fn the_limit_of_a_message_is_named_in_the_words_of_its_protocol() {
    let talk = Talk::new(SOCKET_IO, None).text(Server, OPEN);
    let talk = talk.text(Client, "40").text(Server, r#"40{"sid":"y"}"#);
    let talk = talk.text(Client, &format!(r#"42["a","{}"]"#, "z".repeat(3000)));
    let text = said(&talk.close(Server, Some(1009)).fin(Server).1);
    assert!(text.contains("maxHttpBufferSize"), "{text}");
}

/// What came and could not be read may be what is missed: RSV1 without an extension.
#[test]
fn a_message_that_cannot_be_read_may_be_the_answer() {
    let packed = [0xaa, 0xae, 0x95, 0x03, 0x00];
    let hub = "{\"protocol\":\"json\",\"version\":1}\u{1e}";
    for (is_answered, is_missed) in [(true, false), (false, true)] {
        let mut talk = Talk::new("/hub", None).text(Client, hub).after(1.0);
        if is_answered {
            talk = talk.raw(Server, 0xc1, &packed);
        }
        let talk = talk.after(2.0).close(Client, Some(1000));
        let bytes = talk.stream.clone();
        let text = said(&talk.fin(Client).1);
        assert_eq!(text.contains("got no answer"), is_missed, "{text}");
        let at = bytes.windows(2).position(|two| two == [0x81, 0xa0]);
        let frames = &bytes[at.expect("the handshake is a text of 32 bytes")..];
        let text = said(
            &wsclose::decode(frames)
                .expect("they are frames")
                .explanation,
        );
        assert!(!(text.contains("got no answer") && is_answered), "{text}");
    }
    // The greeting of a server, and its sign of life.
    let talk = Talk::new(SOCKET_IO, None).raw(Server, 0xc1, &packed);
    let text = said(&talk.after(9.0).close(Client, None).fin(Client).1);
    assert!(!text.contains("open packet"), "{text}");
}

/// Subprotocols, one for each way in which messages are laid out.
const AGREED: [&str; 9] = [
    "v12.stomp",
    "mqtt",
    "wamp.2.json",
    "wamp.2.msgpack",
    "graphql-transport-ws",
    "ocpp1.6",
    "xmpp",
    "actioncable-v1-json",
    "v4.channel.k8s.io",
];

#[test]
fn an_error_in_another_protocol_than_was_agreed_on_is_told_as_said() {
    for subprotocol in AGREED {
        let told = |last: &str, code| {
            Talk::new("/x", Some(subprotocol))
                .text(Client, r#"{"hello":1}"#)
                .text(Server, last)
                .close(Server, Some(code))
                .fin(Server)
        };
        let (_, explanation) = told(r#"{"type":"error","message":"who are you"}"#, 1000);
        let text = said(&explanation);
        assert!(text.contains("\"who are you\""), "{subprotocol}: {text}");
        assert!(text.contains("had said"), "{subprotocol}: {text}");
        assert!(!text.contains(NORMAL[0]), "{subprotocol}: {text}");
        let text = said(&told(r#"{"type":"bye"}"#, 1000).1);
        assert!(!text.contains("had said"), "{subprotocol}: {text}");
    }
    // Who closes for a fault of the protocol means the one that was agreed on.
    let told = Talk::new("/x", Some("mqtt"))
        .text(Client, r#"{"a":1}"#)
        .text(Server, r#"{"error":"unsupported"}"#)
        .close(Server, Some(1002))
        .fin(Server);
    says(
        told,
        None,
        &["MQTT is the protocol that is meant", "unsupported"],
        &["a mask"],
    );
}

#[test]
fn once_the_agreed_protocol_was_spoken_what_it_does_not_name_is_ordinary() {
    let told = Talk::new("/cable", Some("actioncable-v1-json"))
        .text(Server, r#"{"type":"welcome"}"#)
        .text(Server, r#"{"type":"error","message":"of the application"}"#)
        .close(Server, Some(1000))
        .fin(Server);
    says(
        told,
        Some("actioncable"),
        &[],
        &["of the application", "not known here"],
    );
}

#[test]
fn an_end_of_another_protocol_that_is_carried_is_none_of_a_carrier() {
    for message in [
        r#"a["c[2010,\"Another connection still open\"]"]"#,
        r#"a["o","h"]"#,
    ] {
        let told = Talk::new("/echo/123/abcdefgh/websocket", None)
            .text(Server, "o")
            .text(Server, message)
            .after(1.0)
            .close(Client, None)
            .fin(Client);
        says(told, Some("sockjs"), &["normal close"], &["still open"]);
    }
}

#[test]
fn the_version_of_engine_io_is_seen_by_its_messages_where_no_url_was() {
    use wsclose::application::Listener;
    use wsclose::conversation::{Conversation, Options};

    let open = r#"0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":5000}"#;
    let most = r#"0{"sid":"x","pingInterval":25000,"pingTimeout":5000,"maxPayload":1000000}"#;
    let rows = [
        (&[(Server, open)][..], None),
        (&[(Server, most)], Some("EIO=4")),
        (&[(Server, open), (Server, "2")], Some("EIO=4")),
        (&[(Server, open), (Client, "2")], Some("EIO=3")),
        (&[(Server, open), (Server, "40")], Some("EIO=3")),
        (&[(Server, open), (Client, "40")], Some("EIO=4")),
        (
            &[(Server, open), (Client, "40/a,"), (Client, "2probe")],
            None,
        ),
    ];
    for (messages, version) in rows {
        let mut listener = Listener::default();
        let mut conversation = Conversation::new(Options::default());
        conversation.hear_messages();
        for (sender, text) in messages {
            let is_client = *sender == Client;
            let mut bytes = vec![0x81, text.len() as u8 | if is_client { 0x80 } else { 0 }];
            if is_client {
                bytes.extend([0; 4]);
            }
            bytes.extend(text.as_bytes());
            conversation.feed_hearing(&mut bytes, |_| {}, &mut |heard| {
                listener.hear(heard, 1, None);
            });
        }
        let heard = listener.finish().expect("it is known");
        for known in ["EIO=3", "EIO=4"] {
            assert_eq!(
                heard.has_query(known),
                version == Some(known),
                "{messages:?}"
            );
        }
    }
}
