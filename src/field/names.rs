//! Names of implementations: what a person types to the implementation that is meant.

use super::{Implementation, implementations};

/// The implementation that `name` names, by its id, its name or another name for it. Case, spaces and
/// punctuation do not matter.
pub fn find(name: &str) -> Option<Implementation> {
    let name = key(name);
    if name.is_empty() {
        return None;
    }
    implementations()
        .find(|it| key(it.id()) == name || key(it.name()) == name)
        .or_else(|| implementations().find(|it| it.aliases().any(|alias| key(alias) == name)))
}

/// The ids that come near `name`, best first, each with how many letters it is away.
pub fn near(name: &str) -> Vec<(usize, String)> {
    let name = key(name);
    if name.is_empty() || name.len() > 60 {
        return Vec::new();
    }
    let allowed = 1 + name.chars().count() / 4;
    let mut near: Vec<(usize, String)> = implementations()
        .filter_map(|it| {
            let distance = std::iter::once(it.id())
                .chain(it.aliases())
                .map(|known| {
                    let known = key(known);
                    let is_inside = name.len() >= 4 && known.contains(&name);
                    let distance = strsim::damerau_levenshtein(&known, &name);
                    if is_inside { distance.min(1) } else { distance }
                })
                .min()?;
            (distance <= allowed).then(|| (distance, it.id().to_owned()))
        })
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near
}

/// A name as it is compared: small letters and digits.
fn key(name: &str) -> String {
    // `WebSocket++` is no `websocket`.
    name.replace('+', "p")
        .chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
