//! Names of implementations: what a person types to the implementation that is meant.

use super::{Implementation, implementations};
use crate::facts::names::{self, is, key};

/// The implementation that `name` names, by its id, its name or another name for it. Case, spaces and
/// punctuation do not matter.
pub fn find(name: &str) -> Option<Implementation> {
    let name = key(name);
    if name.is_empty() {
        return None;
    }
    let is_called = |it: &Implementation| is(it.id(), &name) || is(it.name(), &name);
    let has_alias = |it: &Implementation| it.aliases().iter().any(|alias| is(alias, &name));
    let found = implementations().find(is_called);
    found.or_else(|| implementations().find(has_alias))
}

/// The names and aliases of all implementations, each with the id.
pub fn all_names() -> impl Iterator<Item = (&'static str, String)> {
    implementations().flat_map(|it| {
        let names = std::iter::once(it.id()).chain(it.aliases().iter().copied());
        names.map(move |name| (name, it.id().to_owned()))
    })
}

/// The ids that come near `name`, best first.
pub fn near(name: &str) -> Vec<String> {
    names::near(name, 4, all_names())
}
