//! What is wrong with a command line is said in one line: what was given, what is wrong with it, what would work.

mod common;

use common::{MISUSES, run};

#[test]
fn what_is_wrong_with_a_command_line_is_one_line() {
    let mut all = MISUSES.to_vec();
    #[cfg(feature = "probe")]
    all.extend(common::MISUSES_OF_PROBE);
    for (words, said) in all {
        let (status, out, err) = run(words);
        assert_eq!(status.code(), 2, "{words:?}");
        assert_eq!(
            (out.as_str(), err),
            ("", format!("wsclose: {said}\n")),
            "{words:?}"
        );
    }
}

#[test]
fn what_was_given_is_escaped() {
    for words in [
        &["list", "--\u{1b}[2J"][..],
        &["help", "\u{1b}[2J"],
        &["completions", "\u{1b}[2J"],
        &["list", "--implementations=\u{202e}"],
        &["scan-log", "--max-groups", "\u{1b}[2J"],
    ] {
        let (status, _, err) = run(words);
        assert_eq!(status.code(), 2, "{words:?}");
        assert!(!err.contains(['\u{1b}', '\u{202e}']), "{err:?}");
        assert!(
            err.contains("\\x1b[2J") || err.contains("\\u{202e}"),
            "{err:?}"
        );
    }
}

#[test]
fn the_language_of_a_usage_error_is_the_one_that_was_asked_for() {
    use wsclose::render::Language;
    use wsclose::words::{Message, Text, Value};

    // Whatever of it is translated comes in that language.
    let id = "usage.needs-value";
    let found = Text::all().find(|(text, _)| text.id() == Some(id));
    let (text, _) = found.expect("the sentence is there");
    for language in Language::ALL {
        let tag = language.id();
        let (_, _, err) = run(&["list", "--lang", tag, "--range"]);
        let option = Value::from("--range");
        let wanted = language
            .voice()
            .say(&Message::new(text, vec![("option", option)]));
        assert_eq!(err, format!("wsclose: {wanted}\n"), "{tag}");
    }
}

/// Help and version are asked for alone or with other flags.
#[test]
fn help_and_version_are_asked_for_in_a_cluster_too() {
    for words in [&["-jV"][..], &["-hj"], &["-jh"], &["-hV"]] {
        let (status, out, err) = run(words);
        assert_eq!((status.code(), err.as_str()), (0, ""), "{words:?}");
        assert!(!out.is_empty(), "{words:?}");
    }
}

/// What the help does not show, TAB does not offer.
#[test]
fn scripts_of_shells_offer_no_option_that_the_help_hides() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (_, out, _) = run(&["completions", shell]);
        let offers = |name: &str| {
            out.contains(&format!("--{name}")) || out.contains(&format!(" -l {name} "))
        };
        assert!(!offers("html") && offers("markdown"), "{shell}");
    }
}
