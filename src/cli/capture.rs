//! `decode-capture`: a packet capture to how each connection in it ended, and why.

mod joined;
#[cfg(feature = "tls")]
mod keys;
mod only;
mod reading;
mod view;

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{bail, ensure};

use super::args::DecodeCapture;
use super::progress::{Above, Place, Progress};
use super::{Console, reason, registries};
use crate::capture::Reader;
use crate::capture::file::DamageKind;
use crate::capture::packets::PacketReader;
use crate::capture::reader::Ending;
use crate::capture::tracker::{Limits, Totals};
use crate::escape::escape;
use crate::report::Status;
use crate::session::Options;
use crate::words::{Message, Value, say, text};
use joined::Fault;
use only::Only;
use reading::{Stop, input, pump};
use view::{Drawn, View};

/// Runs the command.
pub(super) fn run(arguments: &DecodeCapture, console: &mut Console<'_>) -> anyhow::Result<Status> {
    if arguments.more.is_empty() {
        return one(arguments, console);
    }
    let files: Vec<PathBuf> = arguments
        .file
        .iter()
        .chain(&arguments.more)
        .cloned()
        .collect();
    let (joined, alone) = joined::parted(&files);
    let mut status = Status::Fine;
    let mut is_next = false;
    if !joined.is_empty() {
        for path in &joined {
            title(path, console)?;
        }
        separate(console)?;
        let read = many(arguments, &joined, console);
        status = answered(read, console)?;
        is_next = true;
    }
    for file in alone {
        if is_next && !console.as_json {
            console.page().rule()?;
        }
        is_next = true;
        title(&file, console)?;
        separate(console)?;
        let asked = DecodeCapture {
            file: Some(file),
            more: Vec::new(),
            ..arguments.clone()
        };
        let read = one(&asked, console);
        let read = answered(read, console)?;
        if read.code() > status.code() {
            status = read;
        }
    }
    Ok(status)
}

fn title(path: &Path, console: &mut Console<'_>) -> io::Result<()> {
    match console.as_json {
        true => Ok(()),
        false => console.page().line(&escape(&path.to_string_lossy())),
    }
}

fn separate(console: &mut Console<'_>) -> io::Result<()> {
    match console.as_json {
        true => Ok(()),
        false => console.page().blank(),
    }
}

/// What cannot be read does not keep the others from being read.
fn answered(read: anyhow::Result<Status>, console: &mut Console<'_>) -> anyhow::Result<Status> {
    match read {
        Ok(status) => Ok(status),
        Err(error) => Ok(console.refuse(&error.downcast::<Message>()?)?),
    }
}

fn limits(arguments: &DecodeCapture) -> Limits {
    Limits {
        connections: arguments.max_connections,
        connection_bytes: arguments.max_connection_bytes,
        bytes: arguments.max_bytes,
        idle: i64::from(arguments.forget_after) * 1_000_000_000,
    }
}

fn options(arguments: &DecodeCapture) -> Options {
    Options {
        max_message_size: arguments.max_message_size,
        keeps_events: arguments.timeline,
    }
}

/// Reads several packet captures as one.
fn many(
    arguments: &DecodeCapture,
    files: &[PathBuf],
    console: &mut Console<'_>,
) -> anyhow::Result<Status> {
    let only = arguments.only.as_deref().map(Only::of).transpose()?;
    let registries = registries::load(&arguments.registries, console.own_registry)?;
    let lengths = files
        .iter()
        .map(|file| file.metadata().map(|metadata| metadata.len()));
    let total = lengths.sum::<io::Result<u64>>().ok();
    let read_bytes = Rc::new(Cell::new(0));
    let place = Place {
        err_width: console.err_width,
        out_is_file: console.out_is_file,
        is_quiet: true,
        voice: console.voice,
    };
    let progress = Progress::new(console.err, place, read_bytes.clone(), total);
    let progress = RefCell::new(progress);
    let mut out = Above {
        out: console.out,
        progress: &progress,
    };
    let drawn = Drawn {
        as_json: console.as_json,
        is_live: false,
        layout: console.layout,
        voice: console.voice,
    };
    let mut view = View::new(arguments, registries, only, drawn, &mut out);
    let mut reader = PacketReader::new(limits(arguments), options(arguments));
    #[cfg(feature = "tls")]
    keys::Keys::open(arguments, files, reader.keys())?;
    let read = |count| {
        read_bytes.set(read_bytes.get() + count);
        progress.borrow_mut().tick();
    };
    let faults = joined::read_all(files, read, |packet| {
        reader.packet(packet, &mut |record| view.take(record));
        view.written()
    })?;
    reader.finish(&mut |record| view.take(record));
    progress.borrow_mut().erase();
    let totals = reader.totals();
    let mut notes: Vec<Message> = unread_link(&totals)?.into_iter().collect();
    let mut is_unreadable = false;
    for (path, fault) in &faults {
        is_unreadable |= !joined::is_cut(fault);
        notes.push(joined::said(path, fault));
    }
    let shown = faults.first().map(|(path, fault)| {
        let at = match fault {
            Fault::Damage(damage) => damage.at,
            Fault::Unreadable(_) => 0,
        };
        (at, joined::said(path, fault))
    });
    let mut status = view.finish(&totals, Some(files), shown.as_ref())?;
    out.flush()?;
    for note in &notes {
        progress.borrow_mut().say(note);
    }
    if !faults.is_empty() {
        status = Status::Findings;
    }
    Ok(match is_unreadable {
        true => Status::NoAnswer,
        false => status,
    })
}

