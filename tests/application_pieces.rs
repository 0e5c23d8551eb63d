//! Messages of protocols that are long, that run through several WebSocket messages, or that cannot be read: what
//! stands at their end is told, and where it cannot be, nothing is claimed of it.

#[path = "common/talk.rs"]
mod talk;

use wsclose::application::Unheard;
use wsclose::explain::Explanation;
use wsclose::frame::Sender;
use wsclose::session::Record;

use Sender::{Client, Server};
use talk::{Talk, Way, said};

const NORMAL: [&str; 2] = ["it had finished", "It is a normal close"];

/// What is said of a connection, and what is not.
#[track_caller]
fn says(told: &(Record, Explanation), must: &[&str], must_not: &[&str]) {
    let text = said(&told.1);
    for part in must {
        assert!(text.contains(part), "`{part}` is not said: {text}");
    }
    for part in must_not.iter().chain(&NORMAL) {
        assert!(!text.contains(part), "`{part}` is said: {text}");
    }
}

/// Lengths at which a message is kept whole, in two pieces, and with a part between them that is not kept.
const LENGTHS: [usize; 5] = [100, 900, 1400, 3000, 20_000];

fn stomp() -> Talk {
    Talk::new("/ws", Some("v12.stomp"))
        .text(Client, "CONNECT\naccept-version:1.2\n\n\0")
        .text(Server, "CONNECTED\nversion:1.2\n\n\0")
}

fn nats() -> Talk {
    Talk::new("/", None)
        .binary(
            Server,
            b"INFO {\"server_id\":\"N\",\"version\":\"2.10\"}\r\n",
        )
        .binary(Client, b"CONNECT {\"lang\":\"x\"}\r\n")
}

fn mqtt_5() -> Talk {
    Talk::new("/mqtt", Some("mqtt"))
        .binary(
            Client,
            b"\x10\x0f\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x02ab",
        )
        .binary(Server, b"\x20\x03\x00\x00\x00")
}

/// A PUBLISH with so many bytes.
fn publish(length: usize) -> Vec<u8> {
    let rest = length + 4;
    let mut packet = vec![0x30];
    let mut left = rest;
    while left > 127 {
        packet.push((left & 127) as u8 | 128);
        left >>= 7;
    }
    packet.push(left as u8);
    packet.extend(b"\x00\x01a\x00");
    packet.extend(vec![b'y'; length]);
    packet
}

#[test]
fn an_error_behind_a_payload_of_any_length_is_read() {
    for length in LENGTHS {
        let long = "y".repeat(length);
        let announced = format!(
            "MESSAGE\nsubscription:0\nmessage-id:1\ndestination:/a\ncontent-length:{length}\n\n{long}\0"
        );
        let to_zero = format!("MESSAGE\nsubscription:0\nmessage-id:1\ndestination:/a\n\n{long}\0");
        for message in [announced, to_zero] {
            let both = format!("{message}ERROR\nmessage:Access refused\n\nno\0");
            let told = stomp().text(Server, &both).close(Server, Some(1000));
            says(&told.fin(Server), &["Access refused"], &["sent no ERROR"]);
        }
        let both = format!("MSG a 1 {length}\r\n{long}\r\n-ERR 'Unknown Protocol Operation'\r\n");
        let told = nats()
            .binary(Server, both.as_bytes())
            .close(Server, Some(1000));
        says(&told.fin(Server), &["Unknown Protocol Operation"], &[]);

        let both = [publish(length).as_slice(), b"\xe0\x02\x8e\x00"].concat();
        let told = mqtt_5().binary(Server, &both).after(0.01);
        says(
            &told.fin(Server),
            &["Session taken over"],
            &["no DISCONNECT"],
        );

        let signalr =
            Talk::new("/hub", None).text(Client, "{\"protocol\":\"json\",\"version\":1}\x1e");
        let both = format!(
            "{{\"type\":1,\"target\":\"a\",\"arguments\":[\"{long}\"]}}\x1e{{\"type\":7,\"error\":\"revoked\"}}\x1e"
        );
        let told = signalr
            .text(Server, "{}\x1e")
            .text(Server, &both)
            .close(Server, Some(1000));
        says(&told.fin(Server), &["revoked"], &[]);

        let wamp = Talk::new("/ws", Some("wamp.2.json.batched"))
            .text(Client, "[1,\"r\",{\"roles\":{}}]\x18")
            .text(Server, "[2,1,{}]\x18");
        let both = format!(
            "[36,1,2,{{}},[\"{long}\"]]\x18[3,{{\"message\":\"killed\"}},\"wamp.error.x\"]\x18"
        );
        let told = wamp.text(Server, &both).close(Server, Some(1000));
        says(&told.fin(Server), &["killed"], &[]);

        let sockjs = Talk::new("/echo/123/abc/websocket", None).text(Server, "o");
        let both = format!(
            "a[\"{long}\",\"{{\\\"type\\\":\\\"error\\\",\\\"message\\\":\\\"kicked\\\"}}\"]"
        );
        let told = sockjs.text(Server, &both).close(Server, Some(1000));
        says(&told.fin(Server), &["kicked"], &[]);

        let status = format!(
            "\x03{{\"metadata\":{{\"x\":\"{long}\"}},\"status\":\"Failure\",\"message\":\"no container\",\"code\":404}}"
        );
        let exec = Talk::new(
            "/api/v1/namespaces/d/pods/p/exec",
            Some("v5.channel.k8s.io"),
        );
        let told = exec
            .binary(Server, status.as_bytes())
            .close(Server, Some(1000));
        says(&told.fin(Server), &["no container"], &[]);
    }
}

