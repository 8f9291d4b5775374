//! JSON, element by element: Okta's System Log, or answers of an API. A log is never held as a whole.

use super::{Log, event};
use crate::explain::pieces::{Body, collect};
use crate::explain::{Error, Message};
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;
use std::io::BufRead;

/// Reads an array, or one value after another.
pub(super) fn read(stream: impl BufRead, log: &mut Log) -> Result<(), Error> {
    let mut stream = stream;
    let is_array = first_byte(&mut stream) == Some(b'[');
    let mut taker = Taker {
        log,
        number: 0,
        events: 0,
    };
    let mut reader = serde_json::Deserializer::from_reader(stream);
    let read = if is_array {
        reader
            .deserialize_seq(Elements(&mut taker))
            .and_then(|()| reader.end())
    } else {
        let values = reader.into_iter::<Value>();
        let mut result = Ok(());
        for value in values {
            match value {
                Ok(value) => taker.take(&value),
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
        }
        result
    };
    let events = taker.events;
    read.map_err(|error| Error::of_json(&log.path, &error))?;
    log.detail = String::from(if events > 0 {
        "Okta System Log"
    } else {
        "answers of an API"
    });
    Ok(())
}

/// The first byte that is no white space; the white space before it is used up.
fn first_byte(stream: &mut impl BufRead) -> Option<u8> {
    loop {
        // A stream that fails here fails again where its error can be told.
        let buffer = stream.fill_buf().ok().filter(|buffer| !buffer.is_empty())?;
        let blank = buffer
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        if let Some(&byte) = buffer.get(blank) {
            return Some(byte);
        }
        stream.consume(blank);
    }
}

/// Turns elements into messages.
struct Taker<'l> {
    log: &'l mut Log,
    number: u64,
    events: u64,
}

impl Taker<'_> {
    fn take(&mut self, value: &Value) {
        self.number += 1;
        let before = self.log.messages.len();
        if self.events_of(value) {
            return;
        }
        let mut bodies = Vec::new();
        collect(value, &mut bodies);
        for Body { text, code, fields } in bodies {
            self.log.messages.push(Message {
                line: self.number,
                text,
                code,
                fields,
                ..Message::default()
            });
        }
        if self.log.messages.len() == before {
            self.log.passed_over += 1;
        }
    }

    /// An event, or the events inside what an event hook sends.
    fn events_of(&mut self, value: &Value) -> bool {
        if event::is_event(value) {
            self.events += 1;
            event::take(self.number, value, self.log);
            return true;
        }
        let inside = value
            .pointer("/data/events")
            .or_else(|| value.get("events"))
            .and_then(Value::as_array);
        let Some(inside) = inside else { return false };
        let mut any = false;
        for value in inside.iter().filter(|value| event::is_event(value)) {
            any = true;
            self.events += 1;
            event::take(self.number, value, self.log);
        }
        any
    }
}

/// The elements of the outermost array, one at a time.
struct Elements<'t, 'l>(&'t mut Taker<'l>);

impl<'de> Visitor<'de> for Elements<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of events or errors")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while elements.next_element_seed(One(&mut *self.0))?.is_some() {}
        Ok(())
    }
}

struct One<'t, 'l>(&'t mut Taker<'l>);

impl<'de> DeserializeSeed<'de> for One<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        let value: Value = serde::Deserialize::deserialize(reader)?;
        self.0.take(&value);
        Ok(())
    }
}
