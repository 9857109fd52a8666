//! Mail by the first version of SES, a form in and XML out. What boto3 makes of it is tested with
//! the triggers that use it.

use crate::support::{Reply, Server};

const FORM: (&str, &str) = (
    "Content-Type",
    "application/x-www-form-urlencoded; charset=utf-8",
);
const MAIL: &str = "Action=SendEmail&Version=2010-12-01&Source=no-reply%40example.com\
                    &Destination.ToAddresses.member.1=user%40example.com\
                    &Message.Subject.Data=Authentication+Code\
                    &Message.Body.Text.Data=Your+code%3A+012345";

fn send(server: &Server, form: &str) -> Reply {
    server.request("POST", "/", &[FORM], form)
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("{text}"));
    rest.split_once(end).unwrap_or_else(|| panic!("{text}")).0
}

#[test]
fn a_mail_is_in_the_inbox() {
    let server = Server::start(&[]);
    let reply = send(&server, MAIL);
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("content-type"), Some("text/xml"));
    let request = between(&reply.body, "<RequestId>", "</RequestId>");
    assert_eq!(reply.header("x-amzn-requestid"), Some(request));
    let mails = server.get("/inbox/messages?to=user@example.com").json();
    let mail = &mails[0];
    assert_eq!(
        mail["id"],
        between(
            &reply.body,
            "<SendEmailResult><MessageId>",
            "</MessageId></SendEmailResult>"
        )
    );
    for (field, value) in [
        ("from", "no-reply@example.com"),
        ("subject", "Authentication Code"),
        ("text", "Your code: 012345"),
        ("html", ""),
    ] {
        assert_eq!(mail[field], value, "{field}");
    }
}

#[test]
fn errors_are_xml_and_nothing_is_mailed() {
    let server = Server::start(&["--faults"]);
    let json = [("Content-Type", "application/json")];
    let cases = [
        (
            MAIL.replace("SendEmail", "SendRawEmail"),
            "InvalidAction",
            "",
        ),
        (
            MAIL.replace("Source", "From"),
            "ValidationError",
            "Value null at 'source'.",
        ),
        (
            MAIL.replace("%40", ""),
            "InvalidParameterValue",
            "must be addresses",
        ),
        (MAIL.to_owned(), "MessageRejected", "not verified"),
    ];
    for (form, code, message) in cases {
        if code == "MessageRejected" {
            let switched = server.request("POST", "/faults", &json, r#"{"ses":"reject"}"#);
            assert_eq!(switched.status, 200);
        }
        let reply = send(&server, &form);
        assert_eq!(reply.status, 400, "{code}");
        let error = between(&reply.body, "<Error>", "</Error>");
        assert_eq!(between(error, "<Type>", "</Type>"), "Sender");
        assert_eq!(between(error, "<Code>", "</Code>"), code);
        assert!(
            between(error, "<Message>", "</Message>").contains(message),
            "{error}"
        );
    }
    assert_eq!(server.get("/inbox/messages").body, "[]");
}

#[test]
fn a_form_on_a_page_of_another_origin_mails_nothing() {
    let server = Server::start(&[]);
    let foreign = ("Origin", "https://app.example");
    let reply = server.request("POST", "/", &[FORM, foreign], MAIL);
    assert_eq!(reply.status, 403);
    assert_eq!(server.get("/inbox/messages").body, "[]");
}
