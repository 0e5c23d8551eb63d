//! The languages that wsclose speaks.
//!
//! A language is a file of GNU gettext's form, `languages/<id>.po`, which `build.rs` turns into a pool
//! beside the English one, and a line here.

use std::fmt;
use std::sync::OnceLock;

use crate::words::{ENGLISH, Manners, Marks, Pool, Voice};

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// The language whose texts were handed to the program, and its voice.
static LEARNED: OnceLock<(Language, Voice)> = OnceLock::new();

/// Makes the enum and the voices from one line for each language: its code, its name for itself, its
/// plurals as in the file's header, what stands between groups of digits and before a fraction, and
/// its full stop.
macro_rules! languages {
    ($($(#[$doc:meta])* $variant:ident: $pool:ident, $marks:ident, $id:literal, $name:literal, $plural:expr, $digits:literal, $point:literal, $stop:literal;)*) => {
        /// A language of the answers.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum Language {
            /// The language of the rows themselves.
            #[default]
            English,
            $($(#[$doc])* $variant,)*
        }

        impl Language {
            /// All of them, English first.
            pub const ALL: &[Language] = &[Language::English, $(Language::$variant),*];

            /// Its own name for itself.
            pub fn name(self) -> &'static str {
                match self {
                    Language::English => "English",
                    $(Language::$variant => $name,)*
                }
            }

            /// What puts messages into it, as far as its texts stand in the program.
            fn own_voice(self) -> &'static Voice {
                match self {
                    Language::English => &ENGLISH,
                    $(Language::$variant => {
                        static VOICE: Voice = Voice {
                            id: $id,
                            pool: &$pool,
                            marks: $marks,
                            manners: Manners {
                                plural: $plural,
                                digits: $digits,
                                point: $point,
                                stop: $stop,
                            },
                        };
                        &VOICE
                    })*
                }
            }
        }
    };
}

languages! {
    /// French.
    French: FR, FR_MARKS, "fr", "français", |number| usize::from(number > 1), '\u{202f}', ",", ".";
    /// Indonesian.
    Indonesian: ID, ID_MARKS, "id", "Bahasa Indonesia", |_| 0, '.', ",", ".";
    /// Thai.
    Thai: TH, TH_MARKS, "th", "ไทย", |_| 0, ',', ".", "";
    /// Vietnamese.
    Vietnamese: VI, VI_MARKS, "vi", "Tiếng Việt", |_| 0, '.', ",", ".";
}

impl Language {
    /// Its ISO 639-1 code: `fr`.
    pub fn id(self) -> &'static str {
        self.own_voice().id
    }

    /// What puts messages into it.
    pub fn voice(self) -> &'static Voice {
        match LEARNED.get() {
            Some((language, voice)) if *language == self => voice,
            _ => self.own_voice(),
        }
    }

    /// Hands a program that was built without the feature `languages` the texts of one language, as
    /// [`Voice::packed`] wrote them. `None` where they belong to another version of the program, or where it has
    /// been handed others before.
    pub fn learn(packed: &str) -> Option<Language> {
        let mut learned = Language::ALL.iter().filter_map(|language| {
            let voice = language.own_voice().unpacked(packed)?;
            Some((*language, voice))
        });
        let (language, voice) = learned.next()?;
        LEARNED.set((language, voice)).ok()?;
        Some(language)
    }

    /// The language of a tag or a locale: `fr`, `fr_CA.UTF-8`, `th-TH`. `None` where it is none of
    /// [`ALL`](Language::ALL).
    pub fn of(tag: &str) -> Option<Language> {
        let primary = tag.split(['-', '_', '.', '@']).next()?;
        // What ISO 639 called Indonesian until 1989, and Java long after.
        let primary = if primary.eq_ignore_ascii_case("in") {
            "id"
        } else {
            primary
        };
        Language::ALL
            .iter()
            .copied()
            .find(|language| language.id().eq_ignore_ascii_case(primary))
    }
}

/// What the environment says about language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locale {
    /// The language it asks for; English where it names none of ours.
    pub language: Language,
    /// Whether it was asked for by `WSCLOSE_LANG`, and not by what POSIX says for all programs.
    pub is_ours: bool,
    /// The character set in which the terminal is told to expect text, where that is not UTF-8.
    pub charset: Option<String>,
}

