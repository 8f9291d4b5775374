//! Cells as Salesforce writes them to typed values.

use jiff::civil::{Date, Time};

/// `true` or `false` in any case of letters; nothing else.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A whole number; some exporters write `5.0` for the number 5.
pub(super) fn number(text: &str) -> Option<i64> {
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => {
            whole
        }
        Some(_) => return None,
        None => text,
    };
    whole.parse().ok()
}

/// The day of `2026-11-20`, `2026-11-20T02:10:00.000+0000` or `2026-11-20T02:10:00.000Z`, as written.
pub(super) fn date(text: &str) -> Option<Date> {
    let (day, time) = match text.split_once('T') {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    if day.len() != 10 || time.is_some_and(|time| !is_time(time)) {
        return None;
    }
    day.parse().ok()
}

/// A time of day, with or without its distance from UTC.
fn is_time(text: &str) -> bool {
    let clock = if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        clock
    } else if let Some((clock, zone)) = text.split_once(['+', '-']) {
        let digits = zone.bytes().filter(u8::is_ascii_digit).count();
        if digits != 4 || !(zone.len() == 4 || (zone.len() == 5 && zone.get(2..3) == Some(":"))) {
            return false;
        }
        clock
    } else {
        text
    };
    clock.starts_with(|first: char| first.is_ascii_digit()) && clock.parse::<Time>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::{date, flag, number};

    #[test]
    fn booleans_are_true_or_false_only() {
        assert_eq!(
            ["true", "FALSE", "True", "1", "0", "yes"].map(flag),
            [Some(true), Some(false), Some(true), None, None, None]
        );
    }

    #[test]
    fn numbers_are_whole() {
        assert_eq!(
            ["5", "-1", "5.0", "5.5", "1e3", "5.", "many"].map(number),
            [Some(5), Some(-1), Some(5), None, None, None, None]
        );
    }

    #[test]
    fn dates_as_rest_gives_them() {
        let day = Some(jiff::civil::date(2026, 11, 20));
        for text in [
            "2026-11-20",
            "2026-11-20T02:10:00.000+0000",
            "2026-11-20T02:10:00.000Z",
            "2026-11-20T02:10:00Z",
            "2026-11-20T02:10:00.000+01:00",
            "2026-11-20T02:10:00-0530",
        ] {
            assert_eq!(date(text), day, "{text}");
        }
        for text in [
            "20.11.2026",
            "2026-13-20",
            "11/20/2026",
            "2026-11-20T",
            "2026-11-20T25:00:00Z",
            "20261120",
            "2026-11-20T02:10:00+1",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
