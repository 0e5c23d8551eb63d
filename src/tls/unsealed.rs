//! What stands in the place of `sealed` where the program is built without ciphers: nothing is opened.

use super::keylog::{KeyLog, Random, Secret};
use crate::session::tls::Locked;

/// What was agreed on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Agreed<'a> {
    pub(super) client: &'a Random,
    pub(super) server: Option<&'a Random>,
    pub(super) version: u16,
    pub(super) suite: u16,
    pub(super) encrypts_then_macs: bool,
    pub(super) has_early_data: bool,
    pub(super) resumed: Option<Secret>,
}

/// What is behind a record that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    Nothing,
    Bytes(u64),
    Unknown,
}

/// Opens nothing.
#[derive(Debug, Default)]
pub(super) struct Sealed;

impl Sealed {
    pub(super) fn change(&mut self, _: usize, _: &Agreed<'_>, _: &KeyLog) {}
    pub(super) fn greet(&mut self, _: &Agreed<'_>, _: &KeyLog) {}
    pub(super) fn finished(&mut self, _: usize, _: &Agreed<'_>, _: &KeyLog) {}
    pub(super) fn early_is_over(&mut self, _: &Agreed<'_>, _: &KeyLog) {}
    pub(super) fn update(&mut self, _: usize, _: &Agreed<'_>) {}
    pub(super) fn lose(&mut self, _: usize, _: u64) {}
    pub(super) fn open(
        &mut self,
        _: usize,
        _: [u8; 5],
        _: &[u8],
        _: &mut Vec<u8>,
        _: &Agreed<'_>,
        _: &KeyLog,
    ) -> Option<Before> {
        None
    }
    pub(super) fn has_lost(&self, _: usize) -> bool {
        false
    }
    pub(super) fn is_at_data(&self, _: usize) -> bool {
        false
    }
    pub(super) fn is_early(&self, _: usize) -> bool {
        false
    }
    pub(super) fn locked(_: &Agreed<'_>, _: &KeyLog) -> Locked {
        Locked::WrongKey
    }
    /// Whether there are keys.
    pub(super) fn has_keys(_: &Agreed<'_>, _: &KeyLog) -> bool {
        false
    }
}
