//! Where a line of Thai may end: between words, and Thai has no spaces between them.
//!
//! ICU4X finds words in its dictionary. A word that it does not have, most of all one taken from
//! English, makes it go wrong there and in the words behind: those that we use stand in a list of
//! our own, and are found first.

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

/// Words that the dictionary lacks, takes for others where they stand behind certain words, or takes
/// apart; the longest first, as the first that fits is taken.
const WORDS: [&str; 109] = [
    "ระบบปฏิบัติการ",
    "โหลดบาลานเซอร์",
    "ขึ้นทะเบียน",
    "จุดเกิดเหตุ",
    "จุดเริ่มต้น",
    "วงเล็บปีกกา",
    "หน่วยความจำ",
    "อินเทอร์เฟซ",
    "โปรเซสเซอร์",
    "ข้อผิดพลาด",
    "ครึ่งหนึ่ง",
    "ตัวจับเวลา",
    "รายละเอียด",
    "เทอร์มินัล",
    "เฟรมเวิร์ก",
    "แบนด์วิดท์",
    "ซองจดหมาย",
    "มากที่สุด",
    "มากเกินไป",
    "ล็อกเอาต์",
    "หน่วงเวลา",
    "ออบเจ็กต์",
    "เกินกำลัง",
    "เครือข่าย",
    "เชื่อมต่อ",
    "แบ็กเอนด์",
    "ไทม์เอาต์",
    "ขีดจำกัด",
    "ความหมาย",
    "งานเสร็จ",
    "ฉบับร่าง",
    "ซ็อกเก็ต",
    "บางอย่าง",
    "รีสตาร์ต",
    "สองครั้ง",
    "ส่วนใหญ่",
    "เข้ารหัส",
    "เชื่อถือ",
    "เซกเมนต์",
    "เริ่มต้น",
    "แพ็กเก็ต",
    "แล็ปท็อป",
    "โปรโตคอล",
    "ใบรับรอง",
    "ไคลเอนต์",
    "ขั้นตอน",
    "ค่าว่าง",
    "จับเวลา",
    "จุดชนวน",
    "ตรวจสอบ",
    "ตอบกลับ",
    "ถอดรหัส",
    "ถูกต้อง",
    "ทั้งสอง",
    "ปลายทาง",
    "ปานกลาง",
    "ผิดพลาด",
    "ผ่อนปรน",
    "พร็อกซี",
    "ยังต้อง",
    "ล้มเหลว",
    "สิ้นสุด",
    "หมายถึง",
    "หลังครบ",
    "ออฟเซ็ต",
    "อายุรวม",
    "เข้มงวด",
    "เผยแพร่",
    "แพ็กเกจ",
    "กลับมา",
    "ขาดหาย",
    "ข้อมูล",
    "คัดลอก",
    "คาดคิด",
    "คาดเดา",
    "ดักจับ",
    "ดีพลอย",
    "ตัดสิน",
    "ตัวเอง",
    "ตามที่",
    "ที่สุด",
    "รายการ",
    "ว่างาน",
    "สาเหตุ",
    "อธิบาย",
    "เกินไป",
    "เข้ามา",
    "โปรเซส",
    "ได้รับ",
    "กลุ่ม",
    "คำตอบ",
    "คำพูด",
    "ทำตาม",
    "ผลการ",
    "ภายใน",
    "ลงนาม",
    "สตรีม",
    "หนึ่ง",
    "หางาน",
    "เสร็จ",
    "แฟล็ก",
    "โทเคน",
    "ก่อน",
    "มาบน",
    "รหัส",
    "แล้ว",
    "นาน",
    "บอต",
    "กฎ",
];

thread_local! {
    /// The words of [`WORDS`] by their first letter, of which Thai has fewer than 96.
    static BY_LETTER: [Vec<&'static str>; 96] = {
        let mut all = [const { Vec::new() }; 96];
        for word in WORDS {
            if let Some(words) = letter(word).and_then(|letter| all.get_mut(letter)) {
                words.push(word);
            }
        }
        all
    };
    static SEGMENTER: LineSegmenterBorrowed<'static> =
        LineSegmenter::new_dictionary(LineBreakOptions::default());
}

/// A text without spaces in the pieces between which a line may end.
pub(super) fn words(text: &str) -> Vec<&str> {
    let mut ends: Vec<usize> = ends_of(text)
        .filter(|end| is_beside_thai(text, *end))
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
        let word = text.get(start..end).unwrap_or_default();
        // A prefix goes with what it makes a noun of, and no word is a single consonant.
        let is_part = ["การ", "ความ", "ผู้", "ไม่"].contains(&word) || is_consonant(word);
        if is_part && end < text.len() && is_between_thai(text, end) || word.is_empty() {
            continue;
        }
        words.push(word);
        start = end;
    }
    words
}

fn is_consonant(word: &str) -> bool {
    let mut letters = word.chars();
    matches!(letters.next(), Some('ก'..='ฮ')) && letters.next().is_none()
}

fn is_between_thai(text: &str, place: usize) -> bool {
    let (before, behind) = text.split_at(place);
    before.ends_with(is_thai) && behind.starts_with(is_thai)
}

/// The ends of words as ICU4X finds them.
fn ends_of(text: &str) -> impl Iterator<Item = usize> + use<> {
    let ends: Vec<usize> = SEGMENTER.with(|segmenter| segmenter.segment_str(text).collect());
    ends.into_iter().skip(1)
}

fn is_thai(character: char) -> bool {
    matches!(character, '\u{e01}'..='\u{e7f}')
}

/// Whether Thai letters stand at one side of a place, and only at one.
fn is_beside_thai(text: &str, place: usize) -> bool {
    let (before, behind) = text.split_at(place);
    before.ends_with(is_thai) != behind.starts_with(is_thai)
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
        let Some(word) = word_at(behind) else {
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

/// The word of [`WORDS`] with which a text begins.
fn word_at(text: &str) -> Option<&'static str> {
    let letter = letter(text)?;
    BY_LETTER.with(|all| {
        let mut words = all.get(letter)?.iter();
        words.find(|word| text.starts_with(**word)).copied()
    })
}

/// The place of the first letter in the alphabet.
fn letter(text: &str) -> Option<usize> {
    let first = u32::from(text.chars().next()?);
    usize::try_from(first.checked_sub(0xe01)?).ok()
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
                "ข้อผิดพลาด|แรก|ใน|สตรีม|เป็น|ตัว|ตัดสิน",
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
    fn no_word_of_the_list_hides_a_longer_one() {
        let lengths = WORDS.map(|word| word.chars().count());
        assert!(lengths.is_sorted_by(|one, next| one >= next));
    }
}
