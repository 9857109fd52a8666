//! Version 1, a form in and XML out: `SendEmail`. Python's `boto3.client("ses")` speaks it.
//! Source: the Amazon SES API reference, version 2010-12-01.

use std::collections::HashMap;

use axum::{
    http::{HeaderMap, HeaderName, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use super::{Message, Refusal, deliver};
use crate::{entropy, service::Service};

const NAMESPACE: &str = "http://ses.amazonaws.com/doc/2010-12-01/";

/// The fields of a form. The last one of a name counts.
struct Form(HashMap<String, String>);

/// An error in SES's words.
struct Fault {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

/// Whether a request is of this version: all others speak JSON.
pub fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE);
    kind.and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

/// One call, from its body.
pub async fn call(service: &Service, body: &[u8]) -> Response {
    let outcome = match Form::parse(body).message() {
        Ok(message) => deliver(service, message).await.map_err(Fault::from),
        Err(fault) => Err(fault),
    };
    let request = entropy::uuid().map(|id| id.to_string()).unwrap_or_default();
    let (status, xml) = match outcome {
        Ok(id) => (StatusCode::OK, taken(&id, &request)),
        Err(fault) => (fault.status, fault.xml(&request)),
    };
    let headers = [
        (CONTENT_TYPE, "text/xml"),
        (HeaderName::from_static("x-amzn-requestid"), &request),
    ];
    (status, headers, xml).into_response()
}

fn taken(id: &str, request: &str) -> String {
    format!(
        "<SendEmailResponse xmlns=\"{NAMESPACE}\"><SendEmailResult><MessageId>{id}</MessageId>\
         </SendEmailResult><ResponseMetadata><RequestId>{request}</RequestId></ResponseMetadata>\
         </SendEmailResponse>\n"
    )
}

impl Form {
    fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    fn message(mut self) -> Result<Message, Fault> {
        if self.take("Action").as_deref() != Some("SendEmail") {
            return Err(Fault::sender(
                "InvalidAction",
                "Only SendEmail of version 2010-12-01 is answered here.",
            ));
        }
        let missing = |message| move || Fault::sender("ValidationError", message);
        let from = self.take("Source");
        let subject = self.take("Message.Subject.Data");
        let text = self.take("Message.Body.Text.Data");
        let html = self.take("Message.Body.Html.Data");
        if text.is_none() && html.is_none() {
            return Err(missing(
                "Value null at 'message.body': expected Text or Html.",
            )());
        }
        Ok(Message {
            from: from.ok_or_else(missing("Value null at 'source'."))?,
            to: self.list("Destination.ToAddresses"),
            subject: subject.ok_or_else(missing("Value null at 'message.subject'."))?,
            text: text.unwrap_or_default(),
            html: html.unwrap_or_default(),
        })
    }

    fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// `NAME.member.1`, `NAME.member.2` and so on, up to the first that is not there.
    fn list(&mut self, name: &str) -> Vec<String> {
        (1..)
            .map_while(|number: u32| self.take(&format!("{name}.member.{number}")))
            .collect()
    }
}

impl Fault {
    const fn sender(code: &'static str, message: &'static str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code,
            message,
        }
    }

    fn xml(&self, request: &str) -> String {
        let Self { code, message, .. } = self;
        let at_fault = if self.status.is_client_error() {
            "Sender"
        } else {
            "Receiver"
        };
        format!(
            "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{at_fault}</Type><Code>{code}</Code>\
             <Message>{message}</Message></Error><RequestId>{request}</RequestId></ErrorResponse>\n"
        )
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(why) => Self::sender("InvalidParameterValue", why),
            Refusal::Rejected(why) => Self::sender("MessageRejected", why),
            Refusal::OutOfOrder => Self {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                code: "InternalFailure",
                message: "The operating system gave no random bytes.",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "Action=SendEmail&Version=2010-12-01&Source=a%40example.com\
                        &Destination.ToAddresses.member.1=b%40example.com\
                        &Destination.ToAddresses.member.2=c%2Bd%40example.com\
                        &Message.Subject.Data=Your+code&Message.Body.Text.Data=1%262%3D%E2%82%AC";

    fn message(form: &str) -> Result<Message, &'static str> {
        Form::parse(form.as_bytes())
            .message()
            .map_err(|fault| fault.code)
    }

    #[test]
    fn a_form_is_a_message() {
        let message = message(GOOD).ok().unwrap();
        assert_eq!(message.from, "a@example.com");
        assert_eq!(message.to, ["b@example.com", "c+d@example.com"]);
        assert_eq!(message.subject, "Your code");
        assert_eq!(message.text, "1&2=\u{20ac}");
        assert_eq!(message.html, "");
    }

    #[test]
    fn what_is_missing_has_its_error() {
        for (part, code) in [
            ("Action=SendEmail&", "InvalidAction"),
            ("&Source=a%40example.com", "ValidationError"),
            ("&Message.Subject.Data=Your+code", "ValidationError"),
            (
                "&Message.Body.Text.Data=1%262%3D%E2%82%AC",
                "ValidationError",
            ),
        ] {
            let form = GOOD.replace(part, "");
            assert_ne!(form, GOOD);
            assert_eq!(message(&form).err(), Some(code), "{part}");
        }
    }
}
