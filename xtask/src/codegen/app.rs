//! An app of the pack, read from its file.

use std::path::Path;

use serde::Deserialize;
use serde_yaml::Value;

use super::pack::{always, condition, head, pairs, read};
use crate::Result;

/// An app.
pub(super) struct App {
    pub(super) id: String,
    /// What it is: the comment that its file begins with.
    pub(super) purpose: String,
    pub(super) data: Data,
    pub(super) kustomizations: Vec<Kustomization>,
}

/// What its file says.
#[derive(Deserialize)]
pub(super) struct Data {
    pub(super) namespace: String,
    pub(super) pod_security: PodSecurity,
    #[serde(default = "always", deserialize_with = "condition")]
    pub(super) when: String,
    pub(super) chart: Option<String>,
    #[serde(default)]
    pub(super) crd_charts: Vec<CrdChart>,
    #[serde(default)]
    pub(super) talos_roles: Vec<String>,
    #[serde(deserialize_with = "pairs")]
    kustomizations: Vec<(String, Group)>,
}

#[derive(Deserialize)]
pub(super) struct CrdChart {
    pub(super) id: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum PodSecurity {
    Same(String),
    Levels { enforce: String, audit: String, warn: String },
}

#[derive(Deserialize)]
struct Group {
    #[serde(default = "always", deserialize_with = "condition")]
    when: String,
    #[serde(default)]
    depends_on: Vec<Edge>,
    #[serde(default)]
    health: Vec<Health>,
    timeout: Option<String>,
    #[serde(default, deserialize_with = "pairs")]
    files: Vec<(String, File)>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Edge {
    Always(String),
    Where {
        on: String,
        #[serde(default = "always", deserialize_with = "condition")]
        when: String,
    },
}

/// Something whose health is waited for.
#[derive(Deserialize)]
pub(super) struct Health {
    pub(super) kind: String,
    pub(super) name: String,
    #[serde(default = "always", deserialize_with = "condition")]
    pub(super) when: String,
}

#[derive(Deserialize)]
struct File {
    #[serde(default = "always", deserialize_with = "condition")]
    when: String,
    template: Option<String>,
}

/// A Kustomization of an app.
pub(super) struct Kustomization {
    pub(super) folder: String,
    /// The name that Flux knows it by.
    pub(super) name: String,
    /// Why it is one of its own.
    pub(super) purpose: String,
    pub(super) when: String,
    pub(super) depends_on: Vec<Dependency>,
    pub(super) health: Vec<Health>,
    pub(super) timeout: Option<String>,
    pub(super) files: Vec<AppFile>,
}

/// What has to be ready before a Kustomization.
pub(super) struct Dependency {
    pub(super) app: String,
    /// The name of its Kustomization.
    pub(super) name: String,
    pub(super) when: String,
}

/// A file of a Kustomization.
pub(super) struct AppFile {
    pub(super) name: String,
    pub(super) when: String,
    /// The text of its template.
    pub(super) text: String,
}

impl App {
    /// Reads the app `id` from its file's `text`, and its templates from their folder.
    ///
    /// # Errors
    /// If the file is no app, or names a template that does not exist.
    pub(super) fn read(id: &str, text: &str, templates: &Path) -> Result<App> {
        let mut data: Data = serde_yaml::from_str(text).map_err(|error| format!("{id}.yaml: {error}"))?;
        let mut kustomizations = Vec::new();
        for (folder, group) in std::mem::take(&mut data.kustomizations) {
            let mut files = Vec::new();
            for (name, file) in group.files {
                let own = || format!("apps/{id}/{folder}/{name}.j2");
                let text = read(&templates.join(file.template.unwrap_or_else(own)))?;
                files.push(AppFile { name, when: file.when, text });
            }
            kustomizations.push(Kustomization {
                name: flux_name(id, &folder),
                purpose: comment_above(text, &format!("  {folder}:")),
                when: group.when,
                depends_on: group.depends_on.into_iter().map(dependency).collect(),
                health: group.health,
                timeout: group.timeout,
                files,
                folder,
            });
        }
        Ok(App { id: id.to_owned(), purpose: head(text), data, kustomizations })
    }

    /// Every condition that decides about a part of the app, each once.
    pub(super) fn conditions(&self) -> Vec<&str> {
        let mut conditions = vec![self.data.when.as_str()];
        for kustomization in &self.kustomizations {
            conditions.push(&kustomization.when);
            conditions.extend(kustomization.depends_on.iter().map(|edge| edge.when.as_str()));
            conditions.extend(kustomization.health.iter().map(|health| health.when.as_str()));
            conditions.extend(kustomization.files.iter().map(|file| file.when.as_str()));
        }
        let mut seen = Vec::new();
        for condition in conditions {
            if condition != "true" && !seen.contains(&condition) {
                seen.push(condition);
            }
        }
        seen
    }
}

impl Data {
    /// The version and the repository of the chart, of `versions.yaml`.
    pub(super) fn chart<'a>(&'a self, versions: &'a Value) -> Result<Option<(&'a str, &'a str)>> {
        let Some(id) = &self.chart else { return Ok(None) };
        let chart = versions.get("charts").and_then(|charts| charts.get(id));
        let text = |key| chart.and_then(|chart| chart.get(key)).and_then(Value::as_str);
        let found = text("version").zip(text("repository"));
        found.map(Some).ok_or_else(|| format!("versions.yaml has no chart `{id}`").into())
    }
}

fn dependency(edge: Edge) -> Dependency {
    let (on, when) = match edge {
        Edge::Always(on) => (on, always()),
        Edge::Where { on, when } => (on, when),
    };
    let (app, folder) = on.split_once('/').unwrap_or((&on, "app"));
    Dependency { app: app.to_owned(), name: flux_name(app, folder), when }
}

fn flux_name(app: &str, folder: &str) -> String {
    if folder == "app" { app.to_owned() } else { format!("{app}-{folder}") }
}

/// The comment right above the line `line`, as indented as that.
fn comment_above(text: &str, line: &str) -> String {
    let indent = &line[..line.len() - line.trim_start().len()];
    let before: Vec<&str> = text.lines().take_while(|it| *it != line).collect();
    let is_comment = |it: &&&str| it.strip_prefix(indent).is_some_and(|rest| rest.starts_with('#'));
    let mut comment: Vec<&str> = before.iter().rev().take_while(is_comment).copied().collect();
    comment.reverse();
    comment.iter().map(|it| it.trim_start_matches([' ', '#'])).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_belongs_to_the_line_below_it() {
        let text = "# a\nk:\n  # b\n  # c\n  app:\n    # d\n  more:\n";
        assert_eq!(comment_above(text, "  app:"), "b c");
        assert_eq!(comment_above(text, "  more:"), "");
    }
}
