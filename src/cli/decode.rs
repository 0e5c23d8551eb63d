//! `decode-frame`: bytes in any form to frames, findings and a diagnosis.

mod close_body;
mod input;

use std::cell::{Cell, RefCell};
use std::io::{self, Write};

use anyhow::bail;

use super::args::DecodeFrame;
use super::progress::{Above, Place, Progress};
use super::{Console, registries};
use crate::application::Listener;
use crate::application::late::LateReader;
use crate::conversation::{Conversation, Heard, Options, Summary};
use crate::explain::explain_stream;
use crate::extensions::{Agreement, agreement};
use crate::facts::registry::Registries;
use crate::frame::Sender;
use crate::input::{Chosen, Error, Source, Stated, Turn};
use crate::inspect::Frame;
use crate::render::text::{Page, StreamView};
use crate::render::{Layout, json};
use crate::report::{Explained, Report, Status};
use crate::topic::Topic;
use crate::upgrade::{Front, NotFrames, Opened, Upgrade};
use crate::words::{Message, Voice, say};
use close_body::close_body;
use input::{refusal, source};

/// Runs the command.
pub(super) fn run(arguments: &DecodeFrame, console: &mut Console<'_>) -> anyhow::Result<Status> {
    let bare = close_body(arguments);
    if let Some(bare) = bare.as_ref().filter(|_| !console.as_json) {
        console.page().paragraph(0, &bare.message())?;
        console.page().blank()?;
        let topic = Topic::of_number(bare.code);
        let registries = registries::load(&arguments.registries, console.own_registry)?;
        console.draw(&Report::Explain(vec![Explained::of(topic, registries)]))?;
        return Ok(Status::Findings);
    }
    let opened = source(arguments, console)?;
    let place = Place {
        err_width: console.err_width,
        out_is_file: console.out_is_file,
        is_quiet: arguments.summary && !arguments.to_hex,
        voice: console.voice,
    };
    let progress = Progress::new(console.err, place, opened.read, opened.total);
    let progress = RefCell::new(progress);
    let source = opened.source;
    if arguments.to_hex {
        return to_hex(arguments, source, console.out, &progress);
    }
    let registries = registries::load(&arguments.registries, console.own_registry)?;
    let agreement = match &arguments.extensions {
        Some(header) => Some(agreement(header).map_err(|refusal| refusal.message())?),
        None => None,
    };
    let options = Options {
        from: arguments.from.map(Into::into),
        max_message_size: arguments.max_message_size,
        deflate: None,
    };
    let mut above = Above {
        out: console.out,
        progress: &progress,
    };
    let mut stream = Stream {
        turns: Vec::new(),
        at: 0,
        front: Some(Front::default()),
        agreement,
        options,
        conversation: Conversation::new(options),
        listener: Listener::default(),
        late: None,
        upgrade: None,
        is_body: false,
        refused: None,
        view: View {
            stream: StreamView::new(arguments.summary, registries),
            registries,
            as_json: console.as_json,
            is_summary: arguments.summary,
            layout: console.layout,
            voice: console.voice,
            out: &mut above,
        },
    };
    let turns = Cell::new(Vec::new());
    let mut hear = |chosen: &Chosen| {
        turns.set(chosen.turns.clone());
        Ok(())
    };
    let read = read(source, arguments, &progress, &mut hear, &mut |bytes| {
        stream.turns.append(&mut turns.take());
        stream.take(bytes)
    });
    if let Some(kind) = stream.refused {
        return Err(Message::from(kind.words()).into());
    }
    // What was read before the input failed is still an answer, but for a text that is wrong
    // from the start.
    if let Err((error, Decoded::Nothing)) = read {
        return Err(refusal(error, arguments));
    }
    let body = bare.as_ref().and_then(|bare| {
        let reason = bare.reason.as_deref()?;
        Some((bare.code, reason))
    });
    let is_fine = stream.finish(body)?;
    match read {
        Err((error, _)) => Err(refusal(error, arguments)),
        Ok(()) if is_fine => Ok(Status::Fine),
        Ok(()) => Ok(Status::Findings),
    }
}

/// A stream on its way: what stands before the frames, then the frames.
struct Stream<'a> {
    /// Who sent the bytes, where the form says that and nobody else does.
    turns: Vec<Turn>,
    /// The offset of the next byte behind what stands before the frames.
    at: u64,
    /// Until it is known where frames begin.
    front: Option<Front>,
    /// What `--extensions` says; it counts more than what the stream says.
    agreement: Option<Agreement>,
    options: Options,
    conversation: Conversation,
    listener: Listener,
    /// HTTP in the place of frames.
    late: Option<LateReader>,
    upgrade: Option<Upgrade>,
    /// Whether what follows is the body of an HTTP response, and no frames.
    is_body: bool,
    refused: Option<NotFrames>,
    view: View<'a>,
}

