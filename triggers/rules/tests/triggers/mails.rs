//! The mails: their languages, and what they say in each.

use rules::Mail;
use serde_json::{Value, json};

use crate::cognito::{SUB, SignIn, code_in, settings};

const LANGUAGES: [&str; 6] = ["en", "de", "fr", "es", "ja", "pt"];

/// The mail that a sign-in with these settings begins with, `locale` being in the metadata.
fn mail(changes: &[(&str, &str)], locale: &Value) -> Mail {
    let mut sign_in = SignIn::new();
    (sign_in.codes, sign_in.mail) = settings(changes);
    let created = sign_in.create(&json!({ "locale": locale }));
    created.unwrap().mail.unwrap()
}

/// The language that a mail's HTML part says it is in.
fn language(mail: &Mail) -> &str {
    let (_, rest) = mail.html.split_once("<html lang=\"").unwrap();
    rest.split_once('"').unwrap().0
}

/// What a person reads of an HTML part: its body without tags.
fn body(mail: &Mail) -> Vec<String> {
    let (_, mut rest) = mail.html.split_once("<body").unwrap();
    let mut texts = Vec::new();
    while let Some((_, after)) = rest.split_once('>') {
        let (text, tag) = after.split_once('<').unwrap_or((after, ""));
        let text = text.trim().replace("&lt;", "<").replace("&gt;", ">");
        texts.push(text.replace("&quot;", "\"").replace("&amp;", "&"));
        rest = tag;
    }
    texts.retain(|text| !text.is_empty());
    texts
}

#[test]
fn text_and_html_say_the_same() {
    let app = "A & <b> \"Co\" {code}";
    for tag in LANGUAGES {
        let mail = mail(&[("APP_NAME", app)], &json!(tag));
        let mut said: Vec<_> = mail.text.split("\n\n").map(str::trim).collect();
        said.insert(0, app);
        assert_eq!(body(&mail), said, "{tag}");
        assert!(mail.subject.contains(app), "{tag}");
    }
}

#[test]
fn each_mail_has_its_code_once_and_nothing_to_follow_or_load() {
    for tag in LANGUAGES {
        let mail = mail(&[], &json!(tag));
        let code = code_in(&mail);
        assert_eq!((language(&mail), code.len()), (tag, 6));
        assert_eq!(mail.text.matches(&code).count(), 1, "{tag}");
        assert_eq!(mail.html.matches(&code).count(), 1, "{tag}");
        assert!(mail.html.contains(&format!(">{code}<")), "{tag}");
        assert!(
            !mail.subject.contains(|c: char| c.is_ascii_digit()),
            "{tag}"
        );
        for part in [&mail.text, &mail.html] {
            for no in [
                "http", "href", "src=", "url(", "@import", "<a", "<script", "www.", "{", "://",
            ] {
                let styles = no == "{" && *part == mail.html;
                assert!(styles || !part.contains(no), "{tag}: {no}");
            }
        }
    }
}

/// The words are for people who read them in a hurry. Each says how long the code is valid, and
/// speaks of the password.
#[test]
fn each_mail_says_how_long_the_code_is_valid() {
    for (tag, password, lives) in [
        ("en", "password", ["1 minute.", "3 minutes", "90 seconds"]),
        ("de", "Passwort", ["1 Minute.", "3 Minuten", "90 Sekunden"]),
        (
            "fr",
            "mot de passe",
            ["1 minute.", "3 minutes", "90 secondes"],
        ),
        (
            "es",
            "contraseña",
            ["1 minuto.", "3 minutos", "90 segundos"],
        ),
        ("ja", "パスワード", ["1分間", "3分間", "90秒間"]),
        ("pt", "senha", ["1 minuto.", "3 minutos", "90 segundos"]),
    ] {
        for (ttl, life) in ["60", "180", "90"].into_iter().zip(lives) {
            let mail = mail(&[("CODE_TTL_SECONDS", ttl)], &json!(tag));
            for part in [&mail.text, &mail.html] {
                assert!(
                    part.contains(life) && part.contains(password),
                    "{tag}: {life}"
                );
            }
        }
    }
}

#[test]
fn the_client_the_pool_and_the_setting_name_the_language_in_this_order() {
    let long = "d".repeat(1 << 20);
    for (client, pool, default, expected) in [
        (json!("de"), json!("fr"), "ja", "de"),
        (json!("de-AT"), json!("fr"), "ja", "de"),
        (json!("DE_de"), json!("fr"), "ja", "de"),
        (json!("pt-BR"), Value::Null, "ja", "pt"),
        (json!("ja"), Value::Null, "en", "ja"),
        (json!("tr"), json!("fr-CA"), "ja", "fr"),
        (json!("tr"), json!("tr"), "ja", "ja"),
        (json!(""), json!("es"), "ja", "es"),
        (json!("en\r\nBcc: a@b"), json!("es"), "ja", "es"),
        (json!(long), json!(long), "ja", "ja"),
        (json!({ "de": "de" }), json!(["de"]), "ja", "ja"),
        (json!(null), json!(7), "ja", "ja"),
        (json!(null), json!(null), "", "en"),
    ] {
        let mut sign_in = SignIn::new();
        (sign_in.codes, sign_in.mail) = settings(&[("DEFAULT_LOCALE", default)]);
        sign_in.user_attributes["locale"] = pool;
        let created = sign_in.create(&json!({ "locale": client })).unwrap();
        assert_eq!(language(&created.mail.unwrap()), expected);
    }
}

#[test]
fn a_resend_comes_in_the_language_that_its_own_metadata_names() {
    let mut sign_in = SignIn::new();
    sign_in.begin();
    sign_in.now += 30;
    sign_in.session.last_mut().unwrap()["challengeResult"] = json!(false);
    let metadata = json!({ "action": "resend", "locale": "fr" });
    let created = sign_in.create(&metadata).unwrap();
    assert_eq!(language(&created.mail.unwrap()), "fr");
}

/// But for the language, the same mail goes out whatever the user and the client say.
#[test]
fn nothing_of_the_user_or_the_client_is_in_a_mail() {
    let mut sign_in = SignIn::new();
    for name in [
        "name",
        "given_name",
        "nickname",
        "locale",
        "preferred_username",
        "picture",
    ] {
        sign_in.user_attributes[name] = json!("Canary");
    }
    let metadata = [
        "locale",
        "app",
        "code",
        "subject",
        "life",
        "redirectUri",
        "signInMethod",
    ];
    let metadata = metadata.map(|name| (name.to_owned(), json!("http://canary.example/Canary")));
    let created = sign_in.create(&Value::Object(metadata.into_iter().collect()));
    let mail = created.unwrap().mail.unwrap();
    assert_eq!(mail.to.as_str(), "user@example.com");
    for part in [&mail.subject, &*mail.text, &*mail.html] {
        for no in ["Canary", "canary", "user@", "example.com", SUB] {
            assert!(!part.contains(no), "{no}");
        }
        assert!(part.contains("Example"));
    }
}
