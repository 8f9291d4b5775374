//! How a finding begins in JSON: with its place.

use super::spool::{Late, Order};

/// Opens the JSON object of a finding with its place.
pub(super) fn write_place(out: &mut Vec<u8>, input_json: Option<&str>, row: Option<(u64, u64)>) {
    out.push(b'{');
    if let Some(input) = input_json {
        out.extend_from_slice(b"\"input\":\"");
        out.extend_from_slice(input.as_bytes());
        out.extend_from_slice(b"\",");
    }
    if let Some((row, line)) = row {
        let mut digits = [0; 20];
        out.extend_from_slice(b"\"row\":");
        out.extend_from_slice(decimal(row, &mut digits));
        out.extend_from_slice(b",\"line\":");
        out.extend_from_slice(decimal(line, &mut digits));
        out.push(b',');
    }
}

fn decimal(mut number: u64, digits: &mut [u8; 20]) -> &[u8] {
    let mut from = digits.len();
    loop {
        from -= 1;
        if let Some(place) = digits.get_mut(from) {
            *place = b'0' + u8::try_from(number % 10).unwrap_or(0);
        }
        number /= 10;
        if number == 0 || from == 0 {
            return digits.get(from..).unwrap_or_default();
        }
    }
}

/// A finding of the end of the run in full.
pub(super) fn late_line(
    order: Order,
    input_json: Option<&str>,
    row: Option<(u64, u64)>,
    tail: impl FnOnce(&mut Vec<u8>),
) -> Late {
    let mut json = Vec::new();
    write_place(&mut json, input_json, row);
    tail(&mut json);
    Late { order, json }
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn numbers_are_written_in_full() {
        let mut digits = [0; 20];
        assert_eq!(decimal(0, &mut digits), b"0");
        assert_eq!(decimal(u64::MAX, &mut digits), b"18446744073709551615");
        assert_eq!(decimal(1_234_567, &mut digits), b"1234567");
    }
}