impl Stream<'_> {
    fn take(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        let Some(front) = &mut self.front else {
            return self.frames(bytes);
        };
        match front.feed(bytes) {
            Ok(None) => Ok(()),
            Ok(Some(opened)) => self.open(opened),
            Err(kind) => {
                self.refused = Some(kind);
                Err(io::Error::other(kind))
            }
        }
    }

    /// Begins with the frames.
    fn open(&mut self, mut opened: Opened) -> io::Result<()> {
        self.front = None;
        let said = opened.upgrade.as_ref().map(Upgrade::agreement);
        let agreement = self.agreement.or(said).unwrap_or_default();
        let options = Options {
            deflate: agreement.deflate,
            ..self.options
        };
        self.conversation = Conversation::starting_at(opened.at, options);
        self.conversation.hear_messages();
        if let Some(upgrade) = &opened.upgrade {
            self.listener.upgrade(upgrade);
            self.view.upgrade(upgrade)?;
        }
        self.upgrade = opened.upgrade;
        self.is_body = !opened.is_frames;
        self.at = opened.at;
        self.frames(&mut opened.rest)
    }

    /// Takes frames, those of each sender for themselves.
    fn frames(&mut self, mut bytes: &mut [u8]) -> io::Result<()> {
        if self.turns.is_empty() || self.options.from.is_some() {
            return self.frames_of_one(bytes);
        }
        while !bytes.is_empty() {
            let begun = self.turns.partition_point(|turn| turn.at <= self.at);
            let turn = begun.checked_sub(1).and_then(|index| self.turns.get(index));
            self.conversation
                .set_sender(turn.and_then(|turn| turn.sender));
            let next = self.turns.get(begun).map_or(u64::MAX, |next| next.at);
            let length = usize::try_from(next - self.at).unwrap_or(usize::MAX);
            let (now, later) = bytes.split_at_mut(length.min(bytes.len()));
            self.at += now.len() as u64;
            self.frames_of_one(now)?;
            bytes = later;
        }
        Ok(())
    }

    fn frames_of_one(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        if self.is_body {
            return Ok(());
        }
        let bytes = self.pass_late(bytes);
        let mut result = Ok(());
        let view = &mut self.view;
        let listener = &mut self.listener;
        self.conversation.hear_each(listener.hears_each());
        let mut hear = |heard: Heard<'_>| {
            listener.hear(heard, 0, None);
        };
        let is_summary = view.is_summary;
        let sink = |frame: &Frame| {
            if result.is_ok() {
                result = view.frame(frame);
            }
        };
        if is_summary {
            self.conversation.skim_hearing(bytes, sink, &mut hear);
        } else {
            self.conversation.feed_hearing(bytes, sink, &mut hear);
        }
        // A person who follows a live stream sees each frame as it comes.
        result.and_then(|()| view.out.flush())
    }

    /// Passes over HTTP that stands in the place of frames. Gives what is behind it.
    fn pass_late<'a>(&mut self, bytes: &'a mut [u8]) -> &'a mut [u8] {
        let is_between = self.conversation.rest_of_frame() == Some(0);
        let may_begin = self.upgrade.is_some() && self.options.from != Some(Sender::Client);
        if self.late.is_none() && (!may_begin || !is_between || !LateReader::begins(bytes)) {
            return bytes;
        }
        let late = self.late.get_or_insert_with(LateReader::new);
        let count = late.feed(bytes);
        self.listener.late(late.late());
        self.conversation.pass_over(count);
        bytes.get_mut(count..).unwrap_or_default()
    }

    /// Takes the end of the input. Gives whether nothing is wrong.
    fn finish(mut self, close_body: Option<(u16, &str)>) -> anyhow::Result<bool> {
        if let Some(mut front) = self.front.take() {
            let opened = front.finish().map_err(|kind| Message::from(kind.words()))?;
            self.open(opened)?;
        }
        let mut result = Ok(());
        let view = &mut self.view;
        let summary = self.conversation.finish(|frame| result = view.frame(frame));
        result?;
        let application = self.listener.finish();
        let beside = json::Beside {
            upgrade: self.upgrade.as_ref(),
            application: application.as_deref(),
            close_body,
        };
        self.view.finish(&summary, &beside)?;
        let is_upgraded = self.upgrade.is_none_or(|upgrade| upgrade.faults.is_empty());
        Ok(summary.findings == 0 && is_upgraded)
    }
}

