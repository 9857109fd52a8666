//! What is depended on: each direct dependency has a reason beside it, each version is locked, and
//! no file names a place that one of us downloads from.
//!
//! Each rule is a function that complains. Our files give no reason to, and files that are spoilt
//! in one place each give one.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends with a panic"
)]

mod rules;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The rules, each with the folder and the end of the names of the files that it reads, and how
/// many there are at least.
const RULES: [(Rule, &str, &str, usize); 7] = [
    (rules::each_crate_has_a_reason, "", "Cargo.toml", 20),
    (rules::each_crate_obeys_the_lints, "", "Cargo.toml", 20),
    (rules::each_crate_is_locked, "", "Cargo.lock", 1),
    (rules::each_package_has_a_reason, "", "package.json", 4),
    (rules::each_package_is_locked, "", "package-lock.json", 3),
    (rules::each_distribution_is_pinned, "python/", ".txt", 4),
    (
        rules::each_action_is_pinned,
        ".github/workflows/",
        ".yml",
        2,
    ),
];

type Rule = fn(&str) -> Vec<String>;

#[test]
fn our_manifests_give_no_reason_to_complain() {
    let files = files();
    for (rule, folder, name, least) in RULES {
        let is_read = |path: &&String| path.contains(folder) && path.ends_with(name);
        let read: Vec<_> = files.iter().filter(is_read).collect();
        assert!(read.len() >= least, "{folder}{name}: {read:?}");
        for path in read {
            let complaints = rule(&text(path));
            assert!(complaints.is_empty(), "{path}: {complaints:#?}");
        }
    }
}

#[test]
fn every_package_of_npm_that_needs_others_has_a_lock_file() {
    for path in files().iter().filter(|path| path.ends_with("package.json")) {
        let needs = ["dependencies", "devDependencies"];
        let manifest: serde_json::Value = serde_json::from_str(&text(path)).unwrap();
        let needs_others = needs.iter().any(|needed| !manifest[needed].is_null());
        let lock = root().join(path.replace("package.json", "package-lock.json"));
        assert_eq!(needs_others, lock.exists(), "{path}");
    }
}

/// A line of a list as pip reads it, with all that follows a version.
macro_rules! hashed {
    ($version:literal) => {
        concat!(
            $version,
            " \\\n    --hash=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
        )
    };
}