/// That a part of the packets is of a link type that is not read.
///
/// # Errors
///
/// All are.
fn unread_link(totals: &Totals) -> anyhow::Result<Option<Message>> {
    let (unread, link) = totals.unread;
    let sentence = say!(cli.link_not_read, link);
    ensure!(unread == 0 || unread < totals.packets, sentence);
    Ok((unread > 0).then_some(sentence))
}

/// Reads one input.
fn one(arguments: &DecodeCapture, console: &mut Console<'_>) -> anyhow::Result<Status> {
    let only = arguments.only.as_deref().map(Only::of).transpose()?;
    let registries = registries::load(&arguments.registries, console.own_registry)?;
    let input = input(arguments, console)?;
    let read_bytes = Rc::new(Cell::new(0));
    let place = Place {
        err_width: console.err_width,
        out_is_file: console.out_is_file,
        // What a live pipe still has to say is not known.
        is_quiet: input.length.is_some(),
        voice: console.voice,
    };
    let progress = Progress::new(console.err, place, read_bytes.clone(), input.length);
    let progress = RefCell::new(progress);
    let mut out = Above {
        out: console.out,
        progress: &progress,
    };
    let drawn = Drawn {
        as_json: console.as_json,
        is_live: input.is_live,
        layout: console.layout,
        voice: console.voice,
    };
    let mut view = View::new(arguments, registries, only, drawn, &mut out);
    let mut reader = Reader::new(limits(arguments), options(arguments));
    #[cfg(feature = "tls")]
    let mut keys = keys::Keys::open(arguments, arguments.file.as_slice(), reader.keys())?;
    let read = pump(input, |bytes| {
        #[cfg(feature = "tls")]
        keys.grow(reader.keys());
        match bytes {
            Some(bytes) => {
                read_bytes.set(read_bytes.get() + bytes.len() as u64);
                progress.borrow_mut().tick();
                reader.feed(bytes, &mut |record| view.take(record))?;
                view.release_late();
            }
            None => {
                reader.pause(&mut |record| view.take(record));
                view.release();
            }
        }
        view.written().map_err(Stop::Write)
    });
    progress.borrow_mut().erase();
    let unread = match read {
        Err(Stop::Write(error)) => return Err(error.into()),
        Err(Stop::Read(error)) => {
            let from = named(arguments);
            Some(say!(cli.cannot_read, from, error = reason(&error)))
        }
        // The reader knows of damage.
        Err(Stop::Damage) | Ok(()) => None,
    };
    let damage = match reader.end(&mut |record| view.take(record))? {
        Ending::Recorded(source, damage) => {
            let totals = Totals {
                source,
                reported: view.next,
                ..Totals::default()
            };
            let status = view.finish(&totals, None, damage.as_ref())?;
            return match (unread, damage) {
                (Some(message), _) => bail!(message),
                (None, Some((_, message))) => {
                    out.flush()?;
                    progress.borrow_mut().say(&message);
                    Ok(Status::Findings)
                }
                (None, None) => Ok(status),
            };
        }
        Ending::Empty => match unread {
            Some(message) => bail!(message),
            None => bail!(say!(cli.capture_empty)),
        },
        Ending::Packets(damage) => damage,
    };
    if let (Some(message), 0) = (&unread, reader.packets()) {
        bail!(message.clone());
    }
    if damage.is_some_and(|damage| damage.kind == DamageKind::NoCapture) {
        bail!(not_a_capture(reader.beginning(), arguments));
    }
    if let (Some(damage), 0) = (damage, reader.packets()) {
        bail!(damage.message());
    }
    let totals = reader.close(&mut |record| view.take(record));
    if let Some(sentence) = unread_link(&totals)? {
        progress.borrow_mut().say(&sentence);
    }
    let shown = damage.map(|damage| (damage.at, damage.message()));
    let status = view.finish(&totals, None, shown.as_ref())?;
    match (unread, damage) {
        (Some(message), _) => bail!(message),
        // Whoever stops a live capture cuts its last packet: what there was is an answer.
        (None, Some(damage)) if damage.kind == DamageKind::Cut => {
            out.flush()?;
            progress.borrow_mut().say(&damage.message());
            Ok(Status::Findings)
        }
        (None, Some(damage)) => bail!(damage.message()),
        (None, None) => Ok(status),
    }
}

fn named(arguments: &DecodeCapture) -> Value {
    match &arguments.file {
        Some(path) => format!("`{}`", escape(&path.to_string_lossy())).into(),
        None => text!(cli.standard_input).into(),
    }
}

/// What somebody gave who gave no capture.
fn not_a_capture(beginning: &[u8], arguments: &DecodeCapture) -> Message {
    let from = named(arguments);
    let is_text = std::str::from_utf8(beginning).is_ok_and(|text| !text.contains('\0'));
    if is_text {
        return say!(cli.text_is_no_capture, from);
    }
    say!(cli.bytes_are_no_capture, from)
}