impl Locale {
    /// Reads the environment, of which `variable` gives the values; `system` gives the languages of a system that
    /// keeps them elsewhere, the best first.
    ///
    /// `WSCLOSE_LANG` counts most, then what POSIX says of the language of messages: `LC_ALL`,
    /// `LC_MESSAGES`, `LANG`; the first that is set and not empty decides. Unless that is `C`, GNU's list
    /// of languages, `LANGUAGE`, stands before it. Where nothing is set the system is asked. The character
    /// set is that of `LC_ALL`, `LC_CTYPE` or `LANG`, where it is written behind a point. `C` and `POSIX`
    /// are ASCII, though many terminals that say so show UTF-8.
    pub fn of<S: AsRef<str>>(
        variable: impl Fn(&str) -> Option<String>,
        system: impl FnOnce() -> Vec<S>,
    ) -> Self {
        let first = |names: &[&str]| {
            let mut values = names.iter().filter_map(|name| variable(name));
            values.find(|value| !value.is_empty())
        };
        let ours = first(&["WSCLOSE_LANG"]);
        let posix = first(&["LC_ALL", "LC_MESSAGES", "LANG"]);
        let language = match (&ours, &posix) {
            (Some(ours), _) => Language::of(ours),
            (None, Some(locale)) => {
                let is_none = ["C", "POSIX"].contains(&locale.as_str());
                match first(&["LANGUAGE"]).filter(|_| !is_none) {
                    Some(list) => best(list.split(':')),
                    None => Language::of(locale),
                }
            }
            (None, None) => best(system()),
        };
        let charset = first(&["LC_ALL", "LC_CTYPE", "LANG"]).and_then(|locale| {
            let (_, charset) = locale.split_once('.').unwrap_or(match locale.as_str() {
                "C" | "POSIX" => ("", "ASCII"),
                _ => ("", "UTF-8"),
            });
            let charset = charset.split('@').next().unwrap_or_default().to_owned();
            let plain = charset.to_ascii_lowercase().replace('-', "");
            (plain != "utf8").then_some(charset)
        });
        Locale {
            language: language.unwrap_or_default(),
            is_ours: ours.is_some(),
            charset,
        }
    }
}

