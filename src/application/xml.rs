//! XMPP: an element as fields.

use super::tree::Node;

/// So many elements of one message are looked at.
const MOST_PARTS: usize = 32;

/// XMPP: the name of an element, its namespaces, the first element in it, and its text.
pub(super) fn xml(bytes: &[u8]) -> Option<Node> {
    let text = String::from_utf8_lossy(bytes);
    let mut rest = text.trim_start();
    if let Some(behind) = rest.strip_prefix("<?xml") {
        rest = behind.split_once("?>")?.1.trim_start();
    }
    if rest.starts_with("</stream:stream") {
        // The end of the stream, before RFC 7395 gave it an element.
        return Some(Node::map([
            ("element", Node::text("close")),
            ("space", Node::text("urn:ietf:params:xml:ns:xmpp-framing")),
        ]));
    }
    let (root, is_empty, mut rest) = tag(rest)?;
    let (mut condition, mut words) = (None, None);
    let mut depth = 0;
    for _ in 0..MOST_PARTS {
        if is_empty {
            break;
        }
        let Some(next) = rest.find('<') else { break };
        rest = rest.get(next..)?;
        // A comment, or what is for the parser, is no element.
        let aside = [("<!--", "-->"), ("<!", ">"), ("<?", "?>")];
        if let Some((_, end)) = aside.iter().find(|(begin, _)| rest.starts_with(begin)) {
            let Some((_, behind)) = rest.split_once(end) else {
                break;
            };
            rest = behind;
            continue;
        }
        if rest.starts_with("</") {
            depth -= 1;
            if depth < 0 {
                break;
            }
            rest = rest.get(2..)?;
            continue;
        }
        let Some((child, is_empty, behind)) = tag(rest) else {
            break;
        };
        let name = local(name_of(child));
        if depth == 0 && name == "text" {
            let said = behind.split('<').next().unwrap_or_default();
            words.get_or_insert_with(|| unescaped(said));
        } else if depth == 0 {
            condition.get_or_insert(name);
        }
        depth += i32::from(!is_empty);
        rest = behind;
    }
    let of = |value: Option<String>| value.map_or(Node::Null, Node::Text);
    Some(Node::map([
        ("element", Node::text(local(name_of(root)))),
        ("space", Node::text(space(root))),
        ("condition", of(condition.map(str::to_owned))),
        ("text", of(words)),
        ("see-other-uri", of(attribute(root, "see-other-uri"))),
    ]))
}

/// The inside of the tag at the front, whether it is empty, and what is behind it.
fn tag(text: &str) -> Option<(&str, bool, &str)> {
    let inside = text.strip_prefix('<')?;
    let (mut end, mut quote) = (None, None);
    for (at, character) in inside.char_indices() {
        match (quote, character) {
            (None, '>') => {
                end = Some(at);
                break;
            }
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    let end = end?;
    let (tag, behind) = (inside.get(..end)?, inside.get(end + 1..)?);
    Some(match tag.strip_suffix('/') {
        Some(tag) => (tag, true, behind),
        None => (tag, false, behind),
    })
}

fn name_of(tag: &str) -> &str {
    tag.split(|c: char| c.is_whitespace() || c == '/')
        .next()
        .unwrap_or_default()
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or_default()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag.get(name_of(tag).len()..)?;
    // Between a name, its `=` and its value there may be white space.
    while let Some((known, behind)) = rest.split_once('=') {
        let behind = behind.trim_start();
        let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, behind) = behind.get(1..)?.split_once(quote)?;
        if known.trim() == name {
            return Some(unescaped(value));
        }
        rest = behind;
    }
    None
}

/// The namespace of an element, by its prefix.
fn space(tag: &str) -> String {
    let declared = match name_of(tag).split_once(':') {
        // Before RFC 7395 the stream's own element declared this one for all that followed.
        Some((prefix @ "stream", _)) => attribute(tag, &format!("xmlns:{prefix}"))
            .or_else(|| Some("http://etherx.jabber.org/streams".to_owned())),
        Some((prefix, _)) => attribute(tag, &format!("xmlns:{prefix}")),
        None => attribute(tag, "xmlns"),
    };
    declared.unwrap_or_default()
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        plain.push_str(before);
        let end = reference.find(';').unwrap_or(reference.len());
        let name = reference.get(1..end).unwrap_or_default();
        let number = match name.strip_prefix("#x") {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => name
                .strip_prefix('#')
                .and_then(|digits| digits.parse().ok()),
        };
        let character = match name {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "amp" => Some('&'),
            _ => number.and_then(char::from_u32),
        };
        plain.push(character.unwrap_or('&'));
        let taken = if character.is_some() { end + 1 } else { 1 };
        rest = reference.get(taken..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::super::tree::word_at as word;
    use super::*;

    #[test]
    fn a_stream_error_is_read_whatever_its_quotes_and_prefix() {
        for text in [
            "<stream:error xmlns:stream='http://etherx.jabber.org/streams'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xml:lang='en'>Replaced &amp; gone</text></stream:error>",
            "<error xmlns=\"http://etherx.jabber.org/streams\"><text>Replaced &amp; gone</text><conflict/></error>",
            "<s:error  a-xmlns:s='no'\n xmlns:s = 'http://etherx.jabber.org/streams' >\n<conflict />\n<text>Replaced &#38; &#x67;one</text></s:error>",
        ] {
            let node = &xml(text.as_bytes()).unwrap();
            assert_eq!(word(node, "element"), "error");
            assert_eq!(word(node, "space"), "http://etherx.jabber.org/streams");
            assert_eq!(word(node, "condition"), "conflict");
            assert_eq!(word(node, "text"), "Replaced & gone");
        }
    }

    #[test]
    fn comments_are_no_conditions_and_the_stream_is_known_without_its_beginning() {
        let text = "<stream:error><!-- a <b/> --><?p?><conflict/></stream:error>";
        let node = &xml(text.as_bytes()).unwrap();
        assert_eq!(word(node, "condition"), "conflict");
        assert_eq!(word(node, "space"), "http://etherx.jabber.org/streams");
        let _ = xml(b"<stream:error><!-- ");
    }
}
