//! Secrets in a text from outside: values in the query of a URL, its user and password, cookies,
//! authorization, tokens behind their names. Each byte of one is shown as `*`, so that places in the
//! text stay what they are.

mod prose;
mod urls;

use std::borrow::Cow;
use std::ops::Range;

/// What stands in the place of each byte.
const MASK: &str = "*";

/// Headers whose whole value is a secret.
const HEADERS: [&str; 10] = [
    "set-cookie",
    "cookie",
    "proxy-authorization",
    "authorization",
    "x-api-key",
    "x-auth-token",
    "x-amz-security-token",
    "x-csrf-token",
    "api-key",
    "apikey",
];

/// Names whose value is a secret.
const NAMES: [&str; 19] = [
    "access_token",
    "refresh_token",
    "id_token",
    "auth_token",
    "authtoken",
    "accesstoken",
    "client_secret",
    "api_key",
    "password",
    "passwd",
    "passcode",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "signature",
    "jwt",
    "ticket",
    "auth",
];

/// Words whose value is often a secret and often a plain one: it counts where it is built as a secret is.
const WORDS: [&str; 9] = [
    "session",
    "session_id",
    "sessionid",
    "phpsessid",
    "jsessionid",
    "sid",
    "pw",
    "pass",
    "csrf",
];

/// How tokens begin that are known by it, with the bytes that such a one has at least: JSON Web Tokens (RFC 7519, `{"` in
/// Base64), keys of OpenAI, Stripe, GitHub, GitLab, Slack, AWS and Google.
const TOKENS: [(&str, usize); 17] = [
    ("eyJ", 12),
    ("sk-", 16),
    ("sk_live_", 16),
    ("sk_test_", 16),
    ("rk_live_", 16),
    ("ghu_", 16),
    ("ghr_", 16),
    ("ghp_", 16),
    ("gho_", 16),
    ("ghs_", 16),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("xoxa-", 16),
    ("xoxb-", 16),
    ("xoxp-", 16),
    ("AKIA", 16),
    ("AIza", 16),
];

/// What stands before a token in a subprotocol of Kubernetes.
const KUBERNETES: &str = "bearer.authorization.k8s.io.";

/// What a value says that is no secret.
const NO_SECRETS: [&str; 19] = [
    "null",
    "none",
    "nil",
    "undefined",
    "true",
    "false",
    "missing",
    "invalid",
    "expired",
    "required",
    "empty",
    "error",
    "failed",
    "denied",
    "rejected",
    "revoked",
    "ok",
    "yes",
    "no",
];

/// Looks for secrets of one kind in a text, which is also given in lower case.
type Finder = fn(&str, &str, &mut Vec<Range<usize>>);

/// What is looked for, each behind a sign that stands in every text that holds it.
const FINDERS: [(u8, Finder); 14] = [
    (AT, urls::logins),
    (EQUALS, urls::queries),
    (ENCODED, urls::encoded),
    (NAME, headers),
    (NAME, bearers),
    (NAME, named),
    (NAME, behind_names),
    (NAME, worded),
    (NAME | TOKEN, tokens),
    (AT, mails),
    (KEY_IN_PATH, urls::keys),
    (NAME, prose::passwords),
    (ELSEWHERE, prose::elsewhere),
    (BESIDES, prose::besides),
];

/// `@`.
const AT: u8 = 1;
/// `=`.
const EQUALS: u8 = 1 << 1;
/// `=`, as it is written in an encoded URL.
const ENCODED: u8 = 1 << 2;
/// What the name of a header or of a value begins with, or a word of it.
const NAME: u8 = 1 << 3;
/// How a token begins.
const TOKEN: u8 = 1 << 4;
/// A part of a path that is a key.
const KEY_IN_PATH: u8 = 1 << 5;
/// A word for a password in another language.
const ELSEWHERE: u8 = 1 << 6;
/// A word behind which a login, a cookie or a key stands.
const BESIDES: u8 = 1 << 7;

