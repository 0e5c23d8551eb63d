//! What somebody holds who asks why a connection closed, and what to do with it: a page for each.

use std::io;

use crate::render::text::Page;
use crate::words::{Text, text};

/// Something that can be held.
#[derive(Debug)]
pub struct Start {
    /// Its name in addresses: `log`.
    pub id: &'static str,
    /// What its holder says.
    pub title: Text,
    /// What it is good for, in a few words.
    pub gist: Text,
    /// How to get it, and how to give it.
    pub how: Text,
    /// What is typed.
    pub commands: &'static [&'static str],
    /// What explains the rest.
    pub further: &'static [&'static str],
    /// Whether a page can answer it.
    pub is_for_pages: bool,
}

/// All but the one whose page is that of its code.
pub static STARTS: &[Start] = &[
    Start {
        id: "log",
        title: text!(start.log),
        gist: text!(welcome.line),
        how: text!(start.log_how),
        commands: &[
            "wsclose 'websocket: close 1006 (abnormal closure): unexpected EOF'",
            "wsclose app.log",
        ],
        further: &["wsclose explain 1006", "wsclose explain 1011"],
        is_for_pages: true,
    },
    Start {
        id: "bytes",
        title: text!(start.bytes),
        gist: text!(welcome.bytes),
        how: text!(start.bytes_how),
        commands: &["wsclose 88 02 03 e8", "wsclose frames.bin"],
        further: &["wsclose explain 1002", "wsclose explain 1007"],
        is_for_pages: true,
    },
    Start {
        id: "capture",
        title: text!(start.capture),
        gist: text!(welcome.capture),
        how: text!(start.capture_how),
        commands: &[
            "sudo tcpdump -i any -s 0 -w trace.pcap port 443",
            "wsclose trace.pcap",
            "wsclose decode-capture trace.pcap --keylog keys.log",
        ],
        further: &["wsclose explain 1006", "wsclose explain 1015"],
        is_for_pages: true,
    },
    Start {
        id: "browser",
        title: text!(start.browser),
        gist: text!(start.browser_gist),
        how: text!(start.browser_how),
        commands: &["wsclose recording.har", "wsclose net-log.json"],
        further: &[
            "wsclose explain 1006",
            "wsclose explain upgrade-refused",
            "wsclose explain chromium",
            "wsclose explain firefox",
        ],
        is_for_pages: true,
    },
    Start {
        id: "url",
        title: text!(start.url),
        gist: text!(start.url_gist),
        how: text!(start.url_how),
        commands: &["wsclose wss://example.org/ws"],
        further: &[
            "wsclose explain handshake-failed",
            "wsclose explain upgrade-refused",
            "wsclose explain 1015",
        ],
        is_for_pages: false,
    },
];

/// The page: how, the commands, and what explains the rest.
pub(super) fn draw(start: &Start, page: &mut Page<'_>) -> io::Result<()> {
    page.title("", &start.title)?;
    page.paragraph(0, &start.how)?;
    for command in start.commands {
        page.command(command)?;
    }
    page.blank()?;
    page.heading(&text!(heading.see_also))?;
    for command in start.further {
        page.command(command)?;
    }
    Ok(())
}
