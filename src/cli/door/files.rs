//! Files that were given without a command: each is taken by its content, those of one kind together.

use std::ffi::OsString;
use std::io::Read;
use std::path::Path;

use super::content::{Content, FRONT};
use super::kind::Kind;
use super::pipe::Held;
use super::{Door, Entered, Opened, doubt};
use crate::cli::files;
use crate::escape::escape;
use crate::words::{Message, Value, say};

impl Door<'_> {
    /// Files: each by its content, those of one kind together.
    pub(super) fn files(&self) -> Opened {
        let mut groups: Vec<(Kind, Vec<OsString>)> = Vec::new();
        let mut notes = Vec::new();
        for path in self.given {
            let shown = escape(&path.to_string_lossy());
            let path = Path::new(path);
            let (file, length) = match files::open(path) {
                Ok(opened) => opened,
                Err(refusal) => return Opened::Refused(refusal),
            };
            // What can be read only once is read as standard input is.
            if length.is_none() && self.given.len() == 1 {
                return self.stream(Held::of(Box::new(file)), Some(shown));
            }
            let mut front = Vec::new();
            if let Err(error) = file.take(FRONT as u64 + 1).read_to_end(&mut front) {
                return Opened::Refused(files::unreadable(path, &error));
            }
            let whole = front.len() <= FRONT;
            let mut content = Content::of(&front, whole);
            if content == Content::Empty {
                return Opened::Refused(say!(door.empty_file, shown));
            }
            if content == Content::PacketList {
                return Opened::Refused(say!(door.packet_list));
            }
            if content == Content::Paste && self.given.len() > 1 {
                content = Content::Log;
            }
            let kind = Kind::Content(content);
            let from = Value::from(format!("`{shown}`"));
            notes.extend(doubt(content, &front, &from));
            match groups.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, paths)) => paths.push(path.into()),
                None => groups.push((kind, vec![path.into()])),
            }
        }
        let mut all = Vec::new();
        for (kind, paths) in groups {
            let command = match self.command(kind, &paths) {
                Ok(command) => command,
                Err(refusal) => return Opened::Refused(refusal),
            };
            match self.reading(kind, &command, paths) {
                Ok(entered) => all.extend(entered),
                Err(refusal) => return Opened::Refused(refusal),
            }
        }
        Opened::Entered(all, notes)
    }

    /// The command lines that read files of one kind.
    fn reading(
        &self,
        kind: Kind,
        command: &str,
        paths: Vec<OsString>,
    ) -> Result<Vec<Entered>, Message> {
        let line = |rest: Vec<OsString>, stdin| {
            let mut arguments = self.options();
            arguments.insert(1, command.into());
            arguments.extend(rest);
            Entered { arguments, stdin }
        };
        let is_text = matches!(kind, Kind::Content(Content::Paste | Content::Log));
        Ok(match command {
            "explain" if is_text => {
                let mut all = Vec::new();
                for path in paths {
                    let (file, _) = files::open(Path::new(&path))?;
                    all.push(line(vec!["-".into()], Some(Held::of(Box::new(file)))));
                }
                all
            }
            "decode-frame" => paths
                .into_iter()
                .map(|path| line(vec!["--file".into(), path], None))
                .collect(),
            "list" if kind == Kind::Content(Content::Registry) => paths
                .into_iter()
                .map(|path| line(vec!["--registry".into(), path], None))
                .collect(),
            _ => {
                let mut rest: Vec<OsString> = vec!["--".into()];
                rest.extend(paths);
                vec![line(rest, None)]
            }
        })
    }
}
