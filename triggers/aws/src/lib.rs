//! What Create and Verify use of AWS: the connection, and the table of attempts in DynamoDB.

#![forbid(unsafe_code)]

mod connection;
mod opening;
mod roots;
mod table;

pub use connection::{Connection, MissingOrMalformed};
pub use opening::{OPENING, Opening};
pub use table::Table;