/// A value of MessagePack with its length before it, as SignalR writes it.
fn record(value: &[u8]) -> Vec<u8> {
    let length = value.len();
    let mut record = match length {
        0..=127 => vec![length as u8],
        _ => vec![(length & 127) as u8 | 128, (length >> 7) as u8],
    };
    record.extend(value);
    record
}

#[test]
fn an_error_behind_a_long_value_of_message_pack_is_read() {
    for length in [100_u16, 900, 1400, 3000] {
        let high = length.to_be_bytes();
        let text = [
            &b"\x95\x01\x80\xc0\xa1x\x91\xda"[..],
            &high,
            &vec![b'y'; length.into()],
        ]
        .concat();
        let both = [record(&text), record(b"\x93\x07\xa5oops!\xc2")].concat();
        let told = Talk::new("/hub", None)
            .text(Client, "{\"protocol\":\"messagepack\",\"version\":1}\x1e")
            .binary(Server, b"{}\x1e")
            .binary(Server, &both)
            .close(Server, Some(1000));
        says(&told.fin(Server), &["oops!"], &[]);

        let batch = |value: &[u8]| [&(value.len() as u32).to_be_bytes()[..], value].concat();
        let event = [
            &b"\x95\x24\x01\x02\x80\x91\xda"[..],
            &high,
            &vec![b'y'; length.into()],
        ]
        .concat();
        let both = [batch(&event), batch(b"\x93\x03\x80\xacwamp.error.x")].concat();
        let told = Talk::new("/ws", Some("wamp.2.msgpack.batched"))
            .binary(Client, &batch(b"\x93\x01\xa1r\x81\xa5roles\x80"))
            .binary(Server, &batch(b"\x93\x02\x01\x80"))
            .binary(Server, &both)
            .close(Server, Some(1000));
        says(&told.fin(Server), &["ABORT", "wamp.error.x"], &[]);
    }
}

#[test]
fn where_no_beginning_is_found_in_the_end_of_a_message_it_is_said() {
    // The second payload begins in what is not kept.
    let long = "y".repeat(1500);
    let both = format!("MSG a 1 1500\r\n{long}\r\nMSG a 1 1500\r\n{long}\r\n-ERR 'not me'\r\n");
    let told = nats()
        .binary(Server, both.as_bytes())
        .close(Server, Some(1000));
    let told = told.fin(Server);
    says(
        &told,
        &["What the server said last before is not known"],
        &["not me"],
    );
    let heard = told.0.application.expect("it is known");
    let unheard = heard.end(Server).unheard.map(|unheard| unheard.1);
    assert_eq!(unheard, Some(Unheard::Long));

    let both = [publish(1500), publish(1500)].concat();
    let told = mqtt_5().binary(Server, &both).after(0.01).fin(Server);
    says(
        &told,
        &["What the server said last before is not known"],
        &["no DISCONNECT"],
    );
    let both = [&both[..], b"\xe0\x02\x8e\x00"].concat();
    let told = mqtt_5().binary(Server, &both).after(0.01).fin(Server);
    says(&told, &["Session taken over"], &[]);
}

#[test]
fn pieces_of_a_payload_are_no_frames_of_stomp() {
    let body = "ERROR\nmessage:no\n\nDISCONNECT\n\n";
    let length = 5 + body.len() + 1;
    for head in [format!("content-length:{length}\n"), String::new()] {
        let told = stomp()
            .text(
                Server,
                &format!("MESSAGE\nsubscription:0\nmessage-id:1\n{head}\n12345"),
            )
            .text(Server, body)
            .text(Server, "6\0")
            .text(Server, "ERROR\nmessage:this ")
            .text(Server, "one\n\nwords\0")
            .close(Server, Some(1000))
            .fin(Server);
        says(&told, &["this one"], &["\"no"]);
        let kinds = told.0.application.expect("it is known").said;
        assert_eq!(kinds.len(), 1, "{kinds:?}");
    }
}

