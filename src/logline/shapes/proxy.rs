//! Proxies: nginx and HAProxy. They read no frames and send none: a line of theirs has no code.

use crate::logline::producers::{HAPROXY, NGINX};
use crate::logline::{Origin, Says, Shape, events};
use crate::words::word;

pub(super) static SHAPES: &[Shape] = &[
    Shape {
        id: "nginx-upstream-timeout",
        producer: &NGINX,
        needles: &["while proxying upgraded connection"],
        patterns: &["upstream timed out (<text>) while proxying upgraded connection"],
        says: Says::Event {
            event: &events::PROXY_IDLE_TIMEOUT,
            shows: None,
        },
        note: word!(
            "The timer is proxy_read_timeout. nginx 1.22 logs this at level info, so that with the default of error_log nothing is written."
        ),
        is_common: false,
        origin: Origin::Read("nginx/nginx 3f6f782 src/http/ngx_http_upstream.c"),
        example: r#"2026/11/20 17:39:02 [error] 31#31: *7 upstream timed out (110: Connection timed out) while proxying upgraded connection, client: 203.0.113.7, server: example.com, request: "GET /ws HTTP/1.1", upstream: "http://10.0.0.5:8080/ws", host: "example.com""#,
    },
    Shape {
        id: "nginx-client-timeout",
        producer: &NGINX,
        needles: &["while proxying upgraded connection"],
        patterns: &["client timed out (<text>) while proxying upgraded connection"],
        says: Says::Event {
            event: &events::PROXY_CLIENT_TIMEOUT,
            shows: None,
        },
        note: word!("The timer is send_timeout."),
        is_common: false,
        origin: Origin::Read("nginx/nginx 3f6f782 src/http/ngx_http_upstream.c"),
        example: r#"2026/11/20 17:39:02 [info] 31#31: *7 client timed out (110: Connection timed out) while proxying upgraded connection, client: 203.0.113.7, server: example.com, request: "GET /ws HTTP/1.1""#,
    },
    Shape {
        id: "nginx-reset",
        producer: &NGINX,
        needles: &["while proxying upgraded connection"],
        patterns: &["recv() failed (<text>) while proxying upgraded connection"],
        says: Says::Event {
            event: &events::PROXY_RESET,
            shows: None,
        },
        note: "",
        is_common: false,
        origin: Origin::Measured("nginx 1.22.1"),
        example: r#"2026/11/20 17:39:02 [error] 31#31: *7 recv() failed (104: Connection reset by peer) while proxying upgraded connection, client: 203.0.113.7, server: example.com, request: "GET /ws HTTP/1.1", upstream: "http://10.0.0.5:8080/ws""#,
    },
    Shape {
        id: "nginx-upstream-closed",
        producer: &NGINX,
        needles: &["upstream prematurely closed connection"],
        patterns: &["upstream prematurely closed connection"],
        says: Says::Event {
            event: &events::UPSTREAM_CLOSED_EARLY,
            shows: None,
        },
        note: "",
        is_common: true,
        origin: Origin::Read("nginx/nginx 3f6f782 src/http/ngx_http_upstream.c"),
        example: r#"2026/11/20 17:39:02 [error] 31#31: *7 upstream prematurely closed connection while reading response header from upstream, client: 203.0.113.7, server: example.com, request: "GET /ws HTTP/1.1""#,
    },
    Shape {
        id: "haproxy-timeout",
        producer: &HAPROXY,
        needles: &[" - - cD-- ", " - - sD-- "],
        patterns: &[" 101 <number> - - cD-- ", " 101 <number> - - sD-- "],
        says: Says::Event {
            event: &events::PROXY_IDLE_TIMEOUT,
            shows: None,
        },
        note: word!(
            "c: the client's side was silent for too long, s: the server's side. The timer is timeout tunnel, or timeout client and timeout server where that is not set."
        ),
        is_common: false,
        origin: Origin::Documented(word!(
            "HAProxy doc/configuration.txt, session state at disconnection"
        )),
        example: r#"haproxy[812]: 203.0.113.7:51834 [20/Nov/2026:17:38:02.101] www app/app1 0/0/1/2/60005 101 1834 - - sD-- 12/9/4/2/0 0/0 "GET /ws HTTP/1.1""#,
    },
    Shape {
        id: "haproxy-client-gone",
        producer: &HAPROXY,
        needles: &[" - - CD-- "],
        patterns: &[" 101 <number> - - CD-- "],
        says: Says::Event {
            event: &events::PROXY_CLIENT_GONE,
            shows: None,
        },
        note: "",
        is_common: false,
        origin: Origin::Documented(word!(
            "HAProxy doc/configuration.txt, session state at disconnection"
        )),
        example: r#"haproxy[812]: 203.0.113.7:51834 [20/Nov/2026:17:38:02.101] www app/app1 0/0/1/2/60005 101 1834 - - CD-- 12/9/4/2/0 0/0 "GET /ws HTTP/1.1""#,
    },
];
