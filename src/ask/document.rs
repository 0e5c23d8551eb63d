//! Answers as the documents that the command line prints with `--json`.
//!
//! One shape for both, so that one schema describes both; and what is hidden there, secrets, is hidden here.
//! The sentences are English, with their ids beside them.

use std::collections::BTreeMap;
use std::io;

use serde::ser::{Error, Serialize, Serializer};
use serde_json::Value;

use super::{Answer, Captured, Connection, Decoded, Line};
use crate::render::json;
use crate::report::Report;
use crate::words::ENGLISH;

impl Answer {
    /// The documents: one for each topic, and one for each vendor that uses its number; or one for a line.
    ///
    /// ```
    /// let answer = wsclose::explain_text("1006").unwrap();
    /// let documents = answer.documents();
    /// assert_eq!(documents[0]["type"], "code");
    /// assert_eq!(documents[0]["on_wire"], false);
    /// ```
    pub fn documents(&self) -> Vec<Value> {
        match self {
            Answer::Line(line) => line.document().into_iter().collect(),
            Answer::Topics(topics) => {
                let report = |out: &mut Vec<u8>| {
                    topics.iter().try_for_each(|explained| {
                        json::draw(&Report::Explain(vec![explained.clone()]), &ENGLISH, out)
                    })
                };
                written(report)
            }
        }
    }
}

impl Line {
    fn document(&self) -> Option<Value> {
        let documents = written(|out| {
            json::log::line(
                &self.text,
                &self.reading,
                &self.explanation,
                self.registries,
                &ENGLISH,
                out,
            )
        });
        documents.into_iter().next()
    }
}

impl Decoded {
    /// The documents: one for each frame that was kept, and the summary.
    ///
    /// ```
    /// let decoded = wsclose::decode(b"\x88\x02\x03\xe8")?;
    /// let documents = decoded.documents();
    /// assert_eq!(documents[0]["close"]["code"], 1000);
    /// assert_eq!(documents[1]["verdict"], "clean");
    /// # Ok::<(), wsclose::upgrade::NotFrames>(())
    /// ```
    pub fn documents(&self) -> Vec<Value> {
        written(|out| {
            for frame in &self.frames {
                json::frame(frame, self.registries, &ENGLISH, out)?;
            }
            let beside = json::Beside {
                upgrade: self.upgrade.as_ref(),
                application: self.application.as_deref(),
                close_body: None,
            };
            json::summary(
                &self.summary,
                &beside,
                self.frames.len() as u64 != self.summary.frames,
                &self.explanation,
                &ENGLISH,
                out,
            )
        })
    }
}

impl Captured {
    /// The documents: one for each connection, and the summary.
    ///
    /// ```
    /// let file = std::fs::File::open("tests/captures/c01_1006_sigkill_fin_ws_ws.pcapng")?;
    /// let documents = wsclose::read_capture(file)?.documents();
    /// assert_eq!(documents[0]["cause"], "peer-gone");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn documents(&self) -> Vec<Value> {
        let mut documents: Vec<Value> = self
            .connections
            .iter()
            .filter_map(Connection::document)
            .collect();
        let mut causes = BTreeMap::new();
        for connection in &self.connections {
            *causes.entry(connection.explanation.cause).or_insert(0) += 1;
        }
        let damage = self.damage.as_ref();
        documents.extend(written(|out| {
            json::capture_summary(&self.totals, &causes, None, damage, &ENGLISH, out)
        }));
        documents
    }
}

impl Connection {
    fn document(&self) -> Option<Value> {
        let documents = written(|out| {
            json::connection(self.index, &self.record, &self.explanation, &ENGLISH, out)
        });
        documents.into_iter().next()
    }
}

/// What was written, an object a line.
fn written(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Vec<Value> {
    let mut out = Vec::new();
    // Memory can be written to.
    let _ = write(&mut out);
    let lines = out.split(|byte| *byte == b'\n');
    let objects = lines.filter(|line| !line.is_empty());
    objects
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect()
}

/// The list of its documents.
impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.documents().serialize(serializer)
    }
}

/// Its document.
impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        one(self.document(), serializer)
    }
}

/// The list of its documents.
impl Serialize for Decoded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.documents().serialize(serializer)
    }
}

/// The list of its documents.
impl Serialize for Captured {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.documents().serialize(serializer)
    }
}

/// Its document.
impl Serialize for Connection {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        one(self.document(), serializer)
    }
}

fn one<S: Serializer>(document: Option<Value>, serializer: S) -> Result<S::Ok, S::Error> {
    match document {
        Some(document) => document.serialize(serializer),
        None => Err(S::Error::custom("the answer could not be written")),
    }
}
