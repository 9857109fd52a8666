//! What people read of the triggers' figures.

use crate::report::{bars, listed, shown, table};
use serde_json::Value;

const METHOD: &str = "\
Each function is a process behind a Lambda Runtime API of our own, with SES and DynamoDB behind TLS
on the same machine (RSA certificates by way of an intermediate, as AWS's). The functions in Python
do what those of aws-cognito-email-mfa-example do (`e2e/python/reference_triggers`), under Amazon's
runtime for Python; they know no table. All are started in turn, each round in another order, and
every answer is checked. Each implementation reads the certificate authorities that it reads on
Lambda, and one more: ours the five that it pins, boto3 the bundle that it brings.

- *cold start*: from the start of the process to the first answer; *first call*: from the first
  event to its answer. What Lambda needs to make a sandbox is not in them, nor is a network.
- *at a share*: the process starts at full speed, as on Lambda, and has the CPU of a function with
  128 MB from the first event on. Times are in steps of the period.
- *peak memory*: `VmHWM` after all calls of a round.
- *instructions*: in user space, from the start until the function asks for its second event, by
  callgrind, once. The machine's load does not change them. Where SES or a table is asked, the
  clock is slowed down by libfaketime, which adds some 2 %, or callgrind would be too slow for the
  deadlines.
- *zip*: in Python the function alone, for runtime and SDK are Lambda's.
";

/// What is written of the results.
pub fn section(results: &Value) -> String {
    let share = &results["share"];
    let share = match share.get("notMeasured") {
        Some(reason) => format!("A share of the CPU could not be given: {}.", shown(reason)),
        None => format!(
            "At a share: {} ms of every {} ms.",
            shown(&share["quotaMs"]),
            shown(&share["periodMs"])
        ),
    };
    format!(
        "\n## Triggers\n\n{}. {}. Medians of {} starts, with {} warm calls each. {share}\n\n\
         {METHOD}\n\
         {}\nPython's figure divided by ours:\n\n{}{}",
        listed(&results["machine"]),
        listed(&results["versions"]),
        shown(&results["rounds"]),
        shown(&results["warmCalls"]),
        table(
            &results["functions"],
            &[
                ("trigger", "trigger"),
                ("implementation", ""),
                ("coldMs", "cold start, ms"),
                ("firstCallMs", "first call, ms"),
                ("warmCallMs", "warm call, ms"),
                ("coldMsAtShare", "cold start at a share, ms"),
                ("firstCallMsAtShare", "first call at a share, ms"),
                ("peakMemoryMb", "peak memory, MB"),
                ("instructions", "instructions"),
                ("zipMb", "zip, MB"),
            ],
        ),
        table(
            &results["ratios"],
            &[
                ("trigger", "trigger"),
                ("implementation", ""),
                ("coldMs", "cold start"),
                ("warmCallMs", "warm call"),
                ("coldMsAtShare", "cold start at a share"),
                ("firstCallMsAtShare", "first call at a share"),
                ("peakMemoryMb", "peak memory"),
                ("instructions", "instructions"),
            ],
        ),
        bars(results),
    )
}
