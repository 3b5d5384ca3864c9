//! Everything this crate has to say to a user.
//!
//! Names of files, kinds and objects are shown; should one of them contain a secret of
//! its output, stars stand in its place.

use kiln_model::{Diagnostic, Rendered, Severity, Span};

use crate::kustomization::Reference;
use crate::outputs::Document;

/// Where in the outputs a finding is.
pub(crate) struct Place<'a> {
    pub(crate) output: &'a Rendered,
    pub(crate) span: Span,
}

impl Place<'_> {
    fn error(&self, code: &'static str, message: impl AsRef<str>) -> Diagnostic {
        Diagnostic::error(code, clean(self.output, message.as_ref())).label(self.span, "")
    }
}

/// The text without the secrets of the output it speaks about.
fn clean(output: &Rendered, text: &str) -> String {
    // The secrets are looked for in order to leave them out.
    let secrets = output.reveals().iter().map(|reveal| reveal.secret.expose());
    secrets
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
}

/// The parser's finding, moved to the template.
pub(crate) fn unparsable(place: &Place<'_>, found: &Diagnostic) -> Diagnostic {
    let output = place.output;
    let message = format!("the output `{}` is not valid YAML: {}", output.path(), found.message);
    if found.code.ends_with("duplicate-key") {
        place.error("manifest.duplicate-key", message).help("remove one of the two keys")
    } else {
        place.error("manifest.yaml-syntax", message).help("check quotes and indentation in the template")
    }
}

/// A scalar that is several things; `more` stand under the same keys of the output.
pub(crate) fn two_readings(
    place: &Place<'_>,
    path: &str,
    is_key: bool,
    readings: &str,
    more: usize,
) -> Diagnostic {
    let what = match (is_key, path) {
        (true, "") => "a key".to_owned(),
        (true, path) => format!("a key of `{path}`"),
        (false, path) => format!("`{path}`"),
    };
    let finding = place.error("manifest.two-readings", format!("{what} is {readings}"));
    let finding = Diagnostic { severity: Severity::Warning, ..finding }.help(
        "put text into quotes in the template, and write booleans as `true` and `false`, numbers in decimal digits",
    );
    match more {
        0 => finding,
        1 => finding.note("and 1 more place in this output"),
        _ => finding.note(format!("and {more} more places in this output")),
    }
}

pub(crate) fn missing_resource(place: &Place<'_>, reference: &Reference<'_>) -> Diagnostic {
    place
        .error(
            "manifest.kustomization-missing-resource",
            format!("`{}` names `{}`, which is not an output", reference.field, reference.text),
        )
        .help("remove the entry, or see to it that the file is rendered")
}

pub(crate) fn orphan_file(place: &Place<'_>, kustomization: &str) -> Diagnostic {
    let path = place.output.path();
    place
        .error("manifest.orphan", format!("nothing includes `{path}`, so it is never applied"))
        .help(format!("name it in `{kustomization}`, or stop rendering it"))
}

pub(crate) fn orphan_folder(place: &Place<'_>) -> Diagnostic {
    let path = place.output.path();
    place
        .error("manifest.orphan", format!("nothing leads to `{path}`, so it is never applied"))
        .help("name its folder in another kustomization or in the `spec.path` of a Flux Kustomization")
}

pub(crate) fn missing_path(place: &Place<'_>, path: &str) -> Diagnostic {
    place
        .error("manifest.flux-missing-path", format!("`spec.path` is `{path}`, where nothing is rendered"))
        .help("correct the path, or see to it that a `kustomization.yaml` is rendered there")
}

/// A Flux object by the name that messages use: `namespace/name`.
pub(crate) fn called(namespace: Option<&str>, name: &str) -> String {
    namespace.map_or_else(|| name.to_owned(), |namespace| format!("{namespace}/{name}"))
}

/// `near` is the name of one that was perhaps meant.
pub(crate) fn missing_dependency(
    place: &Place<'_>,
    from: &str,
    to: &str,
    elsewhere: &[&str],
    near: Option<&str>,
) -> Diagnostic {
    let finding = place
        .error("manifest.depends-on-missing", format!("`{from}` depends on `{to}`, which does not exist"));
    match (elsewhere, near) {
        ([], Some(near)) => finding.help(format!("did you mean `{}`?", clean(place.output, near))),
        ([], None) => finding.help("correct the name, or remove the dependency"),
        ([namespace, ..], _) => finding.help(format!(
            "there is one in the namespace `{namespace}`; give the dependency this `namespace`"
        )),
    }
}

pub(crate) fn dependency_cycle(place: &Place<'_>, circle: &str) -> Diagnostic {
    place
        .error("manifest.depends-on-cycle", format!("these Kustomizations wait for each other: {circle}"))
        .help("remove one of the dependencies")
}

/// `near` is the name of one that was perhaps meant.
pub(crate) fn missing_chart(
    place: &Place<'_>,
    release: &str,
    chart: &str,
    elsewhere: &[&str],
    near: Option<&str>,
) -> Diagnostic {
    let finding = place.error(
        "manifest.chart-ref-missing",
        format!("the HelmRelease `{release}` takes its chart from the OCIRepository `{chart}`, which does not exist"),
    );
    match (elsewhere, near) {
        ([], Some(near)) => finding.help(format!("did you mean `{}`?", clean(place.output, near))),
        ([], None) => finding.help("correct `spec.chartRef.name`, or render the OCIRepository"),
        ([namespace, ..], _) => finding.help(format!(
            "there is one in the namespace `{namespace}`; give `spec.chartRef` this `namespace`"
        )),
    }
}

pub(crate) fn not_an_object(place: &Place<'_>) -> Diagnostic {
    place
        .error("manifest.not-an-object", "a resource has to be a mapping")
        .help("write `apiVersion`, `kind` and `metadata`")
}

/// The object lacks a field that every object has.
pub(crate) fn missing_field(place: &Place<'_>, code: &'static str, field: &str, kind: &str) -> Diagnostic {
    place.error(code, format!("{} has no `{field}`", article(kind))).help(format!("give it a `{field}`"))
}

/// The field is there, but it is a number or a boolean.
pub(crate) fn field_is_not_text(
    place: &Place<'_>,
    code: &'static str,
    field: &str,
    kind: &str,
) -> Diagnostic {
    place
        .error(code, format!("the `{field}` of {} is not text", article(kind)))
        .help("put it into quotes: to Kubernetes, `y`, `on` or `1` are not text")
}

fn article(kind: &str) -> String {
    if kind.is_empty() { "an object".to_owned() } else { format!("a `{kind}`") }
}

pub(crate) fn duplicate_object(place: &Place<'_>, second: &Document<'_>, first: &Place<'_>) -> Diagnostic {
    let called =
        clean(second.output, &called(second.text(&["metadata", "namespace"]), second.name().unwrap_or("?")));
    place
        .error("manifest.duplicate-object", format!("the `{}` `{called}` is applied twice", second.kind()))
        .label(first.span, "the first")
        .help("remove or rename one of them")
}

pub(crate) fn secret_outside_sops(place: &Place<'_>, name: &str) -> Diagnostic {
    place
        .error(
            "manifest.secret-outside-sops",
            format!("the Secret `{name}` has values, but its file is not called `*.sops.yaml`"),
        )
        .help("let the name of the output end in `.sops.yaml`, so that it is encrypted")
}