/// A text without its secrets, of the same length in bytes.
pub fn hide(text: &str) -> Cow<'_, str> {
    let signs = signs(text);
    if signs == 0 {
        return Cow::Borrowed(text);
    }
    let lower = text.to_ascii_lowercase();
    let mut spans = Vec::new();
    for (sign, find) in FINDERS {
        if signs & sign != 0 {
            find(text, &lower, &mut spans);
        }
    }
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    spans.sort_by_key(|span| (span.start, span.end));
    let mut hidden = String::with_capacity(text.len());
    let mut from = 0;
    for span in spans {
        let start = span.start.max(from);
        if span.end <= start {
            continue;
        }
        hidden.push_str(text.get(from..start).unwrap_or_default());
        hidden.push_str(&MASK.repeat(span.end - start));
        from = span.end;
    }
    hidden.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(hidden)
}

/// How the tokens of GitHub and GitLab begin.
const GIT_TOKENS: [&str; 7] = [
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "ghr_",
    "github_pat_",
    "glpat-",
];

/// Words for a password that begin with no letter of ASCII.
const FAR_WORDS: [&str; 6] = ["รหัสผ่าน", "пароль", "Пароль", "密码", "密碼", "パスワード"];

/// The signs of secrets that stand in a text: most have none, and no text is looked through for what it cannot hold.
fn signs(text: &str) -> u8 {
    let bytes = text.as_bytes();
    let mut signs = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let behind = bytes.get(at..).unwrap_or_default();
        let begins = |sign: u8, words: &[&str]| {
            let is_there = |word: &&str| {
                behind
                    .get(..word.len())
                    .is_some_and(|front| front.eq_ignore_ascii_case(word.as_bytes()))
            };
            if words.iter().any(is_there) { sign } else { 0 }
        };
        signs |= match byte | 0x20 {
            b'=' => EQUALS,
            b'`' if *byte == b'@' => AT,
            b'/' if urls::is_key(behind.get(1..).unwrap_or_default()) => KEY_IN_PATH,
            b'%' => begins(ENCODED, &["%3d", "%253d"]),
            b'a' => begins(NAME, &["auth", "api"]) | begins(TOKEN, &["akia", "aiza"]),
            b'b' => begins(NAME, &["bearer"]) | begins(BESIDES, &["basic "]),
            b'c' => {
                begins(NAME, &["cookie", "client_secret", "csrf"])
                    | begins(BESIDES, &["credentials ", "cookie "])
                    | begins(ELSEWHERE, &["contraseña"])
            }
            b'e' => begins(TOKEN, &["eyj"]),
            b'g' => begins(TOKEN, &GIT_TOKENS),
            b'j' => begins(NAME, &["jwt", "jsessionid"]),
            b'k' => begins(BESIDES, &["key="]) | begins(ELSEWHERE, &["kennwort", "kata sandi"]),
            b'm' => begins(ELSEWHERE, &["mot de passe", "mật khẩu"]),
            b'p' => begins(NAME, &["pass", "pw", "phpsessid"]) | begins(ELSEWHERE, &["passwort"]),
            b'r' => begins(TOKEN, &["rk_"]),
            b's' => {
                begins(NAME, &["secret", "session", "sid", "signature"])
                    | begins(TOKEN, &["sk-", "sk_"])
                    | begins(ELSEWHERE, &["senha"])
            }
            b't' => begins(NAME, &["token", "ticket"]),
            b'w' => begins(ELSEWHERE, &["wachtwoord"]),
            b'x' => begins(NAME, &["x-a", "x-c"]) | begins(TOKEN, &["xox"]),
            // Where their letters begin in UTF-8, with that bit set.
            0xe0 | 0xe3 | 0xe5 | 0xf0 => begins(ELSEWHERE, &FAR_WORDS),
            _ => 0,
        };
    }
    signs
}

/// What ends a URL, or a value in one, in a text.
fn ends_value(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '"' | '\'' | '`' | '<' | '>' | '\\' | '|' | '{' | '}'
        )
}

/// The length of what stands at the front of a text up to a character.
fn until(text: &str, is_end: impl Fn(char) -> bool) -> usize {
    text.find(is_end).unwrap_or(text.len())
}

