//! Mail through Amazon SES.

use std::time::Duration;

use aws::{Connection, MissingOrMalformed, Opening};
use aws_sdk_sesv2::{
    Client, Config,
    config::{BehaviorVersion, retry::RetryConfig},
    error::{BuildError, ProvideErrorMetadata, SdkError},
    operation::send_email::{SendEmailError, builders::SendEmailFluentBuilder},
    types::{Body, Content, Destination, EmailContent, Message},
};
use rules::{Failure, Mail, MailSettings};
use tokio::time::{sleep, timeout};

/// For a mail, with all attempts: Cognito waits five seconds for the whole function and then
/// calls again. No timeout is set for a single attempt, because SES may have taken a mail that
/// it did not confirm in time: a silent SES is not asked twice.
const SENDING: Duration = Duration::from_millis(3_500);
/// Before the second attempt, at least; up to twice as long, at random. Quotas are by the
/// second.
const PAUSE: Duration = Duration::from_millis(200);

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
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(connection.region.clone())
            .credentials_provider(connection.credentials.clone())
            .http_client(connection.http_client.clone())
            // The SDK would also repeat what is not worth it, or may mail twice.
            .retry_config(RetryConfig::disabled());
        let config = match Connection::endpoint(variable, "AWS_ENDPOINT_URL_SESV2")? {
            Some(url) => config.endpoint_url(url),
            None => config,
        };
        Ok(Self {
            client: Client::from_conf(config.build()),
        })
    }

    /// Opens a connection. One that cannot be opened now is opened by the first mail.
    pub async fn open(&self) {
        let request = self.client.send_email().customize();
        let _ = request.interceptor(Opening).send().await;
    }

    /// Sends a mail, and returns once SES has said that it took it.
    pub async fn send(&self, mail: &Mail, settings: &MailSettings) -> Result<(), Failure> {
        let request = self.request(mail, settings);
        let request = request.map_err(|_| not_sent("malformed_mail"))?;
        let sending = async {
            match attempt(request.clone()).await {
                // A connection that is lost has mostly been closed while Lambda slept.
                Err("throttled" | "no_connection") => {
                    sleep(pause()).await;
                    attempt(request).await
                }
                outcome => outcome,
            }
        };
        let sent = timeout(SENDING, sending).await;
        sent.unwrap_or(Err("timeout")).map_err(not_sent)
    }

    fn request(
        &self,
        mail: &Mail,
        settings: &MailSettings,
    ) -> Result<SendEmailFluentBuilder, BuildError> {
        let to = Destination::builder().to_addresses(mail.to.as_str());
        let reply_to = settings.reply_to.iter();
        let reply_to: Vec<_> = reply_to
            .map(|address| address.as_str().to_owned())
            .collect();
        Ok(self
            .client
            .send_email()
            .from_email_address(settings.sender.as_str())
            .set_reply_to_addresses((!reply_to.is_empty()).then_some(reply_to))
            .set_configuration_set_name(settings.configuration_set.clone())
            .destination(to.build())
            .content(content(mail)?))
    }
}

/// The error is a word for the log.
async fn attempt(request: SendEmailFluentBuilder) -> Result<(), &'static str> {
    let sent = request.send().await.map_err(|error| reason(&error))?;
    sent.message_id().map(|_| ()).ok_or("no_message_id")
}

/// All that wait for SES would come back together without it.
fn pause() -> Duration {
    let mut byte = [0];
    // Without randomness, they do.
    let _ = getrandom::fill(&mut byte);
    PAUSE.saturating_add(PAUSE.mul_f32(f32::from(byte[0]) / 255.0))
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
            Some("TooManyRequestsException" | "ThrottlingException") => throttled(refusal.err()),
            Some("AccessDeniedException") => "access_denied",
            Some(_) => "refused",
            None => "malformed_reply",
        },
        _ => "unknown",
    }
}

/// SES has one error for the quota of a second and for that of a day, which no pause mends.
fn throttled(error: &SendEmailError) -> &'static str {
    match error.message() {
        Some(text) if text.starts_with("Daily message quota exceeded") => "out_of_quota",
        _ => "throttled",
    }
}
