//! Texts that nobody wrote: every short one, mixtures of the words of the header, hostile ones. Each has an answer.

use super::*;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// Asks for an answer and checks what holds for every one. Whether it was accepted.
fn has_an_answer(given: &str) -> bool {
    match agreement(given) {
        Ok(read) => {
            let Some(deflate) = read.deflate else {
                return true;
            };
            for rewritten in [
                deflate.to_string(),
                format!("Sec-WebSocket-Extensions: {deflate}\r\n"),
                format!("`{deflate}`"),
            ] {
                assert_eq!(agreement(&rewritten), Ok(read), "{given:?}: {rewritten:?}");
            }
            true
        }
        Err(refusal) => {
            let said = refusal.to_string();
            assert!(said.ends_with(&format!(" ({})", refusal.section())));
            assert!(!said.starts_with(char::is_uppercase), "{said}");
            assert!(!said.contains(char::is_control), "{given:?}: {said:?}");
            assert!(said.chars().count() < 300, "{given:?}: {said:?}");
            let place = said
                .split("at character ")
                .nth(1)
                .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next())
                .and_then(|digits| digits.parse::<usize>().ok());
            let is_inside = |place: usize| 1 <= place && place <= given.chars().count();
            assert!(place.is_some_and(is_inside), "{given:?}: {said}");
            false
        }
    }
}

#[test]
fn every_short_text_has_an_answer() {
    let alphabet = [
        "a", "8", ",", ";", "=", "\"", "\\", " ", "\n", "\r", "`", ":", "<", "é",
    ];
    let mut texts = vec![String::new()];
    for _ in 0..4 {
        texts = texts
            .iter()
            .flat_map(|text| alphabet.map(|letter| format!("{text}{letter}")))
            .collect();
        for text in &texts {
            has_an_answer(text);
        }
    }
}

#[test]
fn every_mixture_of_words_has_an_answer() {
    let words = [
        "permessage-deflate",
        "permessage-deflate; ",
        "; server_no_context_takeover",
        "; client_no_context_takeover",
        "; server_max_window_bits=",
        "; client_max_window_bits=",
        "Sec-WebSocket-Extensions: ",
        "foo",
        "15",
        "08",
        "\"9\"",
        "\"",
        "\\",
        "=",
        ";",
        ",",
        " ",
        "\t",
        "\r\n",
        "\n ",
        "\n",
        "`",
        "'",
        "“",
        "\u{1b}",
        "\u{202e}",
    ];
    let mut dice = Dice(7692);
    let mut accepted = 0;
    for _ in 0..200_000 {
        let length = dice.below(8);
        let text: String = (0..length).map(|_| dice.pick(&words)).collect();
        accepted += usize::from(has_an_answer(&text));
    }
    assert!(accepted > 2_000, "the mixture tries little: {accepted}");
}

#[test]
fn what_is_written_in_any_valid_way_is_read() {
    let mut dice = Dice(6455);
    for _ in 0..50_000 {
        let mut deflate = Deflate::default();
        let mut parameters = Parameter::ALL.to_vec();
        let mut header = dice
            .pick(&["", "sec-websocket-extensions: ", ",", " , "])
            .to_owned();
        header.push_str(DEFLATE);
        for _ in 0..dice.below(5) {
            let parameter = parameters.swap_remove(dice.below(parameters.len()));
            let bits = 8 + dice.below(8) as u8;
            let value = match dice.below(3) {
                0 => format!("{bits}"),
                1 => format!("\"{bits}\""),
                _ => format!("\"{bits}\"").replace('1', "\\1"),
            };
            for word in [";", parameter.name()] {
                header.push_str(dice.pick(&["", " ", "\t ", "\r\n "]));
                header.push_str(word);
            }
            match parameter {
                Parameter::ServerNoContextTakeover => deflate.server_no_context_takeover = true,
                Parameter::ClientNoContextTakeover => deflate.client_no_context_takeover = true,
                Parameter::ServerMaxWindowBits => deflate.server_max_window_bits = bits,
                Parameter::ClientMaxWindowBits => deflate.client_max_window_bits = bits,
            }
            if parameter.name().ends_with("_bits") {
                for word in ["=", &value] {
                    header.push_str(dice.pick(&["", " ", "\t", "\n\t"]));
                    header.push_str(word);
                }
            }
        }
        header.push_str(dice.pick(&["", " ", ",", "\r\n", "\n\n"]));
        let read = agreement(&header).unwrap_or_else(|refusal| panic!("{header:?}: {refusal}"));
        assert_eq!(read.deflate, Some(deflate), "{header:?}");
        assert!(has_an_answer(&header));
    }
}

/// Reading that went over the text again for each word would take minutes here.
#[test]
fn a_long_hostile_text_is_read_at_once() {
    for word in [
        ";",
        ",",
        "\"",
        "\\",
        "=",
        " ",
        "\n",
        "\n ",
        "\r",
        "`",
        "'",
        "a",
        "a,",
        "a;a",
        ";a",
        "“”",
        "<",
        "\n \n",
        "a\n",
        ":",
        "é",
        "a=\"\\",
        "\n Sec-WebSocket-Extensions:",
    ] {
        let long = word.repeat(50_000);
        for front in [
            "",
            "a",
            "a;a=\"",
            "permessage-deflate",
            "permessage-deflate; a=",
            "\"",
        ] {
            has_an_answer(&format!("{front}{long}"));
            has_an_answer(&format!("{front}{long}\""));
        }
    }
}
