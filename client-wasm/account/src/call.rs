//! One call of the pool, as a class that JavaScript drives.

use crate::{
    border::{self, record},
    field,
    operation::{self, Operation},
    refusal::Refusal,
    value::Value,
};
use protocol::Pool;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// A call: its request, and what its reply means.
#[wasm_bindgen]
pub struct Call {
    operation: &'static Operation,
    body: Zeroizing<String>,
}

#[wasm_bindgen]
impl Call {
    /// Reads the input of a method.
    ///
    /// # Errors
    /// `invalid_argument` with the path of what does not fit.
    #[wasm_bindgen(constructor)]
    pub fn new(
        user_pool_id: &str,
        client_id: &str,
        method: &str,
        input: &JsValue,
    ) -> Result<Self, JsValue> {
        Pool::new(user_pool_id, client_id).map_err(|error| misuse(&error.to_string()))?;
        let operation = operation::of(method).ok_or_else(|| misuse("method: there is no such"))?;
        let mut member = |name: &str| border::member(input, name);
        let mut request = field::request(operation.fields, &mut member)
            .map_err(|mismatch| misuse(&mismatch.to_string()))?;
        if operation.names_client {
            request.insert("ClientId".to_owned(), Value::text(client_id));
        }
        Ok(Self {
            operation,
            body: Zeroizing::new(border::json(&Value::Map(request))),
        })
    }

    /// The request: its `target` and its `body`.
    pub fn request(&self) -> JsValue {
        record(&[
            ("target", self.operation.target.into()),
            ("body", self.body.as_str().into()),
        ])
    }

    /// Takes the reply: its status, its header `x-amzn-ErrorType`, what `JSON.parse` made of its body,
    /// and how often the request was sent until it came. Returns `{ value }`, or `{}` for what has none.
    ///
    /// # Errors
    /// Why the pool refused, or `bad_reply`.
    pub fn receive(
        &self,
        status: u16,
        error_type: Option<String>,
        body: &JsValue,
        attempts: u8,
    ) -> Result<JsValue, JsValue> {
        let value = match Refusal::of(status, error_type, body) {
            None => (self.operation.value)(body).map_err(|why| {
                error(
                    "bad_reply",
                    &format!("the pool's reply is malformed: {why}"),
                )
            })?,
            // The reply to an earlier attempt was lost, not the attempt.
            Some(refusal) if attempts > 1 && refusal.already_done(self.operation) => {
                JsValue::UNDEFINED
            }
            Some(refusal) => return Err(refusal.into_js()),
        };
        Ok(record(&[("value", value)]))
    }
}

fn misuse(message: &str) -> JsValue {
    error("invalid_argument", message)
}

fn error(code: &str, message: &str) -> JsValue {
    record(&[("code", code.into()), ("message", message.into())])
}