/// Where the value behind a name begins, and the quote that closes it: `name: value`, `"name":"value"`,
/// `name=value`.
fn value_behind(text: &str, end: usize) -> Option<(usize, Option<char>, bool)> {
    let rest = text.get(end..)?;
    let behind = rest.trim_start_matches(['"', '\'', '\\', ' ']);
    let is_quoted_name = rest.starts_with(['"', '\'', '\\']);
    let value = behind.strip_prefix(['=', ':'])?;
    let is_equals = behind.starts_with('=');
    let value = value
        .strip_prefix('>')
        .unwrap_or(value)
        .trim_start_matches([' ', '\\']);
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = quote.map_or(value, |quote| {
        value.get(quote.len_utf8()..).unwrap_or_default()
    });
    Some((text.len() - value.len(), quote, is_equals || is_quoted_name))
}

/// Whether a place is hidden by what was found last: what begins there without a quote ends where that does.
fn is_hidden(spans: &[Range<usize>], at: usize) -> bool {
    spans.last().is_some_and(|span| span.contains(&at))
}

/// Whether a word begins at a place: no letter stands before it.
fn begins(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '-')
}

/// The values of headers.
fn headers(text: &str, lower: &str, spans: &mut Vec<Range<usize>>) {
    for header in HEADERS {
        for (at, _) in lower.match_indices(header) {
            let found = value_behind(text, at + header.len()).filter(|_| begins(text, at));
            let Some((from, quote, _)) = found else {
                continue;
            };
            let rest = text.get(from..).unwrap_or_default();
            let length = match quote {
                Some(quote) => until(rest, |c| c == quote || c == '\\'),
                None => until(rest, |c| matches!(c, '\n' | '\r' | '"' | '\\')),
            };
            let value = rest.get(..length).unwrap_or_default();
            // `authorization: missing` is no header.
            let is_cookie = header.contains("cookie");
            let is_secret = match is_cookie {
                true => value.contains('='),
                false => value
                    .split_whitespace()
                    .any(|word| word.len() >= 8 && !is_no_secret(word)),
            };
            if is_secret {
                let scheme = ["Bearer ", "Basic ", "Digest ", "bearer ", "basic "];
                let scheme = scheme.iter().find(|scheme| value.starts_with(**scheme));
                let from = from + scheme.map_or(0, |scheme| scheme.len());
                // Of a header in a line of a log only the first words are its value.
                let taken = match (quote, is_cookie) {
                    (None, false) => until(text.get(from..).unwrap_or_default(), ends_value),
                    _ => length - scheme.map_or(0, |scheme| scheme.len()),
                };
                spans.push(from..from + taken);
            }
        }
    }
}

/// What stands behind `Bearer`.
fn bearers(text: &str, lower: &str, spans: &mut Vec<Range<usize>>) {
    for (at, word) in lower.match_indices("bearer ") {
        let from = at + word.len();
        let rest = text.get(from..).unwrap_or_default();
        let length = until(rest, |c| ends_value(c) || matches!(c, ',' | ';' | ')'));
        let token = rest.get(..length).unwrap_or_default();
        if begins(text, at)
            && length >= 8
            && token.contains(|c: char| c.is_ascii_digit() || c == '.')
        {
            spans.push(from..from + length);
        }
    }
}

/// What stands behind the name of a secret.
fn named(text: &str, lower: &str, spans: &mut Vec<Range<usize>>) {
    for name in NAMES {
        for (at, _) in lower.match_indices(name) {
            let is_part = lower
                .get(at + name.len()..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
            if is_part {
                continue;
            }
            let Some((from, quote, is_pair)) = value_behind(text, at + name.len()) else {
                continue;
            };
            if quote.is_none() && is_hidden(spans, from) {
                continue;
            }
            let rest = text.get(from..).unwrap_or_default();
            let length = match quote {
                Some(quote) => until(rest, |c| c == quote || c == '\\'),
                None => until(rest, |c| {
                    ends_value(c) || matches!(c, '&' | ',' | ';' | ')' | ']')
                }),
            };
            let value = rest.get(..length).unwrap_or_default();
            let is_like_one = value.contains(|c: char| c.is_ascii_digit()) && value.len() >= 6
                || value.len() >= 20;
            let is_one = !value.contains(' ') && !is_no_secret(value) && (is_pair || is_like_one);
            if is_one && !value.is_empty() {
                spans.push(from..from + length);
            }
        }
    }
}

/// Whether a character may stand in a token.
fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/' | '=' | '~')
}

