//! The sfcompat program.
fn main() {}
