//! What came of one case: what the application was shown, what went over the wire, and when.
//!
//! `build.rs` reads the tables with this file too, so it knows nothing of the rest of the crate.

/// What the application was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// It does not matter here, or was not looked at.
    Unknown,
    /// The code that was received, unchanged.
    Same,
    /// This number, which may be no code at all: libraries say 0 and −1 too.
    Code(i32),
    /// Neither a code nor an error.
    Nothing,
    /// An error without a code.
    Error,
    /// A call to close was taken.
    Taken,
    /// A call to close was refused.
    Refused,
}

/// What went over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// It does not matter here, or was not looked at.
    Unknown,
    /// The code of the case: echoed, sent as asked, or passed on.
    Same,
    /// A Close with this code.
    Close(u16),
    /// A Close without a code.
    Empty,
    /// TCP ended with FIN, without a Close.
    Drop,
    /// TCP ended with RST, without a Close.
    Reset,
    /// Nothing, and TCP stayed open.
    Silence,
    /// What came was delivered or answered as if nothing were wrong with it.
    Accepted,
    /// It waited for more bytes.
    Waits,
    /// The answer is left to the application.
    Application,
    /// A Close with a random number.
    Garbled,
    /// A Close with 1002 in some runs, FIN without a Close in others.
    CloseOrDrop,
    /// No Close, though the call was taken.
    NoClose,
    /// The reason was cut to 123 bytes.
    Cut,
    /// The code without the reason.
    NoReason,
    /// The connection was still open when the measurement ended.
    Open,
    /// An HTTP status in place of a connection.
    Http(u16),
}

/// What came of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What the application was shown.
    pub api: Api,
    /// What went over the wire.
    pub wire: Wire,
    /// After how many seconds, where that tells something.
    pub after: Option<u16>,
}

impl Outcome {
    /// The outcome that `text` spells: `1006/1002`, `same/same`, `1005/1011@40s`.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (text, after) = match text.split_once('@') {
            None => (text, None),
            Some((text, after)) => {
                let seconds = after.strip_suffix('s').and_then(|after| after.parse().ok());
                let Some(seconds) = seconds else {
                    return Err(format!("`@{after}` is no time; write `@40s`"));
                };
                (text, Some(seconds))
            }
        };
        let Some((api, wire)) = text.split_once('/') else {
            return Err(format!(
                "`{text}` is no outcome; write what is shown, `/`, and what is sent: `1006/1002`"
            ));
        };
        let api = match api {
            "-" => Api::Unknown,
            "same" => Api::Same,
            "none" => Api::Nothing,
            "error" => Api::Error,
            "ok" => Api::Taken,
            "refused" => Api::Refused,
            number => Api::Code(number.parse().map_err(|_| {
                format!("`{number}` cannot be shown; write a number, same, none, error, ok, refused or -")
            })?),
        };
        let wire = match wire {
            "-" => Wire::Unknown,
            "same" => Wire::Same,
            "empty" => Wire::Empty,
            "drop" => Wire::Drop,
            "reset" => Wire::Reset,
            "silence" => Wire::Silence,
            "accepted" => Wire::Accepted,
            "waits" => Wire::Waits,
            "application" => Wire::Application,
            "garbled" => Wire::Garbled,
            "1002-or-drop" => Wire::CloseOrDrop,
            "nothing" => Wire::NoClose,
            "cut" => Wire::Cut,
            "no-reason" => Wire::NoReason,
            "open" => Wire::Open,
            other => match other.strip_prefix("http-") {
                Some(status) => Wire::Http(number(status)?),
                None => Wire::Close(number(other)?),
            },
        };
        Ok(Outcome { api, wire, after })
    }
}

fn number(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| {
        format!(
            "`{text}` cannot be sent; write a code, same, empty, drop, reset, silence, accepted, waits, application, \
             garbled, 1002-or-drop, nothing, cut, no-reason, open, http-502 or -"
        )
    })
}
