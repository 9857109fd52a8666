//! Ours beside theirs, and what is asked of ours.

use super::{
    Figures,
    subject::{Implementation, SUBJECTS, Subject, Trigger},
};
use crate::{
    bar::{Bar, Limit},
    statistics::{median, rounded},
};
use serde_json::{Map, Value, json};

/// One figure of a function.
#[derive(Clone, Copy)]
struct Measure {
    /// As it is called in the results.
    name: &'static str,
    /// In words.
    about: &'static str,
    of: fn(&Figures) -> Option<f64>,
}

const INSTRUCTIONS: Measure = Measure {
    name: "instructions",
    about: "instructions to the first answer",
    of: |figures| figures.instructions,
};
const COLD: Measure = Measure {
    name: "coldMs",
    about: "cold start",
    of: |figures| median(figures.cold_ms.clone()),
};
const WARM: Measure = Measure {
    name: "warmCallMs",
    about: "warm call",
    of: |figures| median(figures.warm_ms.clone()),
};
const COLD_AT_SHARE: Measure = Measure {
    name: "coldMsAtShare",
    about: "cold start at the CPU share of 128 MB",
    of: |figures| median(figures.cold_ms_at_share.clone()),
};
const FIRST_AT_SHARE: Measure = Measure {
    name: "firstCallMsAtShare",
    about: "first call at the CPU share of 128 MB",
    of: |figures| median(figures.first_ms_at_share.clone()),
};
const MEMORY: Measure = Measure {
    name: "peakMemoryMb",
    about: "peak memory",
    of: |figures| median(figures.peak_memory_mb.clone()),
};

const COMPARED: [Measure; 6] = [
    INSTRUCTIONS,
    COLD,
    WARM,
    COLD_AT_SHARE,
    FIRST_AT_SHARE,
    MEMORY,
];

/// For each of our functions, how many times the same figure Python's has.
pub fn ratios(all: &[Figures]) -> Value {
    let ours = SUBJECTS
        .into_iter()
        .filter(|subject| subject.implementation != Implementation::Python);
    ours.map(|subject| {
        let mut ratios = Map::new();
        ratios.insert("trigger".to_owned(), json!(subject.trigger.name()));
        ratios.insert(
            "implementation".to_owned(),
            json!(subject.implementation.name()),
        );
        for measure in COMPARED {
            let ratio = ratio(all, subject, measure).map(rounded);
            ratios.insert(measure.name.to_owned(), json!(ratio));
        }
        Value::Object(ratios)
    })
    .collect()
}

/// All that is asked of the triggers.
pub fn bars(all: &[Figures]) -> Vec<Bar> {
    let define = Subject::new(Trigger::Define, Implementation::Rust);
    let create = Subject::new(Trigger::Create, Implementation::Rust);
    let with_table = |trigger| Subject::new(trigger, Implementation::RustWithTable);
    let times = |subject: Subject, measure: Measure, least| Bar {
        what: format!("{subject}: {}, Python's over ours", measure.about),
        measured: ratio(all, subject, measure),
        limit: Limit::AtLeast(least),
    };
    let zip = |subject: Subject, most| Bar {
        what: format!("{}: zip, MB", subject.trigger.name()),
        measured: figures(all, subject).and_then(|figures| figures.zip_mb),
        limit: Limit::AtMost(most),
    };
    vec![
        times(define, INSTRUCTIONS, 150.0),
        times(create, INSTRUCTIONS, 100.0),
        times(with_table(Trigger::Create), INSTRUCTIONS, 100.0),
        times(create, FIRST_AT_SHARE, 25.0),
        times(with_table(Trigger::Create), FIRST_AT_SHARE, 25.0),
        times(define, MEMORY, 4.0),
        times(create, MEMORY, 6.0),
        zip(define, 0.8),
        zip(create, 2.5),
        zip(with_table(Trigger::Verify), 2.5),
    ]
}

fn ratio(all: &[Figures], ours: Subject, measure: Measure) -> Option<f64> {
    let python = Subject::new(ours.trigger, Implementation::Python);
    let figure = |subject| (measure.of)(figures(all, subject)?);
    Some(figure(python)? / figure(ours)?)
}

fn figures(all: &[Figures], of: Subject) -> Option<&Figures> {
    let mut pairs = SUBJECTS.into_iter().zip(all);
    pairs.find_map(|(subject, figures)| (subject == of).then_some(figures))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_how_much_more_python_needs_for_the_same_trigger() {
        let all = SUBJECTS.map(|subject| Figures {
            instructions: Some(match (subject.trigger, subject.implementation) {
                (Trigger::Define, Implementation::Python) => 300.0,
                (Trigger::Define, _) => 2.0,
                (_, Implementation::Python) => 900.0,
                (_, _) => 10.0,
            }),
            ..Figures::default()
        });
        let ratio = |trigger| {
            let ours = Subject::new(trigger, Implementation::Rust);
            super::ratio(&all, ours, INSTRUCTIONS)
        };
        assert_eq!(ratio(Trigger::Define), Some(150.0));
        assert_eq!(ratio(Trigger::Create), Some(90.0));
        let met = |bar: &Bar| bar.to_json()["met"] == true;
        let bars = bars(&all);
        assert!(met(&bars[0]) && !met(&bars[1]));
    }
}
