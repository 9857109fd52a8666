//! Mail through Amazon SES.

use std::time::Duration;

use aws::{Connection, MissingOrMalformed};
use aws_sdk_sesv2::{
    Client, Config,
    config::{BehaviorVersion, retry::RetryConfig, timeout::TimeoutConfig},
    error::{BuildError, ProvideErrorMetadata, SdkError},
    operation::send_email::SendEmailError,
    types::{Body, Content, Destination, EmailContent, Message},
};
use rules::{Failure, Mail, MailSettings};

/// Cognito waits five seconds for the whole function and then calls again. No timeout is set
/// for a single attempt: SES may have taken a mail that it did not confirm in time, so a
/// silent SES is not asked twice.
const OPERATION_TIMEOUT: Duration = Duration::from_millis(3_500);

/// A connection to SES.
pub struct Mailer {
    client: Client,
}

impl Mailer {
    /// `AWS_ENDPOINT_URL_SESV2` or `AWS_ENDPOINT_URL` lead to another SES.
    pub fn new(
        connection: &Connection,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, MissingOrMalformed> {
        let timeouts = TimeoutConfig::builder()
            .operation_timeout(OPERATION_TIMEOUT)
            .build();
        let retries = RetryConfig::standard()
            .with_max_attempts(2)
            .with_initial_backoff(Duration::from_millis(400));
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(connection.region.clone())
            .credentials_provider(connection.credentials.clone())
            .http_client(connection.http_client.clone())
            .timeout_config(timeouts)
            .retry_config(retries);
        let config = match Connection::endpoint(variable, "AWS_ENDPOINT_URL_SESV2")? {
            Some(url) => config.endpoint_url(url),
            None => config,
        };
        Ok(Self {
            client: Client::from_conf(config.build()),
        })
    }

    /// Sends a mail, and returns once SES has said that it took it.
    pub async fn send(&self, mail: &Mail, settings: &MailSettings) -> Result<(), Failure> {
        let content = content(mail).map_err(|_| not_sent("malformed_mail"))?;
        let to = Destination::builder().to_addresses(mail.to.as_str());
        let sent = self
            .client
            .send_email()
            .from_email_address(settings.sender.as_str())
            .set_reply_to_addresses(
                settings
                    .reply_to
                    .as_ref()
                    .map(|address| vec![address.as_str().to_owned()]),
            )
            .set_configuration_set_name(settings.configuration_set.clone())
            .destination(to.build())
            .content(content)
            .send()
            .await
            .map_err(|error| not_sent(reason(&error)))?;
        match sent.message_id() {
            Some(_) => Ok(()),
            None => Err(not_sent("no_message_id")),
        }
    }
}

const fn not_sent(reason: &'static str) -> Failure {
    Failure::MailNotSent { reason }
}

fn content(mail: &Mail) -> Result<EmailContent, BuildError> {
    let utf_8 = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    let body = Body::builder()
        .text(utf_8(&mail.text)?)
        .html(utf_8(&mail.html)?);
    let message = Message::builder()
        .subject(utf_8(&mail.subject)?)
        .body(body.build());
    Ok(EmailContent::builder().simple(message.build()).build())
}

/// Why SES did not take the mail, as a word for the log. What SES itself writes names the
/// recipient, so none of it is passed on.
fn reason<R>(error: &SdkError<SendEmailError, R>) -> &'static str {
    match error {
        SdkError::ConstructionFailure(_) => "malformed_request",
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(_) => "no_connection",
        SdkError::ResponseError(_) => "malformed_reply",
        SdkError::ServiceError(refusal) => match refusal.err().code() {
            Some("AccountSuspendedException") => "account_suspended",
            Some("BadRequestException") => "bad_request",
            Some("LimitExceededException") => "limit_exceeded",
            Some("MailFromDomainNotVerifiedException") => "mail_from_domain_not_verified",
            Some("MessageRejected") => "message_rejected",
            Some("NotFoundException") => "not_found",
            Some("SendingPausedException") => "sending_paused",
            Some("TooManyRequestsException" | "ThrottlingException") => "throttled",
            Some("AccessDeniedException") => "access_denied",
            _ => "refused",
        },
        _ => "unknown",
    }
}
