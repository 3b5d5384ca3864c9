// Package crds names the modules that define the custom resources of the pack, so that go.mod
// pins them: at the versions that the pack installs, where it names one.
//
// `go mod tidy -e` keeps go.mod in order: tests of external-dns, which nothing here runs, want a
// module that the proxy does not serve.
//
// Nothing here is built into a program. The interoperability run takes the
// CustomResourceDefinitions that a module carries, or has controller-gen write them from the
// types, and makes schemas of them in its cache.
package crds

import (
	_ "github.com/cert-manager/cert-manager/pkg/apis/acme/v1"
	_ "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	_ "github.com/cilium/cilium/pkg/k8s/apis/cilium.io"
	_ "github.com/controlplaneio-fluxcd/flux-operator/api/v1"
	_ "github.com/envoyproxy/gateway/api/v1alpha1"
	_ "github.com/fluxcd/helm-controller/api/v2"
	_ "github.com/fluxcd/kustomize-controller/api/v1"
	_ "github.com/fluxcd/notification-controller/api/v1"
	_ "github.com/fluxcd/notification-controller/api/v1beta3"
	_ "github.com/fluxcd/source-controller/api/v1"
	_ "sigs.k8s.io/external-dns/apis/v1alpha1"
	_ "sigs.k8s.io/gateway-api/apis/v1"
	_ "sigs.k8s.io/gateway-api/apis/v1beta1"
)
