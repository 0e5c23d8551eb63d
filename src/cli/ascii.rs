//! Answers for a locale whose character set is not UTF-8.

use std::io::{self, Write};

/// Passes text on in ASCII: signs of ours as the nearest that ASCII has, in as many columns, and
/// every other character as its escape.
pub(super) struct Ascii<'a> {
    pub(super) out: &'a mut dyn Write,
}

impl Write for Ascii<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_ascii() {
            return self.out.write(bytes);
        }
        // Texts come whole, so that no character is cut at the end of one.
        let mut text = String::with_capacity(bytes.len());
        for character in String::from_utf8_lossy(bytes).chars() {
            match nearest(character) {
                Some(sign) => text.push(sign),
                None => text.extend(character.escape_unicode()),
            }
        }
        self.out.write_all(text.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn nearest(character: char) -> Option<char> {
    Some(match character {
        _ if character.is_ascii() => character,
        '·' | '─' | '–' | '—' | '−' => '-',
        '→' | '▶' => '>',
        '←' | '◀' => '<',
        '│' => '|',
        '…' => '~',
        '×' => 'x',
        'µ' => 'u',
        '±' => '~',
        // The bars of a histogram.
        '▁' => '_',
        '▂' | '▃' => '.',
        '▄' | '▅' => 'o',
        '▆' | '▇' => 'O',
        '█' => '#',
        '\u{a0}' | '\u{202f}' => ' ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_ascii_comes_out() {
        let mut bytes = Vec::new();
        let mut out = Ascii { out: &mut bytes };
        out.write_all("1 µs · a → b\n│── é\n".as_bytes())
            .expect("memory can be written to");
        assert_eq!(bytes, b"1 us - a > b\n|-- \\u{e9}\n");
    }
}
