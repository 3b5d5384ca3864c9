//! Judges rendered Kubernetes manifests.
//!
//! [`check`] reads the outputs of a run in plain form and says what a cluster would
//! stumble over: YAML that cannot be parsed, kustomizations that name files nobody
//! renders, files that no kustomization names, Flux objects that point at nothing,
//! secrets where they would not be encrypted, and scalars that kubectl and kustomize take
//! for different things.
//!
//! It changes nothing, reads no disk and asks no cluster, so it cannot say whether an
//! object fits its schema. Rendered text may hold secrets: messages name files, kinds and
//! names. Places are those of the outputs; whoever asks knows which template made them.
//!
//! ```
//! use kiln_model::{Diagnostics, Rendered, Span};
//!
//! let text = "resources: [./missing.yaml]\n";
//! let outputs = [Rendered::new("apps/kustomization.yaml", text, Span::NONE, Vec::new())];
//! let mut sink = Diagnostics::new();
//! let texts = kiln_manifest::check(&outputs, &mut sink);
//! let found = sink.iter().next().unwrap();
//! assert_eq!(found.code, "manifest.kustomization-missing-resource");
//! assert_eq!(texts.slice(found.span()), "./missing.yaml");
//! ```

mod rules;

mod builds;

mod kustomization;

mod outputs;

mod findings;

mod pruned;

use kiln_model::{Diagnostics, Rendered, Sources};

pub use pruned::{Pruned, pruned};

/// Judges the outputs of one run, all of them together, and reports every finding.
///
/// `rendered` is plain text, in any order; outputs that are not YAML count as files that
/// can be referred to.
///
/// Gives the texts that the findings point into: the outputs by their paths. An empty place at the
/// beginning stands for a whole output; the text of one that is not YAML is left out.
pub fn check(rendered: &[Rendered], sink: &mut Diagnostics) -> Sources {
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
    outputs.into_texts()
}

/// Judges each output of a run that did not make them all by itself: what one says of others
/// is not looked at.
///
/// Gives the texts that the findings point into, as [`check`] does.
pub fn check_each(rendered: &[Rendered], sink: &mut Diagnostics) -> Sources {
    let outputs = outputs::Outputs::read(rendered, sink);
    let kustomizations = kustomization::read_all(&outputs);
    rules::objects::incomplete(&outputs, &kustomizations, sink);
    rules::secrets::outside_sops(&outputs, sink);
    rules::readings::ambiguous(&outputs, sink);
    outputs.into_texts()
}
