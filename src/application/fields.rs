//! The fields of a message that its row names.

use super::excerpt;
use super::tree::Node;
use crate::facts::protocols::Telling;

/// The fields of a message that its row names, fit to be shown.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) code: Option<String>,
    /// What the protocol calls the code.
    pub(super) called: Option<&'static str>,
    pub(super) text: Option<String>,
}

impl Words {
    pub(super) fn of(row: &'static Telling, node: &Node) -> Self {
        let shown = |paths: &&str| {
            paths.split('|').find_map(|path| {
                let value = node.get(path)?;
                value.shown().filter(|_| value.is_something())
            })
        };
        let code = |paths: &&str| {
            paths.split('|').find_map(|path| {
                let value = node.get(path)?;
                let word = value.word().filter(|_| value.is_something())?;
                Some(word.to_owned())
            })
        };
        let mut texts: Vec<String> = Vec::new();
        for text in row.text.iter().filter_map(shown) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        let code = row.code.iter().find_map(code);
        let called = code.as_deref().and_then(|code| row.called(code));
        if let Some(called) = called.filter(|_| texts.is_empty()) {
            texts.push(called.to_owned());
        }
        Words {
            called,
            code: code.map(|code| excerpt(&code)),
            text: (!texts.is_empty()).then(|| excerpt(&texts.join(": "))),
        }
    }
}

/// So many seconds ahead a message announces the end, where it does: as it says itself, else as its row says.
pub(super) fn ahead(row: &Telling, node: &Node) -> Option<f64> {
    let said = row.ahead_in.and_then(|path| {
        let value = node.get(path)?;
        let seconds = value.word()?.trim_end_matches('s').parse::<f64>().ok()?;
        (0.0..=86_400.0).contains(&seconds).then_some(seconds)
    });
    said.or(row.ahead.map(f64::from))
}
