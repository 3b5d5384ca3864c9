//! `kiln why`.

use kiln::why::{Told, Why};

use crate::args::{self, Common, Format, PageFormat};
use crate::exit::Exit;
use crate::report::{self, Outcome, why};
use crate::session::{self, Session};

/// Says what made a file, or what depends on a key.
pub(crate) fn run(args: &args::Why) -> Exit {
    let project = session::files(&args.project);
    if args.pack.is_none() && kiln::makejinja::is_project(&project) {
        return match &args.path {
            Some(path) => about_made(args, &output_path(path, args)),
            None => report::complain(
                "this is a project of makejinja; what depends on a key is known in projects with a pack alone",
            ),
        };
    }
    let mut answer = None;
    let mut outcome = session::guarded(|| {
        let path = args.path.as_deref().map(|path| output_path(path, args));
        let common = common(args);
        let mut found = session::why(&common, path.as_deref());
        let report = std::mem::take(&mut found.report);
        if report.diagnostics.has_errors() {
            return Outcome::of(report, &args.project);
        }
        found.report = report;
        answer = Some((found, path));
        Outcome::default()
    });
    let Some((found, path)) = answer else {
        if outcome.exit == Exit::Done {
            outcome.exit = Exit::Failed;
        }
        return unanswered(&outcome, args);
    };
    match (path, &args.key) {
        (Some(path), _) => about_output(&found, &path, args.format),
        (None, key) => about_key(&found, key.as_deref().unwrap_or_default(), args.format),
    }
}

/// The arguments that a run takes.
fn common(args: &args::Why) -> Common {
    Common {
        project: args.project.clone(),
        output: args.output.clone(),
        pack: args.pack.clone(),
        compat: true,
        format: Format::Human,
    }
}

/// The path of an output as outputs are called, from one that leads through the output folder.
fn output_path(path: &str, args: &args::Why) -> String {
    let path = path.trim_start_matches("./");
    let folder = report::shown(args.output.as_ref().unwrap_or(&args.project));
    path.strip_prefix(&folder).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path).to_owned()
}

fn about_output(found: &Why, path: &str, format: PageFormat) -> Exit {
    let told: Option<&Told> = found.outputs.first();
    match (told, format) {
        (Some(told), PageFormat::Human) => report::show(&why::output(found, told)),
        (Some(told), PageFormat::Json) => report::print(why::json::output(found, told).as_bytes()),
        (None, _) => report::complain(&no_output(&found.former, &found.paths, path)),
    }
}

/// Says what made an output of a makejinja project.
fn about_made(args: &args::Why, path: &str) -> Exit {
    let mut plan = None;
    let outcome = session::guarded(|| {
        let mut session = Session::look(&common(args));
        plan = session.plan.take();
        session.outcome
    });
    let Some(plan) = plan else { return unanswered(&outcome, args) };
    let outputs = || plan.changes().iter().filter_map(|it| Some((it.path(), it.artifact()?.template())));
    let Some((_, template)) = outputs().find(|(it, _)| *it == path) else {
        let former = plan.changes().iter().filter(|it| it.artifact().is_none());
        let former: Vec<String> = former.map(|it| it.path().to_owned()).collect();
        let paths: Vec<String> = outputs().map(|(path, _)| path.to_owned()).collect();
        return report::complain(&no_output(&former, &paths, path));
    };
    let template = Some(template).filter(|template| !template.is_empty());
    match args.format {
        PageFormat::Human => report::show(&why::made(path, template)),
        PageFormat::Json => report::print(why::json::made(path, template).as_bytes()),
    }
}

/// Publishes what kept a run from an answer.
fn unanswered(outcome: &Outcome, args: &args::Why) -> Exit {
    let format = if args.format == PageFormat::Json { Format::Json } else { Format::Human };
    report::publish(outcome, format)
}

fn no_output(former: &[String], paths: &[String], path: &str) -> String {
    if former.iter().any(|it| it == path) {
        return format!("`{path}` was made by an earlier run, and nothing makes it any more");
    }
    let near = kiln::nearest(path, paths.iter().map(String::as_str));
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    // Who gives the name alone, or another folder, may mean one that is called so.
    let same: Vec<&String> =
        paths.iter().filter(|it| it.ends_with(&format!("/{path}")) || name(it) == name(path)).collect();
    match (near, same.as_slice()) {
        (Some(near), _) => format!("`{path}` is no output; did you mean `{near}`?"),
        (None, [one]) => format!("`{path}` is no output; did you mean `{one}`?"),
        (None, _) => format!("`{path}` is no output; `kiln.lock` lists all"),
    }
}

fn about_key(found: &Why, key: &str, format: PageFormat) -> Exit {
    if found.keys.contains_key(key) || found.values.contains_key(key) {
        return match format {
            PageFormat::Human => report::show(&why::key(found, key)),
            PageFormat::Json => report::print(why::json::key(found, key).as_bytes()),
        };
    }
    let names = || found.keys.keys().chain(found.values.keys()).map(String::as_str);
    let help = match kiln::nearest(key, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`kiln schema cluster` lists all keys".to_owned(),
    };
    report::complain(&format!("there is no key `{key}`; {help}"))
}
