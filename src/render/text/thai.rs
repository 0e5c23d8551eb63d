//! Where a line of Thai may end: between words, and Thai has no spaces between them.
//!
//! ICU4X finds words in its dictionary. A word that it does not have, most of all one taken from
//! English, makes it go wrong there and in the words behind: those that we use stand in a list of
//! our own, and are found first.

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

/// Words that the dictionary lacks, or takes for others where they stand behind certain words; none
/// begins another.
const WORDS: [&str; 57] = [
    "กฎ",
    "เชื่อมต่อ",
    "ก่อน",
    "ข้อมูล",
    "ความหมาย",
    "ตรวจสอบ",
    "ตัดสิน",
    "ตามที่",
    "ถูกต้อง",
    "ภายใน",
    "รายการ",
    "รหัส",
    "สาเหตุ",
    "อธิบาย",
    "เกินไป",
    "เสร็จ",
    "ได้รับ",
    "ซ็อกเก็ต",
    "สตรีม",
    "ออบเจ็กต์",
    "ออฟเซ็ต",
    "อินเทอร์เฟซ",
    "เซกเมนต์",
    "แบ็กเอนด์",
    "แบนด์วิดท์",
    "แพ็กเก็ต",
    "แพ็กเกจ",
    "แล็ปท็อป",
    "โทเคน",
    "โปรเซส",
    "โปรโตคอล",
    "โหลดบาลานเซอร์",
    "ไคลเอนต์",
    "ไทม์เอาต์",
    "พร็อกซี",
    "ดีพลอย",
    "ล็อกเอาต์",
    "รีสตาร์ต",
    "เทอร์มินัล",
    "นาน",
    "บางอย่าง",
    "เข้ามา",
    "มากเกินไป",
    "ผลการ",
    "ทำตาม",
    "ยังต้อง",
    "ลงนาม",
    "กลับมา",
    "กลุ่ม",
    "แฟล็ก",
    "มาบน",
    "อายุรวม",
    "หลังครบ",
    "สองครั้ง",
    "งานเสร็จ",
    "รายละเอียด",
    "ที่สุด",
];

thread_local! {
    static SEGMENTER: LineSegmenterBorrowed<'static> =
        LineSegmenter::new_dictionary(LineBreakOptions::default());
}

/// A text without spaces in the pieces between which a line may end.
pub(super) fn words(text: &str) -> Vec<&str> {
    let mut ends: Vec<usize> = ends_of(text)
        .filter(|end| !is_between_thai(text, *end))
        .collect();
    let mut start = 0;
    while let Some((run, from)) = next_run(text, start) {
        // At its edges what stands beside it decides: no line begins with a closing bracket.
        let within = |end: &usize| (1..run.len()).contains(end);
        ends.extend(
            ends_in(run)
                .into_iter()
                .filter(within)
                .map(|end| from + end),
        );
        start = from + run.len();
    }
    ends.retain(|end| *end < text.len() && !is_joined(text, *end));
    ends.push(text.len());
    ends.sort_unstable();
    ends.dedup();
    let mut words = Vec::new();
    let mut start = 0;
    for end in ends {
        words.extend(text.get(start..end).filter(|word| !word.is_empty()));
        start = end;
    }
    words
}

/// The ends of words as ICU4X finds them.
fn ends_of(text: &str) -> impl Iterator<Item = usize> + use<> {
    let ends: Vec<usize> = SEGMENTER.with(|segmenter| segmenter.segment_str(text).collect());
    ends.into_iter().skip(1)
}

fn is_thai(character: char) -> bool {
    matches!(character, '\u{e01}'..='\u{e7f}')
}

fn is_between_thai(text: &str, place: usize) -> bool {
    let (before, behind) = text.split_at(place);
    before.ends_with(is_thai) && behind.starts_with(is_thai)
}

/// The next letters that are all Thai, and where they begin.
fn next_run(text: &str, start: usize) -> Option<(&str, usize)> {
    let rest = text.get(start..)?;
    let from = rest.find(is_thai)?;
    let run = rest.get(from..)?;
    let length = run.find(|letter| !is_thai(letter)).unwrap_or(run.len());
    Some((run.get(..length)?, start + from))
}

/// The ends of words within Thai letters: first those of [`WORDS`], then what lies between them.
fn ends_in(run: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut start = 0;
    for (at, _) in run.char_indices() {
        if at < start {
            continue;
        }
        let behind = run.get(at..).unwrap_or_default();
        let Some(word) = WORDS.iter().find(|word| behind.starts_with(**word)) else {
            continue;
        };
        let end = at + word.len();
        // A longer word may begin with these letters.
        if is_within_a_syllable(run, at) || end < run.len() && is_within_a_syllable(run, end) {
            continue;
        }
        let before = run.get(start..at).unwrap_or_default();
        ends.extend(ends_of(before).map(|end| start + end));
        ends.extend([at, end]);
        start = end;
    }
    let rest = run.get(start..).unwrap_or_default();
    ends.extend(ends_of(rest).map(|end| start + end));
    ends
}

/// Whether what stands beside a place belongs together: a syllable, or a mark and what it is of. The
/// segmenter itself parts a closing bracket from Thai before it.
fn is_joined(text: &str, place: usize) -> bool {
    const OPENING: [char; 4] = ['(', '[', '{', '“'];
    const CLOSING: [char; 10] = [')', ']', '}', '”', ',', '.', ';', ':', '!', '?'];
    let (before, behind) = text.split_at(place);
    is_within_a_syllable(text, place) || before.ends_with(OPENING) || behind.starts_with(CLOSING)
}

/// Whether a syllable goes on at a place.
fn is_within_a_syllable(text: &str, place: usize) -> bool {
    // Vowels behind which a consonant has to come.
    const OPEN: [char; 8] = ['ั', '็', 'ื', 'เ', 'แ', 'โ', 'ใ', 'ไ'];
    // Vowels and marks that belong to the letter before them.
    let belongs = |letter: char| matches!(letter, 'ฯ'..='\u{e3a}' | 'ๅ' | '\u{e47}'..='\u{e4e}');
    let (before, behind) = text.split_at(place);
    // A consonant that is not spoken: the end of a word.
    let mut letters = behind.chars();
    let is_silent = letters.next().is_some_and(is_thai) && letters.next() == Some('\u{e4c}');
    before.ends_with(OPEN) || behind.starts_with(belongs) || is_silent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_the_dictionary_lacks_stay_whole() {
        for (text, expected) in [
            (
                "ข้อผิดพลาดแรกในสตรีมเป็นตัวตัดสิน",
                "ข้อ|ผิด|พลาด|แรก|ใน|สตรีม|เป็น|ตัว|ตัดสิน",
            ),
            ("โปรเซสของอีกฝั่งจบลง", "โปรเซส|ของ|อีก|ฝั่ง|จบ|ลง"),
            ("ไคลเอนต์รอก่อนกลับมา", "ไคลเอนต์|รอ|ก่อน|กลับมา"),
            ("ว่าผิดกฎบางข้อ", "ว่า|ผิด|กฎ|บาง|ข้อ"),
            ("(พร็อกซี),TCP", "(พร็อกซี),TCP"),
            ("ใช้`close()`แล้ว", "ใช้|`close()`แล้ว"),
        ] {
            assert_eq!(words(text).join("|"), expected);
        }
    }

    #[test]
    fn a_word_of_the_list_begins_no_other() {
        for word in WORDS {
            let begins = |other: &&&str| **other != word && other.starts_with(word);
            assert_eq!(WORDS.iter().find(begins), None, "{word}");
        }
    }
}
