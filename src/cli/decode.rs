//! `decode-frame`: bytes in any form to frames, findings and a diagnosis.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use anyhow::{anyhow, bail};

use super::Terminal;
use super::args::DecodeFrame;
use crate::conversation::{Conversation, Options, Summary};
use crate::escape::escape;
use crate::input::{self, Error, Form, Source};
use crate::inspect::Frame;
use crate::render::json;
use crate::render::text::{Page, StreamView};
use crate::report::Status;

/// Runs the command.
pub(super) fn run(
    arguments: &DecodeFrame,
    as_json: bool,
    terminal: &mut Terminal<'_>,
) -> anyhow::Result<Status> {
    let source = source(arguments, terminal)?;
    if arguments.to_hex {
        return to_hex(arguments, source, terminal);
    }
    let mut conversation = Conversation::new(Options {
        from: arguments.from.map(Into::into),
        max_message_size: arguments.max_message_size,
    });
    let mut view = View {
        stream: StreamView::new(arguments.summary),
        as_json,
        is_summary: arguments.summary,
        width: terminal.width,
        out: terminal.out,
    };
    let mut said = |form: &'static Form| say(form, arguments, terminal.err);
    let mut sink = |bytes: &mut [u8]| {
        let mut result = Ok(());
        conversation.feed(bytes, |frame| {
            if result.is_ok() {
                result = view.frame(frame);
            }
        });
        // A person who follows a live stream sees each frame as it comes.
        result.and_then(|()| view.out.flush())
    };
    let read = input::read(source, arguments.input, &mut said, &mut sink);
    if let Err(error) = read {
        return Err(refusal(error, arguments));
    }
    let mut result = Ok(());
    let summary = conversation.finish(|frame| result = view.frame(frame));
    result?;
    view.finish(&summary)?;
    let is_fine = summary.findings == 0;
    Ok(if is_fine {
        Status::Fine
    } else {
        Status::Findings
    })
}

/// Prints the bytes that were read as one line of hex.
fn to_hex(
    arguments: &DecodeFrame,
    source: Source,
    terminal: &mut Terminal<'_>,
) -> anyhow::Result<Status> {
    let Terminal { out, err, .. } = terminal;
    let mut said = |form: &'static Form| say(form, arguments, *err);
    let mut sink = |bytes: &mut [u8]| out.write_all(hex::encode(bytes).as_bytes());
    let read = input::read(source, arguments.input, &mut said, &mut sink);
    match read {
        Ok(_) => {
            writeln!(out)?;
            Ok(Status::Fine)
        }
        Err(error) => Err(refusal(error, arguments)),
    }
}

/// Where the bytes come from.
fn source(arguments: &DecodeFrame, terminal: &Terminal<'_>) -> anyhow::Result<Source> {
    if let Some(path) = &arguments.file {
        return Ok(Source::Reader(open(path)?));
    }
    let is_dash = arguments.bytes == ["-"];
    if !arguments.bytes.is_empty() && !is_dash {
        return Ok(Source::Arguments(arguments.bytes.clone()));
    }
    if terminal.stdin_is_terminal && !is_dash {
        bail!(
            "no bytes given; write them behind the command (`wsclose decode-frame 88 02 03 e8`), name a file with `--file PATH`, pipe them in, or paste them after `wsclose decode-frame -` and end with Ctrl-D"
        );
    }
    Ok(Source::Reader(Box::new(io::stdin())))
}

fn open(path: &Path) -> anyhow::Result<Box<dyn Read>> {
    let shown = escape(&path.to_string_lossy());
    let unreadable = |error: &io::Error| anyhow!("cannot read `{shown}`: {}", reason(error));
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    // A directory opens well and fails only when it is read.
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        bail!("cannot read `{shown}`: it is a directory");
    }
    Ok(Box::new(file))
}

/// Why something could not be read, without the number of the error.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// Says in which form the input was read, where somebody might have expected another.
fn say(form: &Form, arguments: &DecodeFrame, err: &mut dyn Write) -> io::Result<()> {
    if form.announce && arguments.input.is_none() {
        // Nobody is left to tell if standard error is closed.
        let _ = writeln!(err, "wsclose: read as {}", form.what);
    }
    Ok(())
}

/// Why the input could not be read.
fn refusal(error: Error, arguments: &DecodeFrame) -> anyhow::Error {
    match error {
        Error::Sink(error) => error.into(),
        Error::Empty => anyhow!("no bytes in the input; give some, such as `88 02 03 e8`"),
        Error::Read(error) => {
            let from = match &arguments.file {
                Some(path) => format!("`{}`", escape(&path.to_string_lossy())),
                None => "standard input".to_owned(),
            };
            anyhow!("cannot read {from}: {}", reason(&error))
        }
        Error::Mistake(mistake) => {
            let file = arguments
                .bytes
                .iter()
                .find(|argument| Path::new(argument.as_str()).is_file());
            match file {
                Some(path) => {
                    let path = escape(path);
                    anyhow!("{mistake}; a file of that name exists: `--file {path}` reads it")
                }
                None => anyhow!("{mistake}"),
            }
        }
    }
}

/// What is printed, frame by frame.
struct View<'a> {
    stream: StreamView,
    as_json: bool,
    is_summary: bool,
    width: usize,
    out: &'a mut dyn Write,
}

impl View<'_> {
    fn frame(&mut self, frame: &Frame) -> io::Result<()> {
        if !self.as_json {
            let mut page = Page::new(self.out, self.width);
            return self.stream.frame(frame, &mut page);
        }
        if self.is_summary && frame.close.is_none() && frame.findings.is_empty() {
            return Ok(());
        }
        json::frame(frame, self.out)
    }

    fn finish(self, summary: &Summary) -> io::Result<()> {
        if self.as_json {
            return json::summary(summary, self.out);
        }
        let mut page = Page::new(self.out, self.width);
        self.stream.finish(summary, &mut page)
    }
}
