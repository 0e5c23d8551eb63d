//! Where the bytes come from: arguments, a file that is named in one of three ways, or standard input; and why
//! they could not be read.

use std::cell::Cell;
#[cfg(unix)]
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

use anyhow::bail;

use crate::cli::args::DecodeFrame;
use crate::cli::progress::Counted;
use crate::cli::{Console, files, reason};
use crate::escape::escape;
use crate::input::{Error, Source};
use crate::words::{Value, say, text};

/// Where the bytes come from, and how far they have been read.
pub(super) struct Input {
    pub(super) source: Source,
    pub(super) read: Rc<Cell<u64>>,
    pub(super) total: Option<u64>,
}

impl Input {
    fn reader(inner: Box<dyn Read>, total: Option<u64>) -> Self {
        let read = Rc::new(Cell::new(0));
        let counted = Counted {
            inner,
            read: read.clone(),
        };
        Input {
            source: Source::Reader(Box::new(counted)),
            read,
            total,
        }
    }
}

pub(super) fn source(arguments: &DecodeFrame, console: &mut Console<'_>) -> anyhow::Result<Input> {
    if let Some(path) = &arguments.file {
        return open(path);
    }
    if let Some(path) = file_among(&arguments.bytes) {
        return open(path);
    }
    let is_dash = arguments.bytes == ["-"];
    if !is_dash && arguments.bytes.iter().any(|argument| argument == "-") {
        bail!(say!(cli.dash_stands_alone));
    }
    if !arguments.bytes.is_empty() && !is_dash {
        return Ok(Input {
            source: Source::Arguments(arguments.bytes.clone()),
            read: Rc::default(),
            total: None,
        });
    }
    if console.stdin_is_terminal && !is_dash {
        bail!(say!(cli.no_bytes_given));
    }
    let size = if console.held.is_some() {
        None
    } else {
        stdin_size()
    };
    Ok(Input::reader(console.stdin(), size))
}

/// The file that is named in place of bytes. What can be read as hex is bytes.
fn file_among(given: &[String]) -> Option<&Path> {
    let [only] = given else { return None };
    let is_hex = only
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit() || byte == b' ');
    let path = Path::new(only);
    (!is_hex && only != "-" && path.exists()).then_some(path)
}

/// The bytes that are still to be read from standard input, where it is a file.
#[cfg(unix)]
fn stdin_size() -> Option<u64> {
    use std::io::{self, Seek};
    use std::os::fd::AsFd;
    let stdin = io::stdin().as_fd().try_clone_to_owned().ok()?;
    let mut file = File::from(stdin);
    let metadata = file.metadata().ok()?;
    let size = metadata.is_file().then_some(metadata.len())?;
    size.checked_sub(file.stream_position().ok()?)
}

#[cfg(not(unix))]
fn stdin_size() -> Option<u64> {
    None
}

fn open(path: &Path) -> anyhow::Result<Input> {
    let (file, length) = files::open(path)?;
    Ok(Input::reader(Box::new(file), length))
}

/// Why the input could not be read.
pub(super) fn refusal(error: Error, arguments: &DecodeFrame) -> anyhow::Error {
    match error {
        Error::Sink(error) => error.into(),
        Error::Empty => say!(cli.no_bytes).into(),
        Error::Read(error) => {
            let from = match &arguments.file {
                Some(path) => Value::from(format!("`{}`", escape(&path.to_string_lossy()))),
                None => Value::from(text!(cli.standard_input)),
            };
            say!(cli.cannot_read, from, error = reason(&error)).into()
        }
        Error::Mistake(mistake) => {
            let mistake = mistake.message().clone();
            let is_file_read = file_among(&arguments.bytes).is_some();
            if is_file_read || arguments.file.is_some() {
                return say!(decode.no_bytes_there, mistake).into();
            }
            let file = arguments
                .bytes
                .iter()
                .find(|argument| Path::new(argument.as_str()).is_file());
            match file {
                Some(path) if is_shell_word(path) => {
                    say!(cli.file_of_that_name, mistake, path).into()
                }
                Some(_) => say!(cli.file_exists, mistake).into(),
                None => mistake.into(),
            }
        }
    }
}

/// Whether a path can stand behind an option as it is.
fn is_shell_word(path: &str) -> bool {
    !path.starts_with('-')
        && path
            .chars()
            .all(|character| character.is_alphanumeric() || "._-/+@%".contains(character))
}
