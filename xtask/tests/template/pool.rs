//! The user pool and its app client.

use crate::{
    Spoilt,
    document::{Template, possible},
};
use serde_json::{Value, json};

/// The only flows in which the triggers have their say. Refreshing continues a sign-in that had
/// its code.
const FLOWS: [&str; 2] = ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];

pub fn no_way_round_the_code(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    let clients = template.of_type("AWS::Cognito::UserPoolClient");
    if clients.is_empty() {
        complaints.push("there is no app client".into());
    }
    for (name, client) in clients {
        let flows = possible(&client["ExplicitAuthFlows"]);
        let others = flows
            .iter()
            .filter(|flow| !flow.is_null() && !FLOWS.iter().any(|known| **flow == known));
        complaints.extend(others.map(|flow| format!("{name} allows {flow}")));
        if !flows.contains(&&json!("ALLOW_CUSTOM_AUTH")) {
            complaints.push(format!("{name} does not allow ALLOW_CUSTOM_AUTH"));
        }
        let rotates = !client["RefreshTokenRotation"].is_null();
        if rotates && client["RefreshTokenRotation"]["Fn::If"][0] != *flows_condition(client) {
            complaints.push(format!(
                "{name} rotates and allows refreshing without rotation"
            ));
        }
        // Managed login calls no trigger of ours.
        for property in ["AllowedOAuthFlows", "AllowedOAuthFlowsUserPoolClient"] {
            if !client[property].is_null() {
                complaints.push(format!("{name} has {property}"));
            }
        }
    }
    let domains = template.of_type("AWS::Cognito::UserPoolDomain");
    complaints.extend(
        domains
            .iter()
            .map(|(name, _)| format!("{name} is a managed login")),
    );
    for (name, pool) in template.of_type("AWS::Cognito::UserPool") {
        for trigger in template.functions() {
            if pool["LambdaConfig"][trigger] != json!({ "Fn::GetAtt": [trigger, "Arn"] }) {
                complaints.push(format!("{name} does not call {trigger}"));
            }
        }
    }
    complaints
}

/// The condition under which there is no ALLOW_REFRESH_TOKEN_AUTH.
fn flows_condition(client: &Value) -> &Value {
    let choices = client["ExplicitAuthFlows"].as_array().unwrap();
    let choice = choices.iter().map(|flow| &flow["Fn::If"]).find(|choice| {
        choice[1] == json!({ "Ref": "AWS::NoValue" }) && choice[2] == "ALLOW_REFRESH_TOKEN_AUTH"
    });
    choice.map_or(&Value::Null, |choice| &choice[0])
}

pub fn strangers_and_mailboxes_get_nowhere(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, client) in template.of_type("AWS::Cognito::UserPoolClient") {
        if client["PreventUserExistenceErrors"] != "ENABLED" {
            complaints.push(format!("{name} tells who has an account"));
        }
        // Without the property, everything can be written.
        let writable = possible(&client["WriteAttributes"]);
        let known = ["name", "locale"];
        if !writable
            .iter()
            .all(|attribute| known.iter().any(|known| **attribute == *known))
        {
            complaints.push(format!("users write {writable:?} through {name}"));
        }
    }
    for (name, pool) in template.of_type("AWS::Cognito::UserPool") {
        let recovery = &pool["AccountRecoverySetting"]["RecoveryMechanisms"];
        if *recovery != json!([{ "Name": "admin_only", "Priority": 1 }]) {
            complaints.push(format!("{name} recovers by {recovery}"));
        }
        if pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] != true {
            complaints.push(format!("strangers sign up at {name}"));
        }
        let update = &pool["UserAttributeUpdateSettings"];
        if update["AttributesRequireVerificationBeforeUpdate"] != json!(["email"]) {
            complaints.push(format!("{name} takes an address that nobody has verified"));
        }
        if pool["UsernameConfiguration"]["CaseSensitive"] != false {
            complaints.push(format!("{name} tells users apart by capitals"));
        }
        let length = &pool["Policies"]["PasswordPolicy"]["MinimumLength"];
        if length.as_i64().is_none_or(|length| length < 12) {
            complaints.push(format!("{name} has passwords of {length} characters"));
        }
        let kept = json!({ "Fn::If": ["KeepPool", "Retain", "Delete"] });
        for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
            if template.resource(name)[policy] != kept {
                complaints.push(format!(
                    "{name} has the {policy} {}",
                    template.resource(name)[policy]
                ));
            }
        }
    }
    if template.parameter("KeepUserPool")["Default"] != "true" {
        complaints.push("users go with the stack".into());
    }
    complaints
}

pub fn tokens_are_short_lived(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, client) in template.of_type("AWS::Cognito::UserPoolClient") {
        let session = &client["AuthSessionValidity"];
        if !session
            .as_i64()
            .is_some_and(|minutes| (3..=5).contains(&minutes))
        {
            complaints.push(format!("a session of {name} holds {session} minutes"));
        }
        if client["EnableTokenRevocation"] != true {
            complaints.push(format!("tokens of {name} cannot be revoked"));
        }
        for (token, unit, most) in [
            ("AccessToken", "minutes", 60),
            ("IdToken", "minutes", 60),
            ("RefreshToken", "hours", 24),
        ] {
            let validity = &client[format!("{token}Validity")];
            let in_unit = client["TokenValidityUnits"][token] == unit;
            if !in_unit || validity.as_i64().is_none_or(|validity| validity > most) {
                complaints.push(format!(
                    "the {token} of {name} holds {validity} of something"
                ));
            }
        }
    }
    complaints
}

