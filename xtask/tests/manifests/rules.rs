//! What each kind of file has to say. A rule gets the text of a file and tells what is wrong.

use serde_json::Value;

const CRATES_IO: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

/// In a `Cargo.toml`, a comment stands behind each dependency, or on the line above.
pub fn each_crate_has_a_reason(manifest: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut in_dependencies = false;
    let mut reason_above = false;
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            in_dependencies = section.contains("dependencies") && !section.contains("workspace");
            // `[dependencies.NAME]` would hide what the section is about.
            if in_dependencies && !line.trim_end().ends_with("dependencies]") {
                complaints.push(format!("a section of its own: {line}"));
            }
        } else if in_dependencies && line.contains('=') && !line.starts_with('#') {
            let reason = line.split_once('#').map_or("", |(_, reason)| reason.trim());
            if reason.is_empty() && !reason_above {
                complaints.push(format!("no reason: {line}"));
            }
        }
        reason_above = line
            .strip_prefix('#')
            .is_some_and(|reason| !reason.trim().is_empty());
    }
    complaints
}

/// A crate takes the workspace's lints; those, or its own where it is in none, deny unsafe code.
pub fn each_crate_obeys_the_lints(manifest: &str) -> Vec<String> {
    let has_own = manifest.contains("[workspace]\n");
    let expected = if has_own {
        "\nunsafe_code = \"deny\"\n"
    } else {
        "[lints]\nworkspace = true\n"
    };
    if manifest.contains(expected) {
        Vec::new()
    } else {
        vec![format!("missing: {expected}")]
    }
}

/// In `Cargo.lock`, what is not ours comes from crates.io, and has a checksum.
pub fn each_crate_is_locked(lock: &str) -> Vec<String> {
    let packages = lock.split("[[package]]\n").skip(1);
    packages
        .filter_map(|package| {
            let from_elsewhere = package.lines().any(|line| line.starts_with("source = "));
            let locked = package.contains(CRATES_IO) && package.contains("\nchecksum = \"");
            (from_elsewhere && !locked).then(|| format!("not locked: {package}"))
        })
        .collect()
}

/// In a `package.json`, `why` has a text for each dependency and for nothing else, and each version
/// is an exact one.
pub fn each_package_has_a_reason(manifest: &str) -> Vec<String> {
    let manifest: Value = serde_json::from_str(manifest).unwrap();
    let entries = |name: &str| manifest[name].as_object().into_iter().flatten();
    let needed: Vec<_> = entries("dependencies")
        .chain(entries("devDependencies"))
        .collect();
    let mut complaints = Vec::new();
    for (name, version) in &needed {
        let reason = manifest["why"][name.as_str()].as_str().unwrap_or_default();
        if reason.trim().is_empty() {
            complaints.push(format!("no reason: {name}"));
        }
        // `npm:NAME@VERSION` is another package under this name.
        let version = version.as_str().unwrap();
        let version = version.rsplit('@').next().unwrap();
        if !is_exact(version) || version.split('.').count() < 3 {
            complaints.push(format!("not exact: {name} {version}"));
        }
    }
    let unneeded =
        entries("why").filter(|(name, _)| needed.iter().all(|(needed, _)| needed != name));
    complaints.extend(unneeded.map(|(name, _)| format!("a reason for nothing: {name}")));
    complaints
}

/// In a `package-lock.json`, each package has a SHA-512, and none an address.
pub fn each_package_is_locked(lock: &str) -> Vec<String> {
    let lock: Value = serde_json::from_str(lock).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    packages
        .iter()
        .filter(|(path, _)| !path.is_empty())
        .filter(|(_, package)| {
            let integrity = package["integrity"].as_str().unwrap_or_default();
            let bundled = package["inBundle"] == true;
            !package["resolved"].is_null() || !(bundled || integrity.starts_with("sha512-"))
        })
        .map(|(path, package)| format!("{path}: {package}"))
        .collect()
}

/// In a list of Python's distributions, each has one version and the hashes of its files, and
/// nothing says where it is from.
pub fn each_distribution_is_pinned(requirements: &str) -> Vec<String> {
    let listed = requirements.replace("\\\n", "");
    let lines = listed
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pinned = |line: &&str| {
        let mut words = line.split_whitespace();
        let distribution = words.next().unwrap_or_default();
        let version = distribution.split_once("==");
        // Behind it may be the systems that want it: `; sys_platform == 'win32'`.
        let mut options = words.filter(|word| word.starts_with('-')).peekable();
        version.is_some_and(|(name, version)| is_name(name) && is_exact(version))
            && options.peek().is_some()
            && options.all(is_hash)
    };
    let loose = lines.filter(|line| !pinned(line));
    loose.map(|line| format!("not pinned: {line}")).collect()
}

/// Whether it is a name alone, and no address.
fn is_name(distribution: &str) -> bool {
    let in_names = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !distribution.starts_with('-') && distribution.bytes().all(in_names)
}

/// Whether it is `--hash=sha256:` and 64 digits.
fn is_hash(option: &str) -> bool {
    let digest = option.strip_prefix("--hash=sha256:").unwrap_or_default();
    digest.len() == 64 && digest.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// Whether it is one version: `1.2`, `1.2.3-beta.4`, or `1.2.post0` in Python.
fn is_exact(version: &str) -> bool {
    let (release, _) = version.split_once('-').unwrap_or((version, ""));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = release.split('.');
    let mut numbers = parts.map(|part| part.strip_prefix("post").unwrap_or(part));
    numbers.all(is_number) && !version.contains([' ', ',', '|', '*'])
}

/// In a workflow, each action is named by the hash of a commit, and none may write.
pub fn each_action_is_pinned(workflow: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    if !workflow.contains("\npermissions:\n  contents: read\n") || workflow.contains(": write") {
        complaints.push("it may write".to_owned());
    }
    for line in workflow.lines() {
        let Some((_, action)) = line.split_once("uses: ") else {
            continue;
        };
        let (_, reference) = action.split_once('@').unwrap_or_default();
        let hash = reference.split(' ').next().unwrap_or_default();
        let pinned = hash.len() == 40 && hash.chars().all(|digit| digit.is_ascii_hexdigit());
        if !pinned {
            complaints.push(format!("not pinned: {line}"));
        }
    }
    complaints
}
