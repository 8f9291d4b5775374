//! Text as it comes from logs, made comparable: plain quotes, single spaces, no markup, no escapes.
//!
//! The same sentence arrives with curly quotes, as HTML, as JSON string contents, in the URL of a
//! login page, with doubled apostrophes, or after a wrong guess of its encoding.

use unicode_normalization::UnicodeNormalization;

/// Bytes of a message that are looked at. The longest published message has about 400.
pub(super) const MOST: usize = 64 << 10;

/// Stands for a line break of the message.
pub(super) const BREAK: char = '\n';

/// The text with plain quotes, single spaces, and line breaks as [`BREAK`].
pub(super) fn normalized(text: &str) -> String {
    let text = start_of(text, MOST);
    let text = if text.contains("ErrorDescription=") || text.contains("ErrorDetails=") {
        of_url(text)
    } else {
        text.to_owned()
    };
    // Escaped once by the tool and once more by the page that shows it.
    let text = without_markup(&entities(&entities(&text)));
    let text = unescaped(&text);
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.nfc().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let c = match c {
            // UTF-8 that was read as Windows-1252.
            'â' if chars.peek() == Some(&'€') => {
                chars.next();
                match chars.next() {
                    Some('™' | '˜') | None => '\'',
                    Some('“' | '”') => '-',
                    Some(_) => '"',
                }
            }
            // A question mark inside a word is an apostrophe that an encoding has lost.
            '?' if before.is_alphabetic() && chars.peek().is_some_and(|c| c.is_lowercase()) => '\'',
            c => plain_of(c),
        };
        if c == '\u{200b}' {
            continue;
        }
        // Doubled quotes are one: CSV and message formats write them so.
        let repeated = matches!(c, ' ' | '\'' | '"') && c == before;
        let after_break = c == ' ' && before == BREAK;
        if !(repeated || after_break) {
            plain.push(c);
            before = c;
        }
    }
    without_missing_labels(plain).trim().to_owned()
}

/// The first `most` bytes, cut at a character.
pub(super) fn start_of(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// The plain form of a quote, a space or a dash; `\u{200b}` for what takes no room.
fn plain_of(c: char) -> char {
    match c {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => BREAK,
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '`' | '´' | 'ʼ' | '′' | '＇' | '\u{fffd}' => {
            '\''
        }
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '「' | '」' | '『' | '』' | '《' | '》'
        | '＂' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '：' => ':',
        '；' => ';',
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' => {
            '\u{200b}'
        }
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    }
}

/// `a+b%20c` of a query string.
fn of_url(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match code {
            // `&` and `=` part the query: those inside a value must not do so now.
            Some(byte) if byte != b'&' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(if first == b'+' { b' ' } else { first });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Character references of HTML and XML.
pub(super) fn entities(text: &str) -> String {
    /// The longest reference that is looked for, with its `;`.
    const LONGEST: usize = 10;
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let window = start_of(from, LONGEST);
        let known = window
            .find(';')
            .and_then(|end| Some((end, entity(window.get(1..end)?)?)));
        if let Some((end, c)) = known {
            plain.push(c);
            rest = from.get(end + 1..).unwrap_or_default();
        } else {
            plain.push('&');
            rest = from.get(1..).unwrap_or_default();
        }
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> Option<char> {
    if let Some(code) = name.strip_prefix('#') {
        let number = match code.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => code.parse().ok()?,
        };
        return char::from_u32(number);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" | "ldquo" | "rdquo" | "bdquo" | "laquo" | "raquo" => '"',
        "apos" | "lsquo" | "rsquo" | "sbquo" | "lsaquo" | "rsaquo" => '\'',
        "nbsp" => ' ',
        "ndash" | "mdash" => '-',
        "hellip" => '…',
        _ => return None,
    })
}

/// Tags that pages put around messages. Anything else in angle brackets stays: `<user>` is a placeholder of documentation.
const TAGS: [&str; 18] = [
    "br", "p", "b", "i", "u", "a", "em", "strong", "span", "div", "li", "ul", "ol", "code", "pre",
    "td", "tr", "html",
];

fn without_markup(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let inner = from.find('>').and_then(|end| from.get(1..end));
        let tag = inner.filter(|inner| {
            let name = inner.trim_matches('/').trim();
            let name = name.split([' ', '/']).next().unwrap_or_default();
            TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(name))
        });
        if let Some(inner) = tag {
            plain.push(' ');
            rest = from.get(inner.len() + 2..).unwrap_or_default();
        } else {
            plain.push('<');
            rest = from.get(1..).unwrap_or_default();
        }
    }
    plain.push_str(rest);
    plain
}

/// Escapes of JSON and of programs, where there are any.
fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let after = from.get(1..).unwrap_or_default();
        let mut chars = after.chars();
        let length = match chars.next() {
            Some('"') => push(&mut plain, '"', 1),
            Some('\'') => push(&mut plain, '\'', 1),
            Some('/') => push(&mut plain, '/', 1),
            Some('\\') => push(&mut plain, '\\', 1),
            Some('n' | 'r' | 't') if !after.get(1..).is_some_and(goes_on_as_word) => {
                push(&mut plain, ' ', 1)
            }
            Some('u') => {
                let code = after
                    .get(1..5)
                    .and_then(|hex| u32::from_str_radix(hex, 16).ok());
                match code.and_then(char::from_u32) {
                    Some(c) => push(&mut plain, c, 5),
                    None => push(&mut plain, '\\', 0),
                }
            }
            _ => push(&mut plain, '\\', 0),
        };
        rest = after.get(length..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

fn push(text: &mut String, c: char, length: usize) -> usize {
    text.push(c);
    length
}

/// `ACME\nancy` is a login of a directory, no line break.
fn goes_on_as_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_lowercase())
}

/// Salesforce appends `: __MISSING_LABEL_FOR_...` to some messages.
fn without_missing_labels(mut text: String) -> String {
    while let Some(at) = text.find("__MISSING_LABEL_FOR_") {
        let end = text
            .get(at..)
            .and_then(|rest| rest.find([':', ' ', BREAK]))
            .map_or(text.len(), |length| at + length);
        let start = text
            .get(..at)
            .map_or(0, |before| before.trim_end_matches([':', ' ']).len());
        text.replace_range(start..end, "");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_spaces_and_escapes_become_plain() {
        for (text, plain) in [
            ("User’s  Profile\u{a0}can’t", "User's Profile can't"),
            ("„Identity User“ «x»", "\"Identity User\" \"x\""),
            (
                "doesn&#39;t &amp;quot;x&amp;quot; &lt;br&gt; y",
                "doesn't \"x\" y",
            ),
            ("doesn&rsquo;t", "doesn't"),
            ("a<br/>b <user> c", "a b <user> c"),
            ("User\\u2019s \\\"x\\\"", "User's \"x\""),
            ("can''t", "can't"),
            ("doesn?t", "doesn't"),
            ("doesnâ€™t", "doesn't"),
            ("ACME\\nancy", "ACME\\nancy"),
            ("exceeded: __MISSING_LABEL_FOR_LIMIT", "exceeded"),
            ("a\nb", "a\nb"),
            (
                "ErrorCode=11&ErrorDescription=Unable+to&ErrorDetails=License%20Limit",
                "ErrorCode=11&ErrorDescription=Unable to&ErrorDetails=License Limit",
            ),
        ] {
            assert_eq!(normalized(text), plain, "{text}");
        }
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        assert_eq!(start_of("äöü", 3), "ä");
        assert_eq!(start_of("ab", 3), "ab");
        assert!(normalized(&"ä".repeat(MOST)).len() <= MOST);
    }
}