/// Whether a word is built as a token is: letters and digits mixed, in one run that is too long for a version or a
/// date.
fn is_built_as_token(word: &str) -> bool {
    let mut runs = word.split(|c: char| !c.is_ascii_alphanumeric());
    let is_mixed = |run: &str| {
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        run.len() >= 8 && digits >= 2 && digits < run.len()
    };
    word.len() >= 12 && word.chars().all(is_of_token) && runs.any(is_mixed)
}

/// What stands behind the name of a secret with no more than a space or a quote between.
fn behind_names(text: &str, lower: &str, spans: &mut Vec<Range<usize>>) {
    for name in NAMES.into_iter().chain(["api key", "api-key", "apikey"]) {
        for (at, _) in lower.match_indices(name) {
            let rest = text.get(at + name.len()..).unwrap_or_default();
            let value = rest.trim_start_matches([' ', '"', '\'', '`', '<', '(', '\\']);
            if value.len() == rest.len() {
                continue;
            }
            let from = text.len() - value.len();
            let (word, behind) = value.split_at(until(value, |c| !is_of_token(c)));
            let ends = |c: char| ends_value(c) || matches!(c, '&' | ',' | ';' | ')' | ']');
            if behind.chars().next().is_none_or(ends) && is_built_as_token(word) {
                spans.push(from..from + word.len());
            }
        }
    }
}

/// The name of a subprotocol, or as many `*` where it is a token: browsers can send one in no other place.
pub fn hide_subprotocol(name: &str) -> Cow<'_, str> {
    match name.len() >= 16 && is_built_as_token(name) {
        true => Cow::Owned(MASK.repeat(name.len())),
        false => hide(name),
    }
}

/// What stands behind a word, where it is built as a secret is.
fn worded(text: &str, lower: &str, spans: &mut Vec<Range<usize>>) {
    for word in WORDS {
        for (at, _) in lower.match_indices(word) {
            let end = at + word.len();
            let rest = lower.get(end..).unwrap_or_default();
            let is_part = rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
            if is_part || !begins(text, at) {
                continue;
            }
            let Some((from, quote, _)) = value_behind(text, end) else {
                continue;
            };
            if quote.is_none() && is_hidden(spans, from) {
                continue;
            }
            let rest = text.get(from..).unwrap_or_default();
            let length = until(rest, |c| {
                Some(c) == quote || ends_value(c) || matches!(c, '&' | ',' | ';' | ')' | ']')
            });
            let value = rest.get(..length).unwrap_or_default();
            let has_digit = value.contains(|c: char| c.is_ascii_digit());
            if value.len() >= 16 || has_digit && value.len() >= 8 {
                spans.push(from..from + length);
            }
        }
    }
}

/// What stands before the `@` of an e-mail address.
fn mails(text: &str, _: &str, spans: &mut Vec<Range<usize>>) {
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%');
    let is_of_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    for (at, _) in text.match_indices('@') {
        let (before, behind) = text.split_at(at);
        let name = before.len() - before.trim_end_matches(is_of_name).len();
        let behind = behind.get(1..).unwrap_or_default();
        let host = behind.get(..until(behind, |c| !is_of_host(c)));
        let host = host.unwrap_or_default().trim_end_matches('.');
        let last = host.rsplit('.').next().unwrap_or_default();
        let is_domain = host.len() > last.len()
            && last.len() >= 2
            && last.bytes().all(|byte| byte.is_ascii_alphabetic());
        if name > 0 && is_domain {
            spans.push(at - name..at);
        }
    }
}

/// Tokens that are known by how they begin, and those in subprotocols of Kubernetes.
fn tokens(text: &str, _: &str, spans: &mut Vec<Range<usize>>) {
    let is_of_token =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '=');
    let length = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        let token = rest.get(..until(rest, |c| !is_of_token(c)));
        token.unwrap_or_default().trim_end_matches('.').len()
    };
    for (begin, least) in TOKENS {
        for (at, _) in text.match_indices(begin) {
            if is_hidden(spans, at) || !begins(text, at) {
                continue;
            }
            let length = length(at);
            if length >= least {
                spans.push(at..at + length);
            }
        }
    }
    for (at, mark) in text.match_indices(KUBERNETES) {
        let from = at + mark.len();
        spans.push(from..from + length(from));
    }
}

fn is_no_secret(value: &str) -> bool {
    NO_SECRETS
        .iter()
        .any(|known| value.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests;
