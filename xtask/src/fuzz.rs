//! Runs the fuzz targets of `fuzz/` with the stable compiler.
//!
//! libFuzzer comes with a library of `fuzz/Cargo.lock`; its C++ needs a compiler. What an input
//! looks like is written in `fuzz/README.md`.

mod report;
mod seeds;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::command::Run;
use report::Report;

const TARGETS: [&str; 12] = [
    "lexer",
    "parser",
    "lowering",
    "render",
    "sops_envelope",
    "sops_document",
    "age_keys",
    "data_yaml",
    "data_toml",
    "data_json",
    "data_schema",
    "data_rules",
];

const USAGE: &str = "usage: cargo xtask fuzz [lexer|parser|lowering|render|sops_envelope|sops_document|age_keys|data_yaml|data_toml|data_json|data_schema|data_rules]… [--seconds 600]";

/// What makes the compiler tell libFuzzer which code an input reached: that of `cargo fuzz`,
/// without a sanitizer, which the stable compiler does not have.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                     -Cllvm-args=-sanitizer-coverage-pc-table \
                     -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";

/// As little stack as the threads have on which kiln renders.
const STACK: &str = "ulimit -s 2048 && exec \"$0\" \"$@\"";

/// Fuzzes each target for as long as asked; whether nothing was found.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<bool> {
    let (targets, seconds) = request(arguments)?;
    let folder = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let folder = folder.join("fuzz");
    let programs = build(root, &folder)?;
    seeds::write(root, &folder.join("seeds"))?;
    seeds::write_files(root, &folder.join("seeds-sops"))?;
    seeds::write_keys(root, &folder.join("seeds-age"))?;
    seeds::write_data(root, &folder.join("seeds-data"))?;
    seeds::write_settings(root, &folder.join("seeds-settings"))?;
    let mut is_clean = true;
    for target in targets {
        let report = fuzz(root, &folder, &programs.join(target), target, seconds)?;
        println!("{target}: {report}");
        is_clean &= report.finding.is_none();
    }
    Ok(is_clean)
}

fn request(arguments: &[String]) -> Result<(Vec<&str>, u64)> {
    let mut targets = Vec::new();
    let mut seconds = 600;
    let mut rest = arguments.iter().map(String::as_str);
    while let Some(argument) = rest.next() {
        match TARGETS.into_iter().find(|target| *target == argument) {
            Some(target) => targets.push(target),
            None if argument == "--seconds" => {
                seconds = rest.next().and_then(|it| it.parse().ok()).ok_or(USAGE)?;
            }
            None => return Err(USAGE.into()),
        }
    }
    Ok((if targets.is_empty() { TARGETS.to_vec() } else { targets }, seconds))
}

/// Builds all targets; gives the folder of their programs.
fn build(root: &Path, folder: &Path) -> Result<PathBuf> {
    let about = Run::new("rustc").arg("-vV").text()?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc names no host")?;
    // With a target named, the flags are for its programs alone, and not for build scripts.
    let cargo = Run::new("cargo").dir(&root.join("fuzz")).env("RUSTFLAGS", FLAGS);
    let cargo = cargo.args(["build", "--release", "--locked", "--bins", "--target", host, "--target-dir"]);
    cargo.arg(folder).limit(60).stdout()?;
    Ok(folder.join(host).join("release"))
}

fn fuzz(root: &Path, folder: &Path, program: &Path, target: &str, seconds: u64) -> Result<Report> {
    let here = root.join("fuzz");
    let (corpus, findings) = (folder.join("corpus").join(target), folder.join("findings").join(target));
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&findings)?;
    let named = |name: &str, value: &Path| {
        let mut argument = OsString::from(name);
        argument.push(value);
        argument
    };
    let run = Run::new("sh").args(["-c", STACK]).arg(program);
    let (seeds, words) = match target.split_once('_') {
        Some(("sops", _)) => ("seeds-sops", "sops.dict"),
        Some(("age", _)) => ("seeds-age", "age.dict"),
        Some(("data", "schema" | "rules")) => ("seeds-settings", "data.dict"),
        Some(("data", _)) => ("seeds-data", "data.dict"),
        _ => ("seeds", "templates.dict"),
    };
    let run = run.arg(&corpus).arg(folder.join(seeds));
    let run = run.arg(named("-dict=", &here.join(words)));
    let run =
        run.arg(named("-artifact_prefix=", &findings.join(""))).arg(format!("-max_total_time={seconds}"));
    let run = run.args(["-max_len=4096", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    Report::of(&run.limit(seconds / 60 + 10).outcome()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_and_seconds_are_asked_for_in_any_order() {
        let request = |line: &str| {
            let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let asked = super::request(&arguments).map(|(targets, seconds)| (targets.join(" "), seconds));
            asked.map_err(|error| error.to_string())
        };
        assert_eq!(request(""), Ok((TARGETS.join(" "), 600)));
        assert_eq!(request("render --seconds 5 lexer"), Ok(("render lexer".to_owned(), 5)));
        assert_eq!(request("--seconds"), Err(USAGE.to_owned()));
        assert_eq!(request("teapot"), Err(USAGE.to_owned()));
    }

    #[test]
    fn every_target_is_a_program_of_the_package() {
        let manifest = fs::read_to_string(crate::root().join("fuzz/Cargo.toml")).unwrap();
        let manifest: toml::Table = toml::from_str(&manifest).unwrap();
        let names = manifest["bin"].as_array().unwrap().iter().map(|bin| bin["name"].as_str().unwrap());
        assert_eq!(names.collect::<Vec<_>>(), TARGETS);
    }
}
