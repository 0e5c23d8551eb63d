//! Text inside of HTML: escaped, with code, colours and links.

use crate::render::Language;
use crate::render::pen::{Style, by_backticks, runs, unmarked};
use crate::words::text;

/// What is known of where links may lead.
pub(super) struct Linker {
    /// The page about what a command explains, from the root of a language.
    pub(super) pages: fn(&str) -> Option<String>,
    /// What stands before it.
    pub(super) base: String,
    /// Whether no text comes from outside.
    pub(super) is_ours: bool,
}

impl Linker {
    /// A command, with a link to its page where there is one.
    pub(super) fn command(&self, command: &str) -> String {
        let code = format!("<code>{}</code>", escaped(command));
        self.link(command, &code)
    }

    /// The name of a fact or of a topic.
    pub(super) fn name(&self, name: &str) -> String {
        let name = unmarked(name);
        let name = name.trim();
        // The words for facts may be names of topics too; an id is the name of its page.
        let page = (self.pages)(&format!("explain {name}")).unwrap_or_default();
        let is_id = page.ends_with(&format!("/{}.html", name.replace(':', "-")));
        match is_id && !name.contains(' ') {
            true => self.link(&format!("wsclose explain {name}"), &escaped(name)),
            false => escaped(name),
        }
    }

    fn link(&self, command: &str, shown: &str) -> String {
        let page = command
            .trim()
            .strip_prefix("wsclose ")
            .and_then(|arguments| (self.pages)(arguments));
        match page {
            Some(page) => {
                let target = escaped(&format!("{}{page}", self.base));
                format!("<a href=\"{target}\">{shown}</a>")
            }
            None => shown.to_owned(),
        }
    }
}

/// Text that means nothing but itself in HTML, also between quotes.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// A line that stays as it is, in its colours.
pub(super) fn line(text: &str) -> String {
    let pieces = runs(text.trim_end());
    let pieces = pieces
        .into_iter()
        .map(|(style, text)| styled(style, &escaped(text)));
    pieces.collect()
}

/// Marked text as HTML.
fn styled(style: Style, html: &str) -> String {
    const COLORS: [&str; 8] = ["", "red", "green", "yellow", "blue", "magenta", "cyan", ""];
    let color = style.color.and_then(|color| COLORS.get(usize::from(color)));
    let mut classes: Vec<&str> = color.into_iter().copied().collect();
    classes.retain(|class| !class.is_empty());
    classes.extend(style.dim.then_some("dim"));
    let html = match classes.is_empty() {
        true => html.to_owned(),
        false => format!("<span class=\"{}\">{html}</span>", classes.join(" ")),
    };
    match style.bold {
        true => format!("<b>{html}</b>"),
        false => html,
    }
}

/// Prose: what stands in backticks is code, and what has a page or a section leads there.
pub(super) fn inline(text: &str, links: &Linker) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for (style, text) in runs(text) {
        let mut part = String::new();
        for (is_code, text) in by_backticks(text) {
            match is_code {
                true => part.push_str(&links.command(text)),
                false => part.push_str(&prose(text, links)),
            }
        }
        html.push_str(&styled(style, &part));
    }
    html
}

/// Words outside of code: sections of RFCs and addresses lead there.
fn prose(text: &str, links: &Linker) -> String {
    // A command that ends a line without a mark: `More: wsclose explain 1006`.
    const EXPLAIN: &str = "wsclose explain ";
    let is_id = |id: &str| {
        let is_of_id = |letter: char| letter.is_ascii_alphanumeric() || "-:_.".contains(letter);
        !id.is_empty() && id.chars().all(is_of_id)
    };
    if let Some((before, id)) = text.rsplit_once(EXPLAIN).filter(|(_, id)| is_id(id)) {
        let command = links.command(&format!("{EXPLAIN}{id}"));
        return prose(before, links) + &command;
    }
    let mut html = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let rfc = rest.find("RFC ");
        let address = rest.find("https://").filter(|at| {
            let behind = rest.get(at + "https://".len()..).unwrap_or_default();
            // A scheme alone leads nowhere.
            links.is_ours && behind.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        });
        match (rfc, address) {
            (Some(at), address) if address.is_none_or(|address| at < address) => {
                let (before, from) = rest.split_at(at);
                html.push_str(&escaped(before));
                rest = sections(from, &mut html);
            }
            (_, Some(at)) => {
                let (before, from) = rest.split_at(at);
                html.push_str(&escaped(before));
                let is_end = |letter: char| letter.is_whitespace() || "<>\"`…".contains(letter);
                let end = from.find(is_end).unwrap_or(from.len());
                let (address, behind) = from.split_at(end);
                let address = address.trim_end_matches(['.', ',', ';', ')', ':']);
                let shown = escaped(address);
                // The scheme alone is a word of the sentence.
                if address.trim_end_matches('/') == "https:" {
                    html.push_str(&shown);
                } else {
                    html.push_str(&format!("<a href=\"{shown}\">{shown}</a>"));
                }
                rest = from.get(address.len()..).unwrap_or(behind);
            }
            _ => {
                html.push_str(&escaped(rest));
                rest = "";
            }
        }
    }
    html
}

