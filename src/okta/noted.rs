//! Inputs of which the run notes something before they are judged.

use super::Error;
use crate::input::{Input, InputBlocks};
use crate::tabular::{Blocks, Cells, Records};
use std::io::{Cursor, Read};

/// Hands out every record of an input, and gives its blocks, of about `size` bytes, to whoever judges it.
pub(super) fn noted(
    input: &Input,
    mut blocks: InputBlocks,
    size: usize,
    take: &mut dyn FnMut(Cells<'_>),
) -> Result<InputBlocks, Error> {
    let mut records = Records::default();
    let mut held = Vec::new();
    let failed = |error| crate::input::Error::of_block(&input.path, error);
    while let Some(block) = blocks.next(Vec::new()).map_err(failed)? {
        let text = input.text(&block)?;
        records.split(text, input.delimiter);
        (0..records.len())
            .filter_map(|n| records.get(text, n))
            .for_each(&mut *take);
        held.extend_from_slice(&block.bytes);
    }
    let again: Box<dyn Read + Send> = Box::new(Cursor::new(held));
    Ok(Blocks::new(again, input.delimiter, size, input.first_line))
}