pub const SPOILT: &[Spoilt] = &[
    Spoilt(
        "- ALLOW_CUSTOM_AUTH\n",
        "- ALLOW_CUSTOM_AUTH\n        - ALLOW_USER_SRP_AUTH\n",
        "allows \"ALLOW_USER_SRP_AUTH\"",
    ),
    Spoilt(
        "- ALLOW_CUSTOM_AUTH\n",
        "- ALLOW_USER_PASSWORD_AUTH\n",
        "allows \"ALLOW_USER_PASSWORD_AUTH\"",
    ),
    Spoilt(
        "- ALLOW_CUSTOM_AUTH\n",
        "- ALLOW_USER_AUTH\n",
        "does not allow ALLOW_CUSTOM_AUTH",
    ),
    Spoilt(
        "AWS::NoValue, ALLOW_REFRESH_TOKEN_AUTH]",
        "AWS::NoValue, ALLOW_ADMIN_USER_PASSWORD_AUTH]",
        "allows \"ALLOW_ADMIN_USER_PASSWORD_AUTH\"",
    ),
    Spoilt(
        "- !If [RotateTokens, !Ref AWS::NoValue, ALLOW_REFRESH_TOKEN_AUTH]",
        "- ALLOW_REFRESH_TOKEN_AUTH",
        "allows refreshing without rotation",
    ),
    Spoilt(
        "EnableTokenRevocation: true",
        "EnableTokenRevocation: true\n      AllowedOAuthFlows: [code]",
        "has AllowedOAuthFlows",
    ),
    Spoilt(
        "\n  CodeKey:\n",
        "\n  Login:\n    Type: AWS::Cognito::UserPoolDomain\n\n  CodeKey:\n",
        "Login is a managed login",
    ),
    Spoilt(
        "        VerifyAuthChallengeResponse: !GetAtt VerifyAuthChallengeResponse.Arn\n",
        "",
        "does not call VerifyAuthChallengeResponse",
    ),
    Spoilt(
        "        DefineAuthChallenge: !GetAtt DefineAuthChallenge.Arn",
        "        DefineAuthChallenge: !GetAtt CreateAuthChallenge.Arn",
        "does not call DefineAuthChallenge",
    ),
    Spoilt(
        "PreventUserExistenceErrors: ENABLED",
        "PreventUserExistenceErrors: LEGACY",
        "tells who has an account",
    ),
    Spoilt(
        "      PreventUserExistenceErrors: ENABLED\n",
        "",
        "tells who has an account",
    ),
    Spoilt(
        "WriteAttributes: [name, locale]",
        "WriteAttributes: [name, email]",
        "users write",
    ),
    Spoilt("      WriteAttributes: [name, locale]\n", "", "users write"),
    Spoilt(
        "{ Name: admin_only, Priority: 1 }",
        "{ Name: verified_email, Priority: 1 }",
        "recovers by",
    ),
    Spoilt(
        "{ Name: admin_only, Priority: 1 }",
        "{ Name: admin_only, Priority: 1 }, { Name: verified_email, Priority: 2 }",
        "recovers by",
    ),
    Spoilt(
        "AllowAdminCreateUserOnly: true",
        "AllowAdminCreateUserOnly: false",
        "strangers sign up",
    ),
    Spoilt(
        "AttributesRequireVerificationBeforeUpdate: [email]",
        "AttributesRequireVerificationBeforeUpdate: []",
        "that nobody has verified",
    ),
    Spoilt("CaseSensitive: false", "CaseSensitive: true", "by capitals"),
    Spoilt(
        "MinimumLength: 12",
        "MinimumLength: 8",
        "passwords of 8 characters",
    ),
    Spoilt(
        "DeletionPolicy: !If [KeepPool, Retain, Delete]",
        "DeletionPolicy: Delete",
        "has the DeletionPolicy",
    ),
    Spoilt(
        "UpdateReplacePolicy: !If [KeepPool, Retain, Delete]",
        "UpdateReplacePolicy: Delete",
        "has the UpdateReplacePolicy",
    ),
    Spoilt(
        "outlive the stack\n    Default: \"true\"",
        "outlive the stack\n    Default: \"false\"",
        "users go with the stack",
    ),
    Spoilt(
        "AuthSessionValidity: 5",
        "AuthSessionValidity: 2",
        "holds 2 minutes",
    ),
    Spoilt(
        "AuthSessionValidity: 5",
        "AuthSessionValidity: 15",
        "holds 15 minutes",
    ),
    Spoilt("      AuthSessionValidity: 5\n", "", "holds null minutes"),
    Spoilt(
        "EnableTokenRevocation: true",
        "EnableTokenRevocation: false",
        "cannot be revoked",
    ),
    Spoilt(
        "AccessTokenValidity: 15",
        "AccessTokenValidity: 90",
        "the AccessToken of",
    ),
    Spoilt(
        "RefreshTokenValidity: 12",
        "RefreshTokenValidity: 30",
        "the RefreshToken of",
    ),
    Spoilt(
        "RefreshToken: hours",
        "RefreshToken: days",
        "the RefreshToken of",
    ),
];