#[test]
fn a_line_of_nats_may_run_through_messages() {
    let told = nats()
        .binary(Server, b"MSG a 1 ")
        .binary(Server, b"18\r\n-ERR 'not me'\r\n")
        .binary(Server, b"345\r\n-ERR 'Maximum Pay")
        .binary(Server, b"load Violation'\r\n")
        .close(Server, Some(1009))
        .fin(Server);
    says(&told, &["\"Maximum Payload Violation\""], &["not me"]);
}

#[test]
fn a_packet_of_socket_io_may_be_message_pack() {
    let told = Talk::new("/socket.io/?EIO=4&transport=websocket", None)
        .text(
            Server,
            r#"0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#,
        )
        .binary(Client, b"\x82\xa4type\x00\xa3nsp\xa1/")
        .binary(
            Server,
            b"\x83\xa4type\x04\xa3nsp\xa1/\xa4data\x81\xa7message\xa2no",
        )
        .close(Client, None)
        .fin(Server);
    says(&told, &["CONNECT_ERROR", "\"no\""], &[]);
}

#[test]
fn a_message_that_cannot_be_inflated_is_not_passed_over() {
    // Compressed, where nobody agreed on that.
    let compressed = b"\xcaH\xcd\xc9\xc9\x07\x00";
    for (url, subprotocol) in [("/ws", Some("v12.stomp")), ("/", None)] {
        let talk = || Talk::by(Way::Whole, url, subprotocol).text(Client, "hello");
        let told = talk()
            .raw(Server, 0xc1, compressed)
            .close(Server, Some(1000));
        let record = told.fin(Server);
        says(
            &record,
            &["What the server said last before is not known"],
            &[],
        );
        // What could be read behind it is the last.
        let told = talk().raw(Server, 0xc1, compressed).text(Server, "\n");
        let told = told.close(Server, Some(1001)).fin(Server);
        assert!(!said(&told.1).contains("is not known"));
    }
}

#[test]
fn a_message_that_is_certain_by_itself_names_its_protocol_where_the_url_is_not_known() {
    // Of bytes without an upgrade: who sent them is known by the mask, and nothing else.
    let rows: [(&[&str], &str); 4] = [
        (&["o", r#"c[3000,"Go away!"]"#], "sockjs"),
        (
            &[r#"40{"sid":"a"}"#, r#"44/adm,{"message":"no entry"}"#],
            "socket.io",
        ),
        (
            &[
                r#"{"type":"welcome"}"#,
                r#"{"type":"disconnect","reason":"server_restart","reconnect":true}"#,
            ],
            "actioncable",
        ),
        (&[r#"[4,"1","FormationViolation","bad",{}]"#], "ocpp"),
    ];
    for (messages, protocol) in rows {
        let mut bytes = Vec::new();
        for message in messages {
            bytes.extend([0x81, message.len() as u8]);
            bytes.extend(message.as_bytes());
        }
        bytes.extend([0x88, 0x02, 0x03, 0xe8]);
        let decoded = wsclose::decode(&bytes).expect("these are frames");
        let heard = decoded.application.expect("something was heard");
        assert_eq!(heard.protocol.map(|known| known.id), Some(protocol));
    }
}

#[test]
fn a_value_that_runs_into_what_was_not_kept_decides_nothing() {
    let path = "/api/v1/namespaces/d/pods/p/exec?command=sh";
    // The reason stands where the kept beginning of the message ends, and nothing of it at its end.
    for padding in 990..1030 {
        let begin = format!(
            "\x03{{\"status\":\"Failure\",\"message\":\"{}\",",
            "m".repeat(padding - 60)
        );
        let status = format!(
            "{begin}\"reason\":\"NonZeroExitCode\",\"details\":{{\"causes\":[\"{}\"]}}}}",
            "c".repeat(4000)
        );
        let told = Talk::new(path, Some("v4.channel.k8s.io"))
            .binary(Server, b"\x01")
            .binary(Server, status.as_bytes())
            .close(Server, Some(1000))
            .fin(Server);
        let text = said(&told.1);
        assert!(!text.contains("\"NonZ"), "{padding}: {text}");
        let begins = begin.len() + 10;
        if (begins..begins + 15).contains(&1024) {
            assert!(
                !text.contains("could not do what was asked"),
                "{padding}: {text}"
            );
        }
    }
}
