//! All reading from an org goes through here: one client, few requests at once, an eye on the org's quota.
//!
//! Only what reads is sent: GETs, composites of GETs, bulk query jobs. No write is ever built, not even to find out what
//! Salesforce would say about it. What a server answers is material to judge: links are followed as paths only, sizes
//! are limited, and nothing of a page that is not JSON is ever shown.

mod aside;
mod batch;
mod bulk;
mod client;
mod describe;
mod error;
mod identity;
mod limits;
mod link;
mod page;
mod ranges;
mod refusal;
mod request;
mod soql;
mod version;

pub(crate) use aside::aside;
pub use batch::Org;
pub use bulk::{BULK_PAGE, Bulk, Job};
pub use client::Client;
pub use describe::{Describe, Described, Field};
pub use error::{Error, Fault};
pub use identity::Identity;
pub use limits::{Calls, Usage};
pub use page::{Page, count_of};
pub use ranges::{Ask, Ranges, Trouble};
pub use request::{Accept, Answer, Request};
pub use soql::{LONGEST, Query, chunks, encoded};
pub use version::{FLOOR, TESTED, Version};
