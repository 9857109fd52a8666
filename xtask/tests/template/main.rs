//! What the template promises, read from the template: no way round the code, no right that is
//! not needed, and names and limits that are those of the executables.
//!
//! Each rule is a function that complains. The template gives no reason to, and copies of it
//! that are spoilt in one place each give one.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "a test ends with a panic"
)]

mod alarms;
mod document;
mod functions;
mod page;
mod pool;
mod rights;
mod settings;

use document::Template;
use std::{fs, path::PathBuf};

const RULES: [fn(&Template) -> Vec<String>; 11] = [
    pool::no_way_round_the_code,
    pool::strangers_and_mailboxes_get_nowhere,
    pool::tokens_are_short_lived,
    rights::no_right_is_too_wide,
    rights::each_function_has_its_own_rights,
    functions::each_is_an_executable_of_ours,
    functions::each_is_bounded_and_logged,
    settings::the_executables_start,
    alarms::each_watches_what_is_measured,
    page::the_page_is_served_as_locally,
    page::the_page_is_served_by_cloudfront_alone,
];

/// A text in the template, what is put there instead, and what is complained of then.
#[derive(Clone, Copy)]
struct Spoilt(&'static str, &'static str, &'static str);

const SPOILT: [&[Spoilt]; 6] = [
    pool::SPOILT,
    rights::SPOILT,
    functions::SPOILT,
    settings::SPOILT,
    alarms::SPOILT,
    page::SPOILT,
];

fn complaints(text: &str) -> Vec<String> {
    let template = Template::parse(text);
    RULES.iter().flat_map(|rule| rule(&template)).collect()
}

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn template() -> String {
    fs::read_to_string(root().join("template.yaml")).unwrap()
}

#[test]
fn the_template_gives_no_reason_to_complain() {
    assert_eq!(complaints(&template()), Vec::<String>::new());
}

#[test]
fn each_spoilt_copy_gives_reason_to_complain() {
    let template = template();
    for Spoilt(found, put, complaint) in SPOILT.concat() {
        assert!(
            template.contains(found),
            "the template has no {found:?} any more"
        );
        let complaints = complaints(&template.replacen(found, put, 1));
        let heard = complaints.iter().any(|said| said.contains(complaint));
        assert!(heard, "{put:?} for {found:?}: {complaints:#?}");
    }
}
