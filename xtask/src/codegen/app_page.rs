//! `docs/apps/APP.md`: one app.

use super::app::{App, AppFile, Dependency, Health, Kustomization, PodSecurity};
use super::markdown::{Page, code, series};
use super::names;
use super::pack::Pack;
use super::terms::{Terms, when};
use crate::Result;

/// The page of `app`.
///
/// # Errors
/// If its chart has no version, or `pack.toml` puts its files where this tool cannot follow.
pub(super) fn page(pack: &Pack, app: &App) -> Result<String> {
    let terms = Terms { pack, configuration: "../configuration.md" };
    let mut page = Page::new(&app.id);
    page.prose(&app.purpose);
    page.list(&facts(&terms, app)?);
    page.heading(2, "Kustomizations");
    for kustomization in &app.kustomizations {
        page.heading(3, &code(&kustomization.name));
        page.prose(&kustomization.purpose);
        page.list(&behaviour(&terms, app, kustomization)?);
        let rows: Vec<Vec<String>> = kustomization.files.iter().map(|file| row(&terms, file)).collect();
        page.table(&["file", "written", "secrets in it"], &rows);
    }
    let conditions = app.conditions();
    if !conditions.is_empty() {
        page.heading(2, "Conditions");
        page.table(
            &["condition", "what its names stand for", "follows from"],
            &terms.conditions(&conditions),
        );
    }
    Ok(page.finish())
}

fn facts(terms: &Terms<'_>, app: &App) -> Result<Vec<String>> {
    let row = |name: &str, value: String| format!("**{name}**: {value}");
    let mut rows = vec![
        row("Namespace", code(&app.data.namespace)),
        row("Pod Security", pod_security(&app.data.pod_security)),
        row("Enabled", when(&app.data.when)),
    ];
    if let (Some(id), Some((version, repository))) = (&app.data.chart, app.data.chart(&terms.pack.versions)?)
    {
        rows.push(row("Chart", format!("{} {} from {}", code(id), code(version), code(repository))));
    }
    let charts: Vec<String> = app.data.crd_charts.iter().map(|chart| code(&chart.id)).collect();
    if !charts.is_empty() {
        rows.push(row("CRDs", format!("from the chart {}, before all apps", series(&charts, "and"))));
    }
    let roles: Vec<String> = app.data.talos_roles.iter().map(|role| code(role)).collect();
    if !roles.is_empty() {
        rows.push(row("Roles in the Talos API", series(&roles, "and")));
    }
    let texts: String =
        app.kustomizations.iter().flat_map(|it| &it.files).map(|file| file.text.as_str()).collect();
    let secrets = terms.ends(&names::secrets(terms.pack, &texts));
    rows.push(row("Secrets", if secrets.is_empty() { "none".to_owned() } else { series(&secrets, "and") }));
    Ok(rows)
}

fn pod_security(levels: &PodSecurity) -> String {
    match levels {
        PodSecurity::Same(level) => code(level),
        PodSecurity::Levels { enforce, audit, warn } if audit == warn => {
            format!("{} is enforced, {} logged and warned about", code(enforce), code(warn))
        }
        PodSecurity::Levels { enforce, audit, warn } => {
            format!("{} is enforced, {} logged, {} warned about", code(enforce), code(audit), code(warn))
        }
    }
}

fn behaviour(terms: &Terms<'_>, app: &App, kustomization: &Kustomization) -> Result<Vec<String>> {
    let mut items = vec![format!("Lies in {}.", code(&folder(terms.pack, app, kustomization)?))];
    if kustomization.when != "true" {
        items.push(format!("Is written {}.", when(&kustomization.when)));
    }
    let before: Vec<String> = kustomization.depends_on.iter().map(dependency).collect();
    items.push(match before.is_empty() {
        true => "Waits for nothing.".to_owned(),
        false => format!("Comes after {}.", series(&before, "and")),
    });
    let after = dependents(terms.pack, &kustomization.name);
    if !after.is_empty() {
        items.push(format!("Comes before {}.", series(&after, "and")));
    }
    let health: Vec<String> = kustomization.health.iter().map(healthy).collect();
    items.push(match health.as_slice() {
        [] => "Is ready once everything in it is.".to_owned(),
        [one] => format!("Is ready once {one} is."),
        _ => format!("Is ready once {} are.", series(&health, "and")),
    });
    items.extend(kustomization.timeout.iter().map(|timeout| format!("Is given {} for it.", code(timeout))));
    Ok(items)
}

/// The Kustomizations that wait for the one called `name`.
fn dependents(pack: &Pack, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for app in &pack.apps {
        let waits = |it: &&Kustomization| it.depends_on.iter().any(|edge| edge.name == name);
        found.extend(app.kustomizations.iter().filter(waits).map(|it| link(&it.name, &app.id)));
    }
    found
}

fn dependency(edge: &Dependency) -> String {
    with_condition(link(&edge.name, &edge.app), &edge.when)
}

fn healthy(health: &Health) -> String {
    with_condition(format!("the {} {}", health.kind, code(&health.name)), &health.when)
}

fn with_condition(text: String, condition: &str) -> String {
    if condition == "true" { text } else { format!("{text} ({})", when(condition)) }
}

fn link(name: &str, app: &str) -> String {
    format!("[{name}]({app}.md)")
}

/// Where the files of a Kustomization are put, as `pack.toml` says.
fn folder(pack: &Pack, app: &App, kustomization: &Kustomization) -> Result<String> {
    let rule = pack.manifest.generate.iter().find(|entry| entry.id == "app-file");
    let path = &rule.ok_or("pack.toml has no output `app-file`")?.path;
    let values = [
        ("#{ app.namespace }#", app.data.namespace.as_str()),
        ("#{ app.id }#", &app.id),
        ("#{ file.kustomization.folder }#", &kustomization.folder),
        ("/#{ file.name }#", ""),
    ];
    let path = values.iter().fold(path.clone(), |path, (name, value)| path.replace(name, value));
    if path.contains("#{") { Err(format!("the path `{path}` is not told").into()) } else { Ok(path) }
}

fn row(terms: &Terms<'_>, file: &AppFile) -> Vec<String> {
    let secrets = terms.ends(&names::secrets(terms.pack, &file.text));
    vec![code(&file.name), when(&file.when), series(&secrets, "and")]
}