/// The first of the languages, the most wanted first, that is one of ours.
fn best<S: AsRef<str>>(tags: impl IntoIterator<Item = S>) -> Option<Language> {
    tags.into_iter().find_map(|tag| Language::of(tag.as_ref()))
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Text;

    #[test]
    fn texts_are_packed_and_unpacked_by_one_version_alone() {
        for language in Language::ALL {
            let voice = language.voice();
            let packed = voice.packed();
            let unpacked = voice.unpacked(&packed).expect("they are its own");
            for (text, _) in Text::all() {
                let (one, other) = (voice.forms_of(text), unpacked.forms_of(text));
                assert!(one.eq(other), "{language}: {:?}", text.id());
            }
            assert_eq!(unpacked.packed(), packed, "{language}");
            for other in Language::ALL.iter().filter(|other| *other != language) {
                assert!(
                    other.voice().unpacked(&packed).is_none(),
                    "{other} is no {language}"
                );
            }
            // A text too many, one too few, and what was translated from other texts.
            let (short, _) = packed.rsplit_once('\u{1}').expect("there are texts");
            let (_, digest) = packed.split_once('\u{1}').expect("there is a digest");
            let (digest, _) = digest.split_once('\u{1}').expect("there are texts");
            let older = packed.replace(digest, &digest.chars().rev().collect::<String>());
            for wrong in [
                &*format!("{packed}\u{1}x"),
                short,
                &older,
                "",
                "fr",
                "fr\u{1}",
            ] {
                assert!(voice.unpacked(wrong).is_none(), "{language}: {wrong:.20}");
            }
        }
        assert_eq!(Language::learn("fr\u{1}0123\u{1}non"), None);
    }

    #[test]
    fn regional_forms_fall_back() {
        for (tag, language) in [
            ("fr", Some(Language::French)),
            ("fr_CA.UTF-8", Some(Language::French)),
            ("th-TH", Some(Language::Thai)),
            ("VI", Some(Language::Vietnamese)),
            ("id_ID@latin", Some(Language::Indonesian)),
            ("in_ID", Some(Language::Indonesian)),
            ("en_GB", Some(Language::English)),
            ("xx_XX.UTF-8", None),
            ("C", None),
            ("C.UTF-8", None),
            ("", None),
            ("français", None),
        ] {
            assert_eq!(Language::of(tag), language, "{tag}");
        }
    }

    fn locale(set: &[(&str, &str)]) -> Locale {
        on_a_system(&[], set)
    }

    fn on_a_system(system: &[&str], set: &[(&str, &str)]) -> Locale {
        let variable = |name: &str| {
            let (_, value) = set.iter().find(|(set, _)| *set == name)?;
            Some((*value).to_owned())
        };
        Locale::of(variable, || system.to_vec())
    }

    #[test]
    fn a_list_of_languages_counts_before_the_locale_unless_that_is_c() {
        let of = |list: &str, locale_name: &str| {
            locale(&[("LANGUAGE", list), ("LANG", locale_name)]).language
        };
        assert_eq!(of("fr:en", "en_US.UTF-8"), Language::French);
        assert_eq!(of("de:pt_BR:vi", "de_DE.UTF-8"), Language::Vietnamese);
        assert_eq!(
            of("de", "fr_FR.UTF-8"),
            Language::English,
            "gettext has none either"
        );
        assert_eq!(of("", "fr_FR.UTF-8"), Language::French);
        assert_eq!(of("fr", "C"), Language::English);
        assert_eq!(of("fr", "POSIX"), Language::English);
        assert_eq!(of("fr", "C.UTF-8"), Language::French);
        assert_eq!(of("fr", ""), Language::English, "no locale is C");
        let ours = [
            ("LANGUAGE", "fr"),
            ("LANG", "id_ID"),
            ("WSCLOSE_LANG", "th"),
        ];
        assert_eq!(locale(&ours).language, Language::Thai);
    }

    #[test]
    fn the_system_is_asked_where_nothing_is_set() {
        let system = ["de-DE", "th-TH", "fr-FR"];
        assert_eq!(on_a_system(&system, &[]).language, Language::Thai);
        let set = [("LANG", "en_US.UTF-8")];
        assert_eq!(on_a_system(&system, &set).language, Language::English);
        assert_eq!(on_a_system(&["de-DE"], &[]).language, Language::English);
    }

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let of = |set: &[(&str, &str)]| locale(set).language;
        assert_eq!(of(&[]), Language::English);
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8")]), Language::French);
        assert_eq!(of(&[("LANG", "fr"), ("LC_ALL", "C")]), Language::English);
        assert_eq!(of(&[("LANG", "fr"), ("LC_ALL", "")]), Language::French);
        assert_eq!(of(&[("LC_MESSAGES", "th"), ("LANG", "fr")]), Language::Thai);
        assert_eq!(
            of(&[("WSCLOSE_LANG", "vi"), ("LC_ALL", "fr")]),
            Language::Vietnamese
        );
        assert_eq!(
            of(&[("WSCLOSE_LANG", "xx"), ("LC_ALL", "fr")]),
            Language::English
        );
    }

    #[test]
    fn a_character_set_other_than_utf8_is_known() {
        let of = |locale_name: &str| locale(&[("LANG", locale_name)]).charset;
        for utf8 in [
            "fr_FR.UTF-8",
            "fr_FR.utf8",
            "fr_FR",
            "th",
            "C.UTF-8",
            "en_US.UTF-8@x",
            "",
        ] {
            assert_eq!(of(utf8), None, "{utf8}");
        }
        assert_eq!(of("th_TH.TIS-620").as_deref(), Some("TIS-620"));
        assert_eq!(of("fr_FR.ISO-8859-15@euro").as_deref(), Some("ISO-8859-15"));
        assert_eq!(of("C").as_deref(), Some("ASCII"));
        let mixed = [("LC_CTYPE", "fr_FR.UTF-8"), ("LANG", "fr_FR.ISO-8859-1")];
        assert_eq!(locale(&mixed).charset, None);
    }
}
