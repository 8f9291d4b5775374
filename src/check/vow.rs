//! Debug builds hold each rule to what it says of itself.

use super::engine::Engine;
use super::outbox::{Outbox, RowAt};
use super::words::Words;
use crate::rules::{Occasion, Occasions, RowCx, Rule, Sink};

impl Engine<'_> {
    /// Holds a rule to its word: it has nothing to say about the rows that it is not asked about.
    pub(super) fn hold_to_word(
        &self,
        rule: &'static Rule,
        speaks: bool,
        chunk: &[(RowAt, RowCx<'_>)],
        occasions: &Occasions,
        words: &mut Words,
    ) {
        let Some(check) = rule.row else { return };
        let mut others = vec![true; chunk.len()];
        if speaks {
            for n in occasions.rows(rule.when) {
                if let Some(other) = others.get_mut(n) {
                    *other = false;
                }
            }
        }
        for (n, (at, cx)) in chunk.iter().enumerate() {
            if others.get(n) != Some(&true) {
                continue;
            }
            let mut out = Outbox::default();
            check(
                cx,
                &mut Sink {
                    rule,
                    number: 0,
                    at: *at,
                    cx,
                    policy: &self.options.policy,
                    input: &self.input.path,
                    exempt: self.exempt,
                    words,
                    out: &mut out,
                },
            );
            debug_assert!(
                out.voices == 0,
                "{} speaks outside of its occasions: {:?}",
                rule.name,
                Occasion::of(cx)
            );
        }
    }
}
