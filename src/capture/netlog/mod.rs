//! Net logs of Chromium and what is made of it (Chrome, Edge, Electron, WebView): to WebSockets.
//!
//! A log is a list of events, each of a source: a page's request, a job, a socket. What the numbers in
//! it stand for its own constants (`names`) say. `objects` takes the JSON apart as it comes,
//! `sources` joins sockets and sessions to requests, and a `websocket` makes of what
//! happened to a request what a [`Session`](crate::session::Session) takes.
//!
//! In the usual mode a log holds each frame's header and not what is in it: Close frames are there, and
//! their codes are not. In the mode with raw bytes it holds all that went over the connection. Requests
//! that are no WebSockets are never handed on.
//!
//! Source: read in chromium net/log/net_log_event_type_list.h and net/websockets; measured with Chromium 156.
//!
//! ```
//! use wsclose::capture::netlog::{NetLog, is_beginning};
//! use wsclose::session::Options;
//!
//! let log = br#"{"constants": {"logEventTypes": {}}, "events": ["#;
//! assert_eq!(is_beginning(log), Some(true));
//! let mut netlog = NetLog::new(Options::default());
//! netlog.feed(log, &mut |record| println!("{record:?}"));
//! // The browser was killed while it wrote.
//! assert!(netlog.finish(&mut |_| {}).is_cut);
//! ```

mod event;
mod http2;
mod names;
mod objects;
mod reader;
mod sources;
mod websocket;

use crate::session::{Options, Record};
use names::Names;
use objects::{Objects, Part};
use reader::Reader;

/// Whether bytes begin like a net log; `None` where that takes more of them.
pub fn is_beginning(bytes: &[u8]) -> Option<bool> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut wanted: &[u8] = b"{\"constants\"";
    let mut rest = bytes.trim_ascii_start();
    loop {
        match (wanted.split_first(), rest.split_first()) {
            (None, _) => return Some(true),
            (Some(_), None) => return None,
            (Some((one, after)), Some((byte, others))) if one == byte => {
                wanted = after;
                rest = match *byte {
                    b'{' => others.trim_ascii_start(),
                    _ => others,
                };
            }
            _ => return Some(false),
        }
    }
}

/// How a net log ended, and what of it was not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it ends before the list of its events does: the browser was killed, or the file is cut.
    pub is_cut: bool,
    /// Whether it had constants that could be read. Without them nothing in it means anything.
    pub has_names: bool,
    /// Its events.
    pub events: u64,
    /// Events that could not be read.
    pub lost: u64,
    /// The bytes read.
    pub bytes: u64,
}

/// The WebSockets of a net log, as it comes.
#[derive(Debug)]
pub struct NetLog {
    options: Options,
    objects: Objects,
    reader: Reader,
    bytes: u64,
}

impl NetLog {
    /// A log of which nothing was read.
    pub fn new(options: Options) -> Self {
        NetLog {
            options,
            objects: Objects::default(),
            reader: Reader::new(options),
            bytes: 0,
        }
    }

    /// Takes the next bytes, and hands each WebSocket to `sink` when it is over.
    pub fn feed(&mut self, bytes: &[u8], sink: &mut impl FnMut(Box<Record>)) {
        self.bytes += bytes.len() as u64;
        let reader = &mut self.reader;
        self.objects.feed(bytes, |part| match part {
            Part::Constants(constants) => reader.names = Names::of(constants),
            Part::Event(event) => reader.event(event, sink),
            Part::Lost => reader.lost += 1,
        });
    }

    /// Ends the log, and hands on the WebSockets that were not over.
    pub fn finish(&mut self, sink: &mut impl FnMut(Box<Record>)) -> Outcome {
        let reader = std::mem::replace(&mut self.reader, Reader::new(self.options));
        let outcome = Outcome {
            is_cut: !self.objects.has_events_ended() && self.objects.is_inside(),
            has_names: reader.names.is_some(),
            events: reader.count,
            lost: reader.lost,
            bytes: self.bytes,
        };
        reader.finish(sink);
        outcome
    }
}
