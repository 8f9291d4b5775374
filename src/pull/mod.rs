//! A live org becomes a snapshot folder: one CSV file per object, describes, and a manifest that says how.
//!
//! All or nothing: files are written to a folder of their own beside the target, which takes its place in one step at
//! the end. Whatever fails before leaves the target as it was. Records go from the answers to files page by page; no
//! table is ever held as a whole.

mod bulk;
mod count;
mod entry;
mod error;
mod kept;
mod merge;
mod object;
mod part;
mod plan;
mod read;
mod refresh;
mod related;
mod run;
mod settings;
mod store;
mod wanted;
mod write;

pub use error::Error;
pub use related::ids_in;
pub use run::{Event, Options, Outcome, Since, Sizes, UserFields, pull};
pub(crate) use store::Staging;
pub use wanted::names;
