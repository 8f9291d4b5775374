//! Bytes to text.

use super::{read, read_with};
use crate::input::{Attribute, ReadOptions};

#[test]
fn encodings_give_the_same_text() {
    let text = "username,title\nzo\u{eb}@x.example,\u{1f600}\n";
    let mut files: Vec<(Vec<u8>, &str)> = vec![(text.as_bytes().to_vec(), "utf-8")];
    files.push(([b"\xef\xbb\xbf", text.as_bytes()].concat(), "utf-8-bom"));
    let wide = |swap: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(swap)
            .collect()
    };
    files.push((wide(u16::to_le_bytes), "utf-16le"));
    files.push((wide(u16::to_be_bytes), "utf-16be"));
    for (bytes, name) in files {
        let (input, rows) = read_with(
            &bytes,
            &ReadOptions {
                block: 7,
                ..ReadOptions::default()
            },
        )
        .expect(name);
        assert_eq!(input.encoding.name(), name);
        assert_eq!(rows, [["zo\u{eb}@x.example", "\u{1f600}"]], "{name}");
        assert_eq!(input.columns.header(Attribute::Username), Some("username"));
        assert!(input.sha256.hex().is_some(), "{name}");
    }
    let options = ReadOptions {
        encoding: Some("windows-1252"),
        ..ReadOptions::default()
    };
    let (_, rows) = read_with(b"username,title\na@x.example,Caf\xe9\n", &options).expect("decoded");
    assert_eq!(rows[0][1], "Caf\u{e9}");
}

#[test]
fn long_texts_in_other_encodings_are_whole() {
    let lines: Vec<String> = (0..30_000)
        .map(|n| format!("user{n}@x.example,\u{e4}{n}\n"))
        .collect();
    let body = lines.concat();
    let text = format!("username,title\n{body}");
    let bytes: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let (_, rows) = read_with(&bytes, &ReadOptions::default()).expect("readable");
    assert_eq!(rows.len(), 30_000);
    assert_eq!(rows[29_999], ["user29999@x.example", "\u{e4}29999"]);
}

#[test]
fn the_hash_is_that_of_the_raw_bytes() {
    let (input, _) = read("username\na@x.example\n").expect("readable");
    assert_eq!(
        input.sha256.hex().as_deref(),
        Some("425621704914c586185468212cc13f48345122d77984830032aa713044233cdc")
    );
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let of = |bytes: &[u8]| {
        read_with(bytes, &ReadOptions::default())
            .map(|_| ())
            .expect_err("refused")
            .to_string()
    };
    assert!(
        of(b"username\nJos\xe9@x.example\n").contains("byte 12 is not valid utf-8"),
        "{}",
        of(b"username\nJos\xe9@x.example\n")
    );
    assert!(of(b"username\nJos\xe9@x.example\n").contains("windows-1252"));
    assert!(of(b"\xef\xbb\xbfusernam\xe9\nx\n").contains("byte 10 is not valid"));
    assert!(of(b"name\x00\x00username").contains("line 1: byte 4 is NUL"));
    assert!(of(b"PK\x03\x04\x00\x00username").contains("Excel workbook"));
    let wide: Vec<u8> = "username,role\na,b\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(of(&wide).contains("UTF-16 without a byte order mark"));
    assert!(of(&wide).contains("utf-16le"));
    let wide: Vec<u8> = "username,role\na,b\n"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert!(of(&wide).contains("utf-16be"));
    assert!(of(b"\xff\xfeu\x00s\x00\n\x00x").contains("is not valid utf-16le"));
    assert!(of(b"\xff\xfeu\x00\x00\xd8\n\x00x\x00").contains("byte 4 is not valid utf-16le"));
    let mut far = b"username,role\n".to_vec();
    far.resize(200_000, b'x');
    far.extend(b"\n\0\n");
    assert!(of(&far).contains("byte 200001 is NUL"), "{}", of(&far));
    let options = ReadOptions {
        encoding: Some("klingon"),
        ..ReadOptions::default()
    };
    let error = read_with(b"username\nx\n", &options)
        .map(|_| ())
        .expect_err("refused");
    assert!(error.to_string().contains("`klingon` is no known encoding"));
}
