//! The variables of the functions, held against what the executables read.

use crate::{Spoilt, document::Template};
use regex::Regex;
use rules::{CodeSettings, MailSettings};
use serde_json::{Value, json};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

/// Read by nobody: raising it makes CloudFormation look into the secret again.
const REVISION: &str = "CODE_KEY_REVISION";

/// What may stand in a parameter of text, and much of it should not.
const TEXTS: [&str; 21] = [
    "",
    "noreply@example.com",
    "no-reply+1@mail.example.co.uk",
    "a@b@example.com",
    "a@b,c@d",
    "App <a@example.com>",
    ".a@example.com",
    "a..b@example.com",
    "a@-example.com",
    "a@example-.com",
    "a@example..com",
    "a\n@example.com",
    "Zürich & Söhne",
    "株式会社",
    "a\nb",
    "a\tb",
    "\u{7f}",
    "\u{85}",
    "codes-1_a",
    "a b",
    "a/b",
];

pub fn the_executables_start(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for function in template.functions() {
        let variables = &template.of_function(function, "Environment")["Variables"];
        let values = values(template, variables);
        let Read { asked, settings } = read(function, &values);
        if let Err(error) = &settings {
            complaints.push(format!("{function} does not start: {error}"));
        }
        let set: BTreeSet<_> = values
            .keys()
            .filter(|name| *name != REVISION)
            .cloned()
            .collect();
        for name in set.difference(&asked) {
            complaints.push(format!("{function} does not read {name}"));
        }
        for name in asked.difference(&set) {
            complaints.push(format!("{function} is not told {name}"));
        }
        for (name, value) in variables.as_object().into_iter().flatten() {
            let parameter = value["Ref"].as_str().unwrap_or_default();
            if name == REVISION || template.parameter(parameter).is_null() {
                continue;
            }
            let accepts = |text: &str| {
                let mut values = values.clone();
                values.insert(name.clone(), text.to_owned());
                read(function, &values).settings
            };
            let said = compare(parameter, template.parameter(parameter), accepts);
            complaints.extend(
                said.into_iter()
                    .map(|said| format!("{function}, {name}: {said}")),
            );
        }
        complaints.extend(without_defaults(template, function, &values, variables));
    }
    complaints.extend(the_key_stays_in_its_secret(template));
    complaints.extend(a_code_outlives_no_session(template));
    complaints
}

/// What the executable of a function asked for, and its settings, as `Debug` shows them.
struct Read {
    asked: BTreeSet<String>,
    settings: Result<String, String>,
}

fn read(function: &str, values: &BTreeMap<String, String>) -> Read {
    let asked = RefCell::new(BTreeSet::new());
    let variable = |name: &str| {
        asked.borrow_mut().insert(name.to_owned());
        values.get(name).cloned()
    };
    let codes = || CodeSettings::read(variable).map(|settings| format!("{settings:?}"));
    let mail = || MailSettings::read(variable).map(|settings| format!("{settings:?}"));
    let settings = match function {
        "CreateAuthChallenge" => codes().and_then(|codes| Ok(codes + &mail()?)),
        "VerifyAuthChallengeResponse" => codes(),
        _ => Ok(String::new()),
    };
    let settings = settings.map_err(|error| error.to_string());
    Read {
        asked: asked.into_inner(),
        settings,
    }
}

/// The variables as a deployment with the defaults sets them.
fn values(template: &Template, variables: &Value) -> BTreeMap<String, String> {
    let value = |name: &str, value: &Value| match value["Ref"].as_str() {
        Some("EmailSender") => "noreply@example.com".to_owned(),
        Some("AttemptsTable") => "stack-AttemptsTable-1ABC2DEF3GHI4".to_owned(),
        Some(parameter) => plain(&template.parameter(parameter)["Default"]),
        None if name == "CODE_KEY" => "k".repeat(64),
        None => plain(value),
    };
    let variables = variables.as_object().into_iter().flatten();
    variables
        .map(|(name, found)| (name.clone(), value(name, found)))
        .collect()
}

/// A number or a text, as a variable holds it.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Compares what a parameter takes with what the executable takes.
fn compare(
    name: &str,
    parameter: &Value,
    accepts: impl Fn(&str) -> Result<String, String>,
) -> Vec<String> {
    let mut complaints = Vec::new();
    if let Some(least) = parameter["MinValue"].as_i64() {
        let most = parameter["MaxValue"].as_i64().unwrap_or(i64::MAX);
        for number in (0..=40).chain(290..=310).chain(590..=610) {
            let taken = (least..=most).contains(&number);
            let understood = accepts(&number.to_string()).is_ok();
            // How long a code may hold is limited by the session, too.
            let narrower = name == "CodeTtlSeconds" && !taken;
            if taken != understood && !narrower {
                complaints.push(format!(
                    "{name} takes {number}: {taken}, understood: {understood}"
                ));
            }
        }
    } else if let Some(choices) = parameter["AllowedValues"].as_array() {
        for choice in choices.iter().map(plain) {
            if let Err(error) = accepts(&choice) {
                complaints.push(format!("{name} offers {choice}: {error}"));
            }
        }
    } else {
        let long = [64, 65, 255, 256].map(|length| "ä".repeat(length));
        let pattern = Regex::new(parameter["AllowedPattern"].as_str().unwrap_or("")).unwrap();
        let lengths = |bound: &str, open: i64| parameter[bound].as_i64().unwrap_or(open);
        let (least, most) = (lengths("MinLength", 0), lengths("MaxLength", 4096));
        for text in TEXTS.into_iter().chain(long.iter().map(String::as_str)) {
            let length = i64::try_from(text.chars().count()).unwrap();
            let taken = (least..=most).contains(&length) && pattern.is_match(text);
            if let Err(error) = accepts(text)
                && taken
            {
                complaints.push(format!("{name} takes {text:?}: {error}"));
            }
        }
    }
    complaints
}

