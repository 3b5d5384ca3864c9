//! Judges rendered Kubernetes manifests.
