//! Values with a unit, as people write them: ages, days, shares, delimiters.

use super::fault::shown;
use jiff::{SignedDuration, Span, SpanRelativeTo};

/// Reads `24h`, `7d`, `1w 2d` or ISO 8601. Days have 24 hours here: an age has no calendar.
///
/// # Errors
/// Says what is wrong with the text: no length of time, a negative one, or one of months or years.
pub fn age(text: &str) -> Result<SignedDuration, String> {
    let explain = || format!("'{}' is no age such as 24h, 7d or PT36H", shown(text));
    let span: Span = text.trim().parse().map_err(|_| explain())?;
    if span.get_months() != 0 || span.get_years() != 0 {
        return Err(format!(
            "'{}': months and years have no fixed length",
            shown(text)
        ));
    }
    let age = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| explain())?;
    if age.is_negative() {
        return Err(explain());
    }
    Ok(age)
}

/// Reads a length of time in whole days.
pub(super) fn days(text: &str) -> Result<i64, String> {
    const SECONDS: i64 = 24 * 60 * 60;
    let explain = || format!("'{}' is no number of days such as 30d or 2w", shown(text));
    let length = age(text).map_err(|_| explain())?;
    if length.subsec_nanos() != 0 || length.as_secs() % SECONDS != 0 {
        return Err(explain());
    }
    Ok(length.as_secs() / SECONDS)
}

/// Reads a percentage between 0% and 100%, such as `20%`.
///
/// # Errors
/// It is none.
pub fn share(text: &str) -> Result<f64, String> {
    text.trim()
        .strip_suffix('%')
        .and_then(|number| number.trim().parse().ok())
        .filter(|share| (0.0..=100.0).contains(share))
        .ok_or_else(|| format!("'{}' is no share such as 20%", shown(text)))
}

/// Reads the character between cells: one byte that can be no part of a cell's quoting.
pub(super) fn delimiter(text: &str) -> Result<u8, String> {
    match *text.as_bytes() {
        [byte]
            if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\"\r\n\0".contains(&byte) =>
        {
            Ok(byte)
        }
        _ => Err(format!(
            "'{}' is no delimiter: one character such as \",\", \";\", \"|\" or \"\\t\"",
            shown(text)
        )),
    }
}