/// Whether bytes were decoded before the input failed.
#[derive(Clone, Copy)]
enum Decoded {
    Nothing,
    Something,
}

/// Reads the input to `sink`. A text that is wrong within its first bytes gives nothing.
fn read(
    source: Source,
    arguments: &DecodeFrame,
    progress: &RefCell<Progress<'_>>,
    hear: &mut dyn FnMut(&Chosen) -> io::Result<()>,
    sink: &mut impl FnMut(&mut [u8]) -> io::Result<()>,
) -> Result<(), (Error, Decoded)> {
    let mut decoded = Decoded::Nothing;
    let mut tell = |bytes: &mut [u8]| {
        decoded = Decoded::Something;
        sink(bytes)?;
        progress.borrow_mut().tick();
        Ok(())
    };
    let mut hear = |chosen: Chosen| {
        announce(&chosen, arguments, &mut progress.borrow_mut());
        hear(&chosen)
    };
    let stated = Stated {
        form: arguments.input,
        from: arguments.from.map(Into::into),
    };
    let result = crate::input::read(source, stated, &mut hear, &mut tell);
    progress.borrow_mut().erase();
    result.map(|_| ()).map_err(|error| (error, decoded))
}

/// Prints the bytes that were read as one line of hex.
fn to_hex(
    arguments: &DecodeFrame,
    source: Source,
    out: &mut dyn Write,
    progress: &RefCell<Progress<'_>>,
) -> anyhow::Result<Status> {
    let mut sink = |bytes: &mut [u8]| out.write_all(hex::encode(bytes).as_bytes());
    let mut is_of_both = false;
    let mut hear = |chosen: &Chosen| {
        let mut senders = chosen.turns.iter().map(|turn| turn.sender);
        let first = senders.next();
        is_of_both = senders.any(|sender| Some(sender) != first);
        match is_of_both {
            true => Err(io::ErrorKind::InvalidInput.into()),
            false => Ok(()),
        }
    };
    let result = read(source, arguments, progress, &mut hear, &mut sink);
    if is_of_both {
        bail!(say!(decode.hex_of_both));
    }
    if !matches!(result, Err((_, Decoded::Nothing))) {
        writeln!(out)?;
    }
    match result {
        Ok(()) => Ok(Status::Fine),
        Err((error, _)) => Err(refusal(error, arguments)),
    }
}

/// Says in which form the input was read, where somebody might have expected another.
fn announce(chosen: &Chosen, arguments: &DecodeFrame, progress: &mut Progress<'_>) {
    let what = chosen.form.what;
    if chosen.is_by_frames {
        progress.say(&say!(cli.read_as_by_frames, what));
    } else if chosen.form.announce && arguments.input.is_none() {
        progress.say(&say!(cli.read_as, what));
    }
    if let Some((headers, count)) = chosen.taken_off {
        progress.say(&say!(cli.taken_off, headers, count));
    }
    if let Some(left_out) = &chosen.left_out {
        progress.say(left_out);
    }
}

/// What is printed, frame by frame.
struct View<'a> {
    stream: StreamView,
    registries: Registries,
    as_json: bool,
    is_summary: bool,
    layout: Layout<'a>,
    voice: &'static Voice,
    out: &'a mut dyn Write,
}

impl View<'_> {
    fn frame(&mut self, frame: &Frame) -> io::Result<()> {
        if !self.as_json {
            let mut page = Page::new(self.out, self.layout, self.voice);
            return self.stream.frame(frame, &mut page);
        }
        if self.is_summary && frame.close.is_none() && frame.findings.is_empty() {
            return Ok(());
        }
        json::frame(frame, self.registries, self.voice, self.out)
    }

    fn upgrade(&mut self, upgrade: &Upgrade) -> io::Result<()> {
        if self.as_json {
            return Ok(());
        }
        let mut page = Page::new(self.out, self.layout, self.voice);
        self.stream.upgrade(upgrade, &mut page)
    }

    fn finish(self, summary: &Summary, beside: &json::Beside<'_>) -> io::Result<()> {
        let explanation = explain_stream(summary, beside.application, self.registries);
        if self.as_json {
            let is_summary = self.is_summary;
            return json::summary(
                summary,
                beside,
                is_summary,
                &explanation,
                self.voice,
                self.out,
            );
        }
        let mut page = Page::new(self.out, self.layout, self.voice);
        self.stream.finish(summary, &explanation, &mut page)
    }
}