#[test]
fn spoilt_files_are_noticed() {
    // What is wrong below is wrong by itself.
    let sound = rules::each_distribution_is_pinned(hashed!("attrs==26.1.0"));
    assert!(sound.is_empty(), "{sound:?}");
    let spoilt: [(Rule, &str); 24] = [
        (
            rules::each_crate_has_a_reason,
            "[dependencies]\nanyhow = { workspace = true }\n",
        ),
        (
            rules::each_crate_has_a_reason,
            "[target.'cfg(unix)'.dev-dependencies]\n# why\nanyhow = \"1\"\nlexopt = \"0\" #\n",
        ),
        (
            rules::each_crate_has_a_reason,
            "[dependencies.anyhow]\nworkspace = true # why\n",
        ),
        (
            rules::each_crate_obeys_the_lints,
            "[package]\nname = \"x\"\n[lints]\nworkspace = false\n",
        ),
        (
            rules::each_crate_is_locked,
            "[[package]]\nname = \"x\"\nversion = \"1.0.0\"\nsource = \"registry+https://example.com/index\"\nchecksum = \"00\"\n",
        ),
        (
            rules::each_crate_is_locked,
            "[[package]]\nname = \"x\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n",
        ),
        (
            rules::each_package_has_a_reason,
            r#"{ "devDependencies": { "vite": "8.0.0" } }"#,
        ),
        (
            rules::each_package_has_a_reason,
            r#"{ "devDependencies": { "vite": "8.0.0" }, "why": { "vite": "" } }"#,
        ),
        (
            rules::each_package_has_a_reason,
            r#"{ "devDependencies": { "vite": "^8.0.0" }, "why": { "vite": "a bundler" } }"#,
        ),
        (
            rules::each_package_has_a_reason,
            r#"{ "devDependencies": { "vite": "8" }, "why": { "vite": "a bundler" } }"#,
        ),
        (
            rules::each_package_has_a_reason,
            r#"{ "devDependencies": { "vite": "8.1.x" }, "why": { "vite": "a bundler" } }"#,
        ),
        (
            rules::each_package_has_a_reason,
            r#"{ "devDependencies": { "vite": "8.0.0 || >9" }, "why": { "vite": "a bundler" } }"#,
        ),
        (
            rules::each_package_has_a_reason,
            r#"{ "devDependencies": {}, "why": { "vite": "a bundler" } }"#,
        ),
        (
            rules::each_package_is_locked,
            r#"{ "packages": { "node_modules/x": { "version": "1.0.0" } } }"#,
        ),
        (
            rules::each_package_is_locked,
            r#"{ "packages": { "node_modules/x": { "version": "1.0.0", "integrity": "sha1-AA==" } } }"#,
        ),
        (
            rules::each_package_is_locked,
            r#"{ "packages": { "node_modules/x": { "version": "1.0.0", "integrity": "sha512-AA==", "resolved": "https://example.com/x.tgz" } } }"#,
        ),
        (rules::each_distribution_is_pinned, hashed!("attrs>=26")),
        (rules::each_distribution_is_pinned, hashed!("attrs==26.*")),
        (
            rules::each_distribution_is_pinned,
            hashed!("https://example.com/attrs.whl?==26.1.0"),
        ),
        (
            rules::each_distribution_is_pinned,
            concat!(
                "--index-url https://example.com/simple\n",
                hashed!("attrs==26.1.0")
            ),
        ),
        (rules::each_distribution_is_pinned, "attrs==26.1.0\n"),
        (
            rules::each_distribution_is_pinned,
            "attrs==26.1.0 \\\n    --hash=md5:0cc175b9c0f1b6a831c399e269772661\n",
        ),
        (
            rules::each_action_is_pinned,
            "jobs:\n  test:\n    steps:\n      - uses: actions/checkout@v4\n",
        ),
        (
            rules::each_action_is_pinned,
            "permissions:\n  contents: write\njobs: {}\n",
        ),
    ];
    for (rule, file) in spoilt {
        assert!(!rule(file).is_empty(), "{file}");
    }
}

/// The workspace denies it, and an `allow` would let it in again. libFuzzer's targets need one.
#[test]
fn unsafe_code_is_allowed_nowhere_but_in_fuzz_targets() {
    let allows = |path: &&String| {
        let text = text(path);
        let lists = ["allow(", "expect("].map(|lint| text.split(lint).skip(1));
        let mut lists = lists.into_iter().flatten();
        lists.any(|list| list.split(')').next().unwrap().contains("unsafe_code"))
    };
    let is_ours = |path: &&String| {
        path.ends_with(".rs")
            && !path.starts_with("fuzz/fuzz_targets/")
            && !path.starts_with("xtask/tests/manifests/")
    };
    let files = files();
    let sources: Vec<_> = files.iter().filter(is_ours).collect();
    assert!(sources.len() > 100);
    let found: Vec<_> = sources.into_iter().filter(allows).collect();
    assert!(found.is_empty(), "{found:?}");
}

/// All files of the project, by their paths from its folder.
fn files() -> Vec<String> {
    let mut found = Vec::new();
    walk(&root(), &mut found);
    let from_root = |path: PathBuf| path.strip_prefix(root()).unwrap().display().to_string();
    let mut files: Vec<_> = found.into_iter().map(from_root).collect();
    files.sort();
    files
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            // What is built and installed is not ours, nor is what only one of us has.
            if !["target", "node_modules", ".git", ".aws-sam"].contains(&name.as_str()) {
                walk(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

fn text(path: &str) -> String {
    String::from_utf8_lossy(&fs::read(root().join(path)).unwrap()).into_owned()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}
