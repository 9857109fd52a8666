//! What Create and Verify use of AWS: the connection, and the table of attempts in DynamoDB.

#![forbid(unsafe_code)]

mod connection;
mod roots;
mod table;

pub use connection::{Connection, MissingOrMalformed};
pub use table::Table;
