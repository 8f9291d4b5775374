//! Text as XML. Written here because a report is streamed: the writers of crates that know JUnit hold all of it in memory.

use std::borrow::Cow;

/// Text for an attribute in double quotes or for the content of an element. Characters that XML 1.0 forbids, escaped or
/// not, are left out.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let plain =
        |c: char| is_allowed(c) && !matches!(c, '&' | '<' | '>' | '"' | '\'' | '\r' | '\n' | '\t');
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            // `]]>` is forbidden in content.
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&apos;"),
            // Readers turn line breaks and tabs of attributes into spaces.
            '\r' => shown.push_str("&#13;"),
            '\n' => shown.push_str("&#10;"),
            '\t' => shown.push_str("&#9;"),
            c if is_allowed(c) => shown.push(c),
            _ => {}
        }
    }
    Cow::Owned(shown)
}

/// <https://www.w3.org/TR/xml/#charsets>
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_xml_forbids_is_left_out() {
        assert_eq!(escaped("a\0b\u{1b}\u{ffff}\u{fffe}c"), "abc");
        assert_eq!(
            escaped("]]><b a=\"'\">&\n"),
            "]]&gt;&lt;b a=&quot;&apos;&quot;&gt;&amp;&#10;"
        );
        assert_eq!(escaped("数据 😀"), "数据 😀");
    }

    proptest! {
        #[test]
        fn any_text_reads_back(text in any::<String>()) {
            let xml = format!("<a b=\"{0}\">{0}</a>", escaped(&text));
            let read = roxmltree::Document::parse(&xml).expect("XML");
            let allowed: String = text.chars().filter(|c| is_allowed(*c)).collect();
            let root = read.root_element();
            prop_assert_eq!(root.attribute("b").unwrap_or_default(), &allowed);
            prop_assert_eq!(root.text().unwrap_or_default(), &allowed);
        }
    }
}
