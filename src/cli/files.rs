//! Files that somebody named, opened; and what is said of one that cannot be.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

use super::reason;
use crate::escape::escape;
use crate::words::{Message, say};

/// Opens a file, and gives its length where it is a plain one: a pipe has none.
///
/// # Errors
///
/// That it cannot be read, or is a directory.
pub(super) fn open(path: &Path) -> Result<(File, Option<u64>), Message> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let metadata = file.metadata().ok();
    // A directory opens well and fails only when it is read.
    if metadata.as_ref().is_some_and(Metadata::is_dir) {
        let shown = escape(&path.to_string_lossy());
        return Err(say!(cli.is_a_directory, shown));
    }
    let length = metadata
        .filter(Metadata::is_file)
        .map(|metadata| metadata.len());
    Ok((file, length))
}

/// That a file cannot be read, and why.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Message {
    let shown = escape(&path.to_string_lossy());
    say!(cli.cannot_read_file, shown, error = reason(error))
}