/// A parameter's default is what the executable does on its own.
fn without_defaults(
    template: &Template,
    function: &str,
    values: &BTreeMap<String, String>,
    variables: &Value,
) -> Vec<String> {
    let with = read(function, values).settings;
    let variables = variables.as_object().into_iter().flatten();
    let differs = variables.filter(|(name, value)| {
        let parameter = value["Ref"].as_str().map(|name| template.parameter(name));
        let mut values = values.clone();
        values.remove(*name);
        parameter.is_some_and(|parameter| !parameter["Default"].is_null())
            && read(function, &values).settings != with
    });
    differs
        .map(|(name, value)| format!("{function} has another default of {name} than {value}"))
        .collect()
}

fn the_key_stays_in_its_secret(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    let reference = json!({ "Fn::Sub": [
        "{{resolve:secretsmanager:${Secret}:SecretString:keys}}",
        { "Secret": { "Fn::If": [
            "MakeCodeKey", { "Ref": "CodeKey" }, { "Ref": "CodeKeySecretArn" },
        ] } },
    ] });
    for function in ["CreateAuthChallenge", "VerifyAuthChallengeResponse"] {
        let variables = &template.of_function(function, "Environment")["Variables"];
        if variables["CODE_KEY"] != reference {
            complaints.push(format!(
                "{function} has its key from {}",
                variables["CODE_KEY"]
            ));
        }
        if variables[REVISION] != json!({ "Ref": "CodeKeyRevision" }) {
            complaints.push(format!("{function} would not hear of a new key"));
        }
    }
    for (name, secret) in template.of_type("AWS::SecretsManager::Secret") {
        let generated = &secret["GenerateSecretString"];
        if generated["GenerateStringKey"] != "keys"
            || generated["ExcludePunctuation"] != true
            || generated["PasswordLength"] != 64
            || !secret["SecretString"].is_null()
        {
            complaints.push(format!(
                "{name} is not 64 random letters and digits in `keys`"
            ));
        }
    }
    complaints
}

fn a_code_outlives_no_session(template: &Template) -> Vec<String> {
    let longest = &template.parameter("CodeTtlSeconds")["MaxValue"];
    let clients = template.of_type("AWS::Cognito::UserPoolClient").into_iter();
    let short = clients.filter(|(_, client)| {
        let session = client["AuthSessionValidity"].as_i64().unwrap_or(0) * 60;
        longest.as_i64().is_none_or(|longest| longest > session)
    });
    short
        .map(|(name, _)| format!("codes hold {longest} seconds, sessions of {name} less"))
        .collect()
}

pub const SPOILT: &[Spoilt] = &[
    Spoilt("MinValue: 6\n", "MinValue: 4\n", "CodeLength takes 4"),
    Spoilt("MaxValue: 10\n", "MaxValue: 12\n", "CodeLength takes 12"),
    Spoilt("MaxValue: 10\n", "MaxValue: 8\n", "CodeLength takes 9"),
    Spoilt("    MaxValue: 10\n", "", "CodeLength takes 11"),
    Spoilt(
        "enough.\n    Default: 6",
        "enough.\n    Default: 8",
        "another default of CODE_LENGTH",
    ),
    Spoilt("MinValue: 30\n", "MinValue: 1\n", "CodeTtlSeconds takes 1"),
    Spoilt(
        "MinValue: 30\n    MaxValue: 300",
        "MinValue: 30\n    MaxValue: 600",
        "codes hold 600 seconds",
    ),
    Spoilt(
        "          CODE_LENGTH: !Ref CodeLength\n",
        "",
        "is not told CODE_LENGTH",
    ),
    Spoilt(
        "          EMAIL_SENDER: !Ref EmailSender\n",
        "",
        "does not start: EMAIL_SENDER",
    ),
    Spoilt(
        "          ATTEMPTS_TABLE: !Ref AttemptsTable\n",
        "",
        "is not told ATTEMPTS_TABLE",
    ),
    Spoilt(
        "          ATTEMPTS_TABLE: !Ref AttemptsTable\n",
        "          ATTEMPTS_TABLE: !Ref AttemptsTable\n          CODE_LIFE: 180\n",
        "does not read CODE_LIFE",
    ),
    Spoilt(
        "LoggingConfig: { LogGroup: !Ref DefineLogs }\n",
        "LoggingConfig: { LogGroup: !Ref DefineLogs }\n      Environment: { Variables: { CODE_KEY: a } }\n",
        "DefineAuthChallenge does not read CODE_KEY",
    ),
    Spoilt(
        "AllowedPattern: ^[^\\x00-\\x1F\\x7F-\\x9F]+$",
        "AllowedPattern: ^.*$",
        "AppName takes",
    ),
    Spoilt(
        "    MinLength: 1\n    MaxLength: 64\n",
        "    MinLength: 1\n    MaxLength: 100\n",
        "AppName takes",
    ),
    Spoilt(
        "            - \"{{resolve:secretsmanager:${Secret}:SecretString:keys}}\"\n",
        "            - \"{{resolve:ssm:${Secret}}}\"\n",
        "has its key from",
    ),
    Spoilt(
        "          CODE_KEY_REVISION: !Ref CodeKeyRevision\n",
        "",
        "would not hear of a new key",
    ),
    Spoilt(
        "PasswordLength: 64",
        "PasswordLength: 16",
        "64 random letters and digits",
    ),
    Spoilt(
        "GenerateStringKey: keys",
        "GenerateStringKey: key",
        "64 random letters and digits",
    ),
];
