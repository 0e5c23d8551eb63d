//! Secrets that stand in a sentence: `password "hunter2" is wrong`, `credentials bob:hunter2 invalid`. There is no sign of
//! a pair between a name and its value, so the value has to look like one, or to be quoted.

use std::ops::Range;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::{NAMES, begins, ends_value, is_no_secret, until, value_behind};

/// Words for what somebody types to prove who it is, behind which a secret may stand without a sign of a pair.
const PASSWORDS: [&str; 5] = ["password", "passwd", "passcode", "passphrase", "pwd"];

/// The same in other languages.
pub(super) const ELSEWHERE: [&str; 14] = [
    "passwort",
    "kennwort",
    "mot de passe",
    "contraseña",
    "senha",
    "wachtwoord",
    "kata sandi",
    "mật khẩu",
    "รหัสผ่าน",
    "пароль",
    "Пароль",
    "密码",
    "密碼",
    "パスワード",
];

/// What is looked for besides.
pub(super) const BESIDES: [&str; 4] = ["credentials ", "cookie ", "basic ", "key="];

/// Keys, as sentences name them.
const KEYS: [&str; 6] = [
    "x-api-key",
    "x-auth-token",
    "api-key",
    "api_key",
    "apikey",
    "api key",
];

/// Names with digits that stand behind such a word and are no secrets.
const PLAIN: [&str; 10] = [
    "sha1", "sha256", "sha384", "sha512", "argon2", "argon2id", "argon2i", "pbkdf2", "oauth2",
    "base64",
];

/// What a cookie says about itself.
const ATTRIBUTES: [&str; 5] = ["samesite", "path", "domain", "max-age", "expires"];

/// Whether what stands behind a word for a password is one.
fn is_password(word: &str, is_quoted: bool) -> bool {
    is_quoted || is_mixed(word, 6)
}

/// What stands behind a word for a password.
pub(super) fn passwords(text: &str, lower: &str, spans: &mut Vec<Range<usize>>) {
    for name in PASSWORDS {
        behind(text, lower, name, is_password, spans);
    }
    for name in NAMES.into_iter().filter(|name| !PASSWORDS.contains(name)) {
        behind(
            text,
            lower,
            name,
            |word, is_quoted| is_quoted && is_mixed(word, 6),
            spans,
        );
    }
    for name in KEYS {
        behind(text, lower, name, |word, _| is_mixed(word, 8), spans);
    }
}

/// The same in other languages, where a sign of a pair may stand between as well.
pub(super) fn elsewhere(text: &str, lower: &str, spans: &mut Vec<Range<usize>>) {
    for name in ELSEWHERE {
        behind(text, lower, name, is_password, spans);
        for (at, _) in lower.match_indices(name) {
            if let Some((from, quote, _)) = value_behind(text, at + name.len()) {
                take(text, from, spans, |word| is_password(word, quote.is_some()));
            }
        }
    }
}

