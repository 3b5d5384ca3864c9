//! Secrets are in files that are encrypted.

use kiln_model::{Diagnostics, Map};

use crate::findings;
use crate::outputs::Outputs;

/// Reports Secrets with values in outputs that are not called `*.sops.yaml`.
pub(crate) fn outside_sops(outputs: &Outputs<'_>, sink: &mut Diagnostics) {
    for document in outputs.documents() {
        let path = document.output.path();
        let is_secret = document.kind() == "Secret" && document.text(&["apiVersion"]) == Some("v1");
        let is_sops = path.ends_with(".sops.yaml") || path.ends_with(".sops.yml");
        let has_values = ["data", "stringData"].iter().any(|key| {
            document
                .find(&[key])
                .is_some_and(|values| !values.as_map().map_or(values.is_null(), Map::is_empty))
        });
        if is_secret && has_values && !is_sops {
            let place = outputs.place(document.output, &document.node);
            sink.push(findings::secret_outside_sops(&place, document.name().unwrap_or("?")));
        }
    }
}

#[cfg(test)]
mod tests {
    use kiln_model::{Diagnostics, Rendered, Reveal, Secret, Span};

    use crate::rules::testing::{accept, reject};

    fn secret(values: &str) -> String {
        format!("{{apiVersion: v1, kind: Secret, metadata: {{name: s}}, {values}}}\n")
    }

    #[test]
    fn a_secret_with_values_is_in_a_sops_file() {
        let code = "manifest.secret-outside-sops";
        for values in ["stringData: {a: b}", "data: {a: Yg==}"] {
            accept(&[("x/secret.sops.yaml", &secret(values))]);
            reject(&[("x/secret.yaml", &secret(values))], code);
            reject(&[("x/sops.yaml", &secret(values))], code);
        }
        accept(&[("x/secret.yaml", &secret("type: Opaque, stringData: {}"))]);
        accept(&[("x/token.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: s}, data: {a: b}}\n")]);
    }

    #[test]
    fn a_secret_that_became_a_name_is_not_shown() {
        let reveal = Reveal { secret: Secret::new("token", "hunter2"), span: Span::NONE };
        let text = "{apiVersion: v1, kind: Secret, metadata: {name: x-hunter2}, data: {a: b}}\n";
        let output = Rendered::new("s.yaml", text, Span::NONE, vec![reveal]);
        let mut sink = Diagnostics::new();
        crate::check(&[output], &mut sink);
        let said: Vec<String> = sink.iter().map(|it| format!("{it:?}")).collect();
        assert_eq!(said.len(), 1);
        assert!(!said[0].contains("hunter2") && said[0].contains("`x-***`"), "{said:?}");
    }
}
