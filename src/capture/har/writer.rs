//! What wrote a HAR file.

use crate::session::Recorder;

/// What the names of browsers, and of what drives one, have in them.
const BROWSERS: [&str; 8] = [
    "webinspector",
    "web inspector",
    "webkit",
    "chrom",
    "edge",
    "safari",
    "playwright",
    "puppeteer",
];

/// What wrote the file, as far as that matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Writer {
    /// Whether its times are those of the upgrade alone.
    pub(super) is_upgrade_timed: bool,
    /// Whether it has said who it is.
    pub(super) is_named: bool,
    pub(super) recorder: Recorder,
}

impl Writer {
    pub(super) fn named(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        Writer {
            is_upgrade_timed: name.contains("mitmproxy"),
            is_named: true,
            recorder: match name {
                _ if has(&["firefox"]) => Recorder::Firefox,
                _ if has(&BROWSERS) => Recorder::Browser,
                _ => Recorder::Program,
            },
        }
    }
}
