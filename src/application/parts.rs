//! The parts of a connection that are open, where its protocol has such: channels, namespaces.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::tree::Node;

/// So many are told apart; where there are more, some part stays open for ever.
const MOST: usize = 64;

/// Which parts are open. Of each a number is kept that stands for its name.
#[derive(Debug, Default)]
pub(super) struct Parts {
    open: Vec<u64>,
    are_more: bool,
}

impl Parts {
    pub(super) fn open(&mut self, name: Option<&Node>) {
        let number = number(name);
        if self.open.contains(&number) {
            return;
        }
        match self.open.len() < MOST {
            true => self.open.push(number),
            false => self.are_more = true,
        }
    }

    pub(super) fn close(&mut self, name: Option<&Node>) {
        let number = number(name);
        self.open.retain(|open| *open != number);
    }

    pub(super) fn is_any(&self) -> bool {
        self.are_more || !self.open.is_empty()
    }
}

/// What stands for a name: the main namespace of Socket.IO has none, or is called `/`.
fn number(name: Option<&Node>) -> u64 {
    let name = name.and_then(Node::word).unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    name.trim_matches('/').hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_open_until_it_is_closed() {
        let mut parts = Parts::default();
        let admin = Node::text("/admin");
        parts.open(None);
        parts.open(Some(&admin));
        parts.open(Some(&admin));
        parts.close(Some(&admin));
        assert!(parts.is_any());
        parts.close(Some(&Node::text("/")));
        assert!(!parts.is_any());
        for name in 0..=MOST {
            parts.open(Some(&Node::text(name.to_string())));
        }
        for name in 0..=MOST {
            parts.close(Some(&Node::text(name.to_string())));
        }
        assert!(parts.is_any());
    }
}
