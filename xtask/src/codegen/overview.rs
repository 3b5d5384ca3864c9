//! `docs/apps/README.md`: the apps and the order in which they come.

use std::collections::BTreeMap;

use super::app::{App, Kustomization};
use super::markdown::{Page, series};
use super::names::{self, Reach};
use super::pack::Pack;
use super::terms::Terms;
use crate::Result;

const INTRO: &str = "What the built-in pack puts into a cluster. \
Some apps are always enabled; the others follow from [keys of your configuration](../configuration.md).";

const SECURITY: &str = "A namespace gets the least strict Pod Security level of the apps in it. \
A version of your own goes into `versions.yaml` in the project.";

const ORDER: &str = "Flux applies what stands at the end of an arrow once that at its beginning is ready. \
What has round corners is not always enabled; a dashed arrow falls away with it.";

/// The page.
///
/// # Errors
/// If an app has a chart without a version.
pub(super) fn page(pack: &Pack) -> Result<String> {
    let terms = Terms { pack, configuration: "../configuration.md" };
    let mut page = Page::new("Apps");
    page.prose(INTRO);
    let rows: Vec<Vec<String>> = pack.apps.iter().map(|app| row(&terms, app)).collect::<Result<_>>()?;
    page.table(&["app", "what it is", "namespace", "enabled", "chart version"], &rows);
    page.prose(SECURITY);
    page.heading(2, "Order");
    page.prose(ORDER);
    page.block(&graph(&pack.apps));
    Ok(page.finish())
}

fn row(terms: &Terms<'_>, app: &App) -> Result<Vec<String>> {
    let ends = names::ends(terms.pack, &app.data.when, Reach::Influence);
    let enabled = match app.data.when.as_str() {
        "true" => "always".to_owned(),
        _ => format!("follows from {}", series(&terms.ends(&ends), "and")),
    };
    let chart = app.data.chart(&terms.pack.versions)?;
    Ok(vec![
        format!("[{0}]({0}.md)", app.id),
        app.purpose.clone(),
        app.data.namespace.clone(),
        enabled,
        chart.map(|(version, _)| version.to_owned()).unwrap_or_default(),
    ])
}

/// The Kustomizations by namespace, and the edges between them, for Mermaid.
fn graph(apps: &[App]) -> String {
    let mut namespaces: BTreeMap<&str, Vec<(&App, &Kustomization)>> = BTreeMap::new();
    for app in apps {
        let own = namespaces.entry(&app.data.namespace).or_default();
        own.extend(app.kustomizations.iter().map(|kustomization| (app, kustomization)));
    }
    let mut lines = vec!["```mermaid".to_owned(), "flowchart LR".to_owned()];
    let mut optional = Vec::new();
    for (namespace, members) in &namespaces {
        lines.push(format!("  subgraph ns-{namespace}[\"{namespace}\"]"));
        for (app, Kustomization { name, when, .. }) in members {
            let is_optional = [&app.data.when, when].iter().any(|it| *it != "true");
            let (open, close) = if is_optional { ("(", ")") } else { ("[", "]") };
            lines.push(format!("    {name}{open}\"{name}\"{close}"));
            optional.extend(is_optional.then_some(name.as_str()));
        }
        lines.push("  end".to_owned());
    }
    for (_, kustomization) in namespaces.values().flatten() {
        for edge in &kustomization.depends_on {
            let ends = [edge.name.as_str(), kustomization.name.as_str()];
            let is_optional = edge.when != "true" || ends.iter().any(|end| optional.contains(end));
            let arrow = if is_optional { "-.->" } else { "-->" };
            lines.push(format!("  {} {arrow} {}", edge.name, kustomization.name));
        }
    }
    lines.push("```".to_owned());
    lines.join("\n")
}