/// Logins, cookies and keys that are told without the form of a header.
pub(super) fn besides(text: &str, lower: &str, spans: &mut Vec<Range<usize>>) {
    for mark in BESIDES {
        // Where the word ends that was looked at last: what is no secret has none in it.
        let mut looked = 0;
        for (at, _) in lower.match_indices(mark) {
            if at < looked || !begins(text, at) {
                continue;
            }
            let from = at + mark.len();
            let word = word_at(text, from);
            looked = from + word.len();
            let half = |sign: char| Some(word.find(sign)? + 1).filter(|half| *half > 1);
            match mark {
                "basic " if is_login(word) => spans.push(from..from + word.len()),
                "key=" => take(text, from, spans, |word| is_mixed(word, 8)),
                "credentials " => {
                    let behind = half(':').map_or(text.len(), |half| from + half);
                    take(text, behind, spans, |word| is_mixed(word, 6));
                }
                "cookie " => {
                    let name = word.split('=').next().unwrap_or_default();
                    if ATTRIBUTES.iter().all(|it| !name.eq_ignore_ascii_case(it)) {
                        let behind = half('=').map_or(text.len(), |half| from + half);
                        take(text, behind, spans, |word| !is_no_secret(word));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Takes what stands behind a name in a sentence, where it is a secret: it is told whether it is quoted.
fn behind(
    text: &str,
    lower: &str,
    name: &str,
    is_secret: impl Fn(&str, bool) -> bool,
    spans: &mut Vec<Range<usize>>,
) {
    for (at, _) in lower.match_indices(name) {
        let rest = lower.get(at + name.len()..).unwrap_or_default();
        let Some(value) = rest.strip_prefix(' ').map(behind_filler) else {
            continue;
        };
        let open = value.trim_start_matches('\\');
        let quoted = open.strip_prefix(['"', '\'', '`']);
        let from = text.len() - quoted.unwrap_or(value).len();
        let word = word_at(text, from);
        let ends = text.get(from + word.len()..).unwrap_or_default();
        let is_quoted = quoted.is_some() && ends.starts_with(['"', '\'', '`', '\\']);
        if quoted.is_none() || is_quoted {
            take(text, from, spans, |word| is_secret(word, is_quoted));
        }
    }
}

/// What follows the words between a name and its value: `is`, `for bob:`.
fn behind_filler(rest: &str) -> &str {
    for word in ["is ", "was ", "ist ", "war ", "est "] {
        if let Some(rest) = rest.strip_prefix(word) {
            return rest;
        }
    }
    if !rest.starts_with("for ") {
        return rest;
    }
    let colon = rest.find(": ").filter(|colon| *colon < 40);
    colon.map_or(rest, |colon| rest.get(colon + 2..).unwrap_or_default())
}

/// Takes the word at a place, where it is a secret.
fn take(text: &str, from: usize, spans: &mut Vec<Range<usize>>, is_secret: impl Fn(&str) -> bool) {
    let word = word_at(text, from).trim_end_matches(['.', ':', '!', '?']);
    if !word.is_empty() && !is_no_secret(word) && is_secret(word) {
        spans.push(from..from + word.len());
    }
}

fn word_at(text: &str, from: usize) -> &str {
    let rest = text.get(from..).unwrap_or_default();
    let length = until(rest, |c| {
        ends_value(c) || matches!(c, '&' | ',' | ';' | ')' | ']')
    });
    rest.get(..length).unwrap_or_default()
}

/// Whether a word has letters and digits, as passwords have, and is no name of something else.
fn is_mixed(word: &str, least: usize) -> bool {
    let is_plain = PLAIN.iter().any(|plain| word.eq_ignore_ascii_case(plain));
    word.len() >= least
        && !is_plain
        && word.contains(|c: char| c.is_ascii_digit())
        && word.contains(char::is_alphabetic)
}

/// Whether a word is a user and a password, as they stand behind `Basic` (RFC 7617).
fn is_login(word: &str) -> bool {
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let plain = GeneralPurpose::new(&base64::alphabet::STANDARD, config).decode(word);
    let plain = plain.ok().and_then(|plain| String::from_utf8(plain).ok());
    plain.is_some_and(|plain| plain.contains(':') && !plain.contains(char::is_control))
}

#[cfg(test)]
mod tests {
    use super::super::{hide, signs};

    #[test]
    fn secrets_in_sentences_are_hidden() {
        for (text, hidden) in [
            (
                r#"password "hunter" is wrong"#,
                r#"password "******" is wrong"#,
            ),
            (
                r#"{"e":"password \"hunter2\" is"}"#,
                r#"{"e":"password \"*******\" is"}"#,
            ),
            ("password hunter2 rejected", "password ******* rejected"),
            ("the password is hunter2.", "the password is *******."),
            ("password was 'a-b-c'", "password was '*****'"),
            (
                "wrong password for bob: hunter2",
                "wrong password for bob: *******",
            ),
            ("(pwd hunter2)", "(pwd *******)"),
            ("Passwort: hunter2", "Passwort: *******"),
            ("mot de passe hunter2", "mot de passe *******"),
            ("mật khẩu: hunter2", "mật khẩu: *******"),
            ("รหัสผ่าน \"abc\"", "รหัสผ่าน \"***\""),
            ("пароль=hunter2", "пароль=*******"),
            (
                "credentials bob:hunter2 invalid",
                "credentials bob:******* invalid",
            ),
            ("bad key=abcd1234efgh", "bad key=************"),
            ("X-Api-Key hunter2key", "X-Api-Key **********"),
            ("token 'abc123' is bad", "token '******' is bad"),
            ("Basic Ym9iOmh1bnRlcjI=", "Basic ****************"),
            ("cookie sid=abc", "cookie sid=***"),
        ] {
            assert_eq!(hide(text), hidden);
            assert_eq!(text.len(), hidden.len());
        }
    }

    #[test]
    fn plain_words_in_sentences_stay() {
        for text in [
            "password expired",
            "password is required",
            "password \"is required\"",
            "password for bob: expired",
            "password sha256 mismatch",
            "the fields 'password' 'mail' are required",
            "Unexpected token \"export\" in JSON",
            "unexpected token '<', \"<html>\" is not valid JSON",
            "bad token format",
            "ticket 12345 is closed",
            "mot de passe expiré",
            "Passwort: falsch",
            "credentials invalid: try again",
            "a basic authentication scheme",
            "Basic realm=corp",
            "cookie SameSite=None is blocked",
            "a monkey=abcd1234efgh",
            "key=user_id",
            "X-Api-Key missing",
            "api key expired",
        ] {
            assert_eq!(hide(text), text);
        }
    }

    #[test]
    fn each_word_is_suspect_by_itself() {
        for word in super::ELSEWHERE {
            assert!(signs(word) & super::super::ELSEWHERE != 0, "{word}");
        }
        for word in super::BESIDES {
            for word in [word, &word.to_uppercase()] {
                assert!(signs(word) & super::super::BESIDES != 0, "{word}");
            }
        }
        for word in super::KEYS.iter().chain(&super::PASSWORDS) {
            assert!(signs(word) & super::super::NAME != 0, "{word}");
        }
    }
}
