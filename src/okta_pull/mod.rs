//! An Okta org becomes a folder of JSON: its Salesforce app, who has it and through which groups, what is mapped, and
//! the schemas. Each list is what the API answered, put together from its pages; `check`, `preflight` and `import-check`
//! read the files as they are.
//!
//! Only GET is sent, apart from the request for a token. A token goes to the host it was made for and to no other: links
//! of the server are followed on that host only. All or nothing, as for a pull of Salesforce: a pull that fails leaves
//! the folder as it was.

mod account;
mod client;
mod error;
mod limit;
mod link;
mod manifest;
mod parts;
mod proof;
mod refusal;
mod run;
mod service;
mod wire;
mod write;

pub use account::{Account, Asked, account};
pub use error::Error;
pub use manifest::{Manifest, Written};
pub use parts::Part;
pub use run::{Event, Options, pull};
