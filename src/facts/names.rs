//! Names as people type them: compared by their letters alone, and told what they are near to.
//!
//! ```
//! use wsclose::facts::names::slug;
//!
//! assert_eq!(slug("Policy Violation"), "policy-violation");
//! ```

use crate::words::{Message, Value, either, say};

/// The letters of a name as they are compared: small letters and digits only.
fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
    let letters = name.chars().filter_map(|character| match character {
        // `WebSocket++` is no `websocket`.
        '+' => Some('p'),
        _ => character.is_alphanumeric().then_some(character),
    });
    letters.flat_map(char::to_lowercase)
}

/// A name as it is compared. Case, spaces and punctuation do not matter.
pub(crate) fn key(name: &str) -> String {
    letters(name).collect()
}

/// Whether a name is the one with this key.
pub(crate) fn is(known: &str, key: &str) -> bool {
    letters(known).eq(key.chars())
}

/// A name as an id: its words in small letters, with hyphens between them.
pub fn slug(name: &str) -> String {
    name.to_lowercase()
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Of known names, each with what is shown for it, what may have been meant by `given`: the nearest
/// first, each once. One letter may be wrong, and one more for each `letters` of them: where there are
/// many names, more than that are near by chance.
pub(crate) fn near<'a, T: PartialEq>(
    given: &str,
    letters: usize,
    known: impl IntoIterator<Item = (&'a str, T)>,
) -> Vec<T> {
    let name = key(given);
    // A long word can only be far from every name, and comparing costs its square.
    if name.is_empty() || name.len() > 60 {
        return Vec::new();
    }
    let allowed = 1 + name.chars().count() / letters;
    let distance = |known: &str| {
        let known = key(known);
        let is_inside = name.len() >= 4 && known.contains(&name);
        let distance = strsim::damerau_levenshtein(&known, &name);
        if is_inside { distance.min(1) } else { distance }
    };
    let known = known
        .into_iter()
        .map(|(known, shown)| (distance(known), shown));
    let mut near: Vec<(usize, T)> = known.filter(|(distance, _)| *distance <= allowed).collect();
    near.sort_by_key(|(distance, _)| *distance);
    let mut shown: Vec<T> = Vec::new();
    for (_, one) in near {
        if !shown.contains(&one) {
            shown.push(one);
        }
    }
    shown
}

/// Asks whether one of these was meant; `None` of none.
pub(crate) fn did_you_mean<S: AsRef<str>>(near: &[S]) -> Option<Message> {
    let near = quoted(near)?;
    Some(say!(topic.did_you_mean, near))
}

/// `` `a`, `b` or `c` ``; `None` of nothing.
pub(crate) fn quoted<S: AsRef<str>>(names: &[S]) -> Option<Value> {
    let quoted = names
        .iter()
        .map(|name| Value::from(format!("`{}`", name.as_ref())));
    (!names.is_empty()).then(|| either(quoted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        for name in ["Policy Violation", "policy-violation", "POLICY_VIOLATION"] {
            assert!(is(name, "policyviolation"), "{name}");
            assert_eq!(key(name), "policyviolation");
        }
        assert!(!is("WebSocket++", "websocket"));
        assert!(!is("policy", "policyviolation"));
    }

    #[test]
    fn the_nearest_comes_first_and_once() {
        let known = [("gorilla", 1), ("guerilla", 2), ("gorila", 1), ("bun", 3)];
        assert_eq!(near("gorilla", 4, known), [1, 2]);
        assert_eq!(near("rill", 4, known), [1, 2], "inside of a longer name");
        assert!(near("", 4, known).is_empty());
        assert!(near(&"a".repeat(61), 4, known).is_empty());
    }
}
