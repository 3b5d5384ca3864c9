//! Judges rendered Kubernetes manifests.
//!
//! [`check`] reads the outputs of a run in plain form and says what a cluster would
//! stumble over: YAML that cannot be parsed, kustomizations that name files nobody
//! renders, files that no kustomization names, Flux objects that point at nothing,
//! secrets where they would not be encrypted, and scalars that kubectl and kustomize take
//! for different things.
//!
//! It changes nothing, reads no disk and asks no cluster, so it cannot say whether an
//! object fits its schema. Rendered text may hold secrets: messages name files, lines,
//! kinds and names, and show no excerpt; places are those of the templates.
//!
//! ```
//! use kiln_model::{Diagnostics, Rendered, Span};
//!
//! let text = "resources: [./missing.yaml]\n";
//! let outputs = [Rendered::new("apps/kustomization.yaml", text, Span::NONE, Vec::new())];
//! let mut sink = Diagnostics::new();
//! kiln_manifest::check(&outputs, &mut sink);
//! assert_eq!(sink.iter().next().unwrap().code, "manifest.kustomization-missing-resource");
//! ```

mod rules;

mod builds;

mod kustomization;

mod outputs;

mod findings;

mod pruned;

use kiln_model::{Diagnostics, Rendered};

pub use pruned::{Pruned, pruned};

/// Judges the outputs of one run, all of them together, and reports every finding.
///
/// `rendered` is plain text, in any order; outputs that are not YAML count as files that
/// can be referred to.
pub fn check(rendered: &[Rendered], sink: &mut Diagnostics) {
    let outputs = outputs::Outputs::read(rendered, sink);
    let kustomizations = kustomization::read_all(&outputs);
    let builds = builds::Builds::of(&outputs, &kustomizations);
    rules::references::missing(&outputs, &kustomizations, sink);
    rules::references::orphans(&outputs, &kustomizations, &builds, sink);
    rules::flux::missing_paths(&outputs, &kustomizations, sink);
    rules::flux::dependencies(&outputs, &builds, sink);
    rules::flux::charts(&outputs, &builds, sink);
    rules::objects::incomplete(&outputs, &kustomizations, sink);
    rules::objects::duplicates(&outputs, &builds, sink);
    rules::secrets::outside_sops(&outputs, sink);
    rules::readings::ambiguous(&outputs, sink);
}

/// Judges each output of a run that did not make them all by itself: what one says of others
/// is not looked at.
pub fn check_each(rendered: &[Rendered], sink: &mut Diagnostics) {
    let outputs = outputs::Outputs::read(rendered, sink);
    let kustomizations = kustomization::read_all(&outputs);
    rules::objects::incomplete(&outputs, &kustomizations, sink);
    rules::secrets::outside_sops(&outputs, sink);
    rules::readings::ambiguous(&outputs, sink);
}