/// Appends a text that begins with `RFC ` up to behind its last section, each with its link; what follows.
fn sections<'t>(text: &'t str, html: &mut String) -> &'t str {
    let behind = text.get(4..).unwrap_or_default();
    let digits = behind.len()
        - behind
            .trim_start_matches(|digit: char| digit.is_ascii_digit())
            .len();
    if !(3..=5).contains(&digits) {
        html.push_str("RFC ");
        return behind;
    }
    let (number, mut rest) = behind.split_at(digits);
    let address = format!("https://www.rfc-editor.org/rfc/rfc{number}");
    let mut is_first = true;
    let named = |shown: &str, target: &str| format!("<a href=\"{target}\">{}</a>", escaped(shown));
    let mut shown = format!("RFC {number}");
    while let Some((between, section, behind)) = next_section(rest, is_first) {
        let target = format!("{address}#section-{section}");
        if is_first {
            shown.push_str(between);
            shown.push_str(section);
            html.push_str(&named(&shown, &target));
        } else {
            html.push_str(&escaped(between));
            html.push_str(&named(section, &target));
        }
        is_first = false;
        rest = behind;
    }
    if is_first {
        html.push_str(&named(&shown, &address));
    }
    rest
}

/// The next section of a list of them: what stands before it, itself, what follows.
fn next_section(text: &str, is_first: bool) -> Option<(&str, &str, &str)> {
    let at = text.find(|digit: char| digit.is_ascii_digit())?;
    let (between, rest) = text.split_at_checked(at)?;
    let is_mark = |letter: char| letter.is_ascii_digit() || letter == '.';
    let length = rest.find(|letter| !is_mark(letter)).unwrap_or(rest.len());
    let section = rest.get(..length)?.trim_end_matches('.');
    let is_section = match (is_first, between) {
        // `RFC 6455 5.5.1`; without a point it may be any number.
        (true, " ") => section.contains('.'),
        (true, between) => is_word_for_section(between),
        (false, between) => between == ", ",
    };
    let behind = rest.get(section.len()..).unwrap_or_default();
    is_section.then_some((between, section, behind))
}

/// Whether this is what stands between an RFC and its section, in any of the languages.
fn is_word_for_section(between: &str) -> bool {
    Language::ALL.iter().any(|language| {
        let form = language
            .voice()
            .text(text!(source.section, number, section));
        let behind = form.split_once("{number}").map_or("", |(_, behind)| behind);
        behind.strip_suffix("{section}") == Some(between)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str, is_ours: bool) -> String {
        let links = Linker {
            pages: |command| {
                command
                    .strip_prefix("explain 1006")
                    .map(|_| "code/1006.html".into())
            },
            base: "../".to_owned(),
            is_ours,
        };
        inline(text, &links)
    }

    #[test]
    fn sections_lead_to_the_standard() {
        assert_eq!(
            drawn("RFC 6455 section 7.4.1, 8.1 · RFC 6455", false),
            "<a href=\"https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1\">RFC 6455 section 7.4.1</a>, \
             <a href=\"https://www.rfc-editor.org/rfc/rfc6455#section-8.1\">8.1</a> · \
             <a href=\"https://www.rfc-editor.org/rfc/rfc6455\">RFC 6455</a>"
        );
        assert!(drawn("RFC 6455 allows 20 s", false).ends_with("RFC 6455</a> allows 20 s"));
        assert!(drawn("RFC 6455 bagian 5, 6", false).contains("#section-6"));
        assert_eq!(drawn("RFC x", false), "RFC x");
    }

    #[test]
    fn nothing_from_outside_becomes_html() {
        assert_eq!(drawn("<b>\"'&", false), "&lt;b&gt;&quot;&#39;&amp;");
        assert_eq!(drawn("https://evil.example", false), "https://evil.example");
        assert_eq!(drawn("`<i>`", false), "<code>&lt;i&gt;</code>");
        assert_eq!(drawn("an https:// page", true), "an https:// page");
        let ours = drawn("see https://a.example/b.", true);
        assert_eq!(
            ours,
            "see <a href=\"https://a.example/b\">https://a.example/b</a>."
        );
        assert_eq!(drawn("over https:// only", true), "over https:// only");
    }

    #[test]
    fn a_command_leads_to_its_page() {
        let html = "<a href=\"../code/1006.html\"><code>wsclose explain 1006</code></a>";
        assert_eq!(drawn("`wsclose explain 1006`", true), html);
        assert_eq!(
            drawn("`wsclose explain 1`", true),
            "<code>wsclose explain 1</code>"
        );
    }

    #[test]
    fn colours_become_classes() {
        assert_eq!(
            line("\u{1b}[31m\u{1b}[1ma<\u{1b}[0m b  "),
            "<b><span class=\"red\">a&lt;</span></b> b"
        );
    }
}
