//! CSV text in large amounts: cut into blocks at record ends, split into cells.
//!
//! Both the snapshot and the input files are read with this. The rules of the text are those of
//! the `csv` crate with `\n` as the record end (a `\r` before it belongs to the end): a quote opens
//! a quoted cell only at the start of the cell, `""` inside stands for one quote, anywhere else a
//! quote is an ordinary character. A property test holds both readers to the same answer.

mod blocks;
mod cells;
mod marks;
mod records;

pub use blocks::{Block, BlockError, Blocks, DEFAULT_BLOCK, LARGEST_BLOCK};
pub use cells::Cells;
pub(crate) use marks::Marks;
pub use records::Records;
