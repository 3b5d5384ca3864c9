package main

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	machineapi "github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/compatibility"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/config/types/v1alpha1"
	"github.com/siderolabs/talos/pkg/machinery/config/validation"
)

// metal is the way of running that asks for most: there is a disk to install to.
type metal struct{}

func (metal) String() string        { return "metal" }
func (metal) RequiresInstall() bool { return true }
func (metal) InContainer() bool     { return false }

// cluster is what all nodes have in common.
type cluster struct {
	talconfig *talconfig
	contract  *config.VersionContract
	secrets   *secrets.Bundle
}

func newCluster(t *talconfig) (*cluster, error) {
	contract, err := config.ParseContractFromVersion(t.TalosVersion)
	if err != nil {
		return nil, err
	}
	bundle, err := secrets.NewBundle(secrets.NewFixedClock(time.Now()), contract)
	if err != nil {
		return nil, err
	}
	return &cluster{talconfig: t, contract: contract, secrets: bundle}, t.check()
}

// check looks at what Talos takes without a look.
func (t *talconfig) check() error {
	var faults []error
	if endpoint, err := url.Parse(t.Endpoint); err != nil || endpoint.Scheme != "https" || endpoint.Port() == "" {
		faults = append(faults, fmt.Errorf("endpoint %q is not https://HOST:PORT", t.Endpoint))
	}
	for _, network := range append(append([]string{}, t.ClusterPodNets...), t.ClusterSvcNets...) {
		if prefix, err := netip.ParsePrefix(network); err != nil || prefix != prefix.Masked() {
			faults = append(faults, fmt.Errorf("%q is not a network", network))
		}
	}
	talos, err := compatibility.ParseTalosVersion(&machineapi.VersionInfo{Tag: versionTag(t.TalosVersion)})
	if err != nil {
		return errors.Join(append(faults, err)...)
	}
	kubernetes, err := compatibility.ParseKubernetesVersion(t.KubernetesVersion)
	if err != nil {
		return errors.Join(append(faults, err)...)
	}
	controllers := 0
	for _, node := range t.Nodes {
		faults = append(faults, node.check())
		if node.ControlPlane {
			controllers++
		}
	}
	if controllers == 0 {
		faults = append(faults, errors.New("no node is a controller"))
	}
	return errors.Join(append(faults, kubernetes.SupportedWith(talos))...)
}

func (n node) check() error {
	var faults []error
	if _, err := netip.ParseAddr(n.IPAddress); err != nil {
		faults = append(faults, err)
	}
	if (n.InstallDisk == "") == (n.InstallDiskSelector == nil) {
		faults = append(faults, fmt.Errorf("%s needs one of installDisk and installDiskSelector", n.Hostname))
	}
	name := n.TalosImageURL[strings.LastIndex(n.TalosImageURL, "/")+1:]
	if strings.ContainsAny(name, ":@") {
		faults = append(faults, fmt.Errorf("%s: talosImageURL has a tag or a digest", n.Hostname))
	}
	return errors.Join(faults...)
}

// generate makes and validates the machine configuration of a node.
func (c *cluster) generate(n node) error {
	input, err := c.input(n)
	if err != nil {
		return err
	}
	role, group := machine.TypeWorker, c.talconfig.Worker
	if n.ControlPlane {
		role, group = machine.TypeControlPlane, c.talconfig.ControlPlane
	}
	base, err := input.Config(role)
	if err != nil {
		return err
	}
	base, err = base.PatchV1Alpha1(func(config *v1alpha1.Config) error {
		n.describe(config.MachineConfig)
		return nil
	})
	if err != nil {
		return err
	}
	patches, err := c.patches(n, c.talconfig.Patches, group.Patches, n.Patches)
	if err != nil {
		return err
	}
	patched, err := configpatcher.Apply(configpatcher.WithConfig(base), patches)
	if err != nil {
		return err
	}
	return validate(patched)
}

func (c *cluster) input(n node) (*generate.Input, error) {
	t := c.talconfig
	image := n.TalosImageURL
	if image == "" {
		image = "ghcr.io/siderolabs/installer"
	}
	options := []generate.Option{
		generate.WithVersionContract(c.contract),
		generate.WithSecretsBundle(c.secrets),
		generate.WithInstallImage(image + ":" + versionTag(t.TalosVersion)),
		generate.WithInstallDisk(n.InstallDisk),
		generate.WithAdditionalSubjectAltNames(t.AdditionalAPIServerCertSans),
		generate.WithAllowSchedulingOnControlPlanes(t.AllowSchedulingOnControlPlanes),
	}
	if t.CNIConfig != nil {
		options = append(options, generate.WithClusterCNIConfig(t.CNIConfig))
	}
	if t.Domain != "" {
		options = append(options, generate.WithDNSDomain(t.Domain))
	}
	kubernetes := strings.TrimPrefix(t.KubernetesVersion, "v")
	input, err := generate.NewInput(t.ClusterName, t.Endpoint, kubernetes, options...)
	if err != nil {
		return nil, err
	}
	input.AdditionalMachineCertSANs = append(append([]string{}, t.AdditionalMachineCertSans...), n.CertSANs...)
	if len(t.ClusterPodNets) > 0 {
		input.PodNet = t.ClusterPodNets
	}
	if len(t.ClusterSvcNets) > 0 {
		input.ServiceNet = t.ClusterSvcNets
	}
	return input, nil
}

// describe puts the node's own values into its configuration.
func (n node) describe(config *v1alpha1.MachineConfig) {
	config.MachineInstall.InstallDiskSelector = n.InstallDiskSelector
	if config.MachineNetwork == nil {
		config.MachineNetwork = &v1alpha1.NetworkConfig{}
	}
	config.MachineNetwork.NetworkInterfaces = n.NetworkInterfaces
	config.MachineNetwork.NameServers = n.Nameservers
	if n.DisableSearchDomain {
		config.MachineNetwork.NetworkDisableSearchDomain = &n.DisableSearchDomain
	}
	if len(n.KernelModules) > 0 {
		config.MachineKernel = &v1alpha1.KernelConfig{KernelModules: n.KernelModules}
	}
	for key, value := range n.NodeLabels {
		if config.MachineNodeLabels == nil {
			config.MachineNodeLabels = map[string]string{}
		}
		config.MachineNodeLabels[key] = value
	}
	config.MachineNodeAnnotations = n.NodeAnnotations
	config.MachineNodeTaints = n.NodeTaints
}

// patches loads the patches of a node in the order in which they are applied; its host name
// is the first.
func (c *cluster) patches(n node, groups ...[]string) ([]configpatcher.Patch, error) {
	texts := []string{"machine:\n  network:\n    hostname: " + n.Hostname + "\n"}
	if c.contract.MultidocNetworkConfigSupported() {
		texts[0] = "apiVersion: v1alpha1\nkind: HostnameConfig\nauto: off\nhostname: " + n.Hostname + "\n"
	}
	for _, group := range groups {
		texts = append(texts, group...)
	}
	var patches []configpatcher.Patch
	for _, text := range texts {
		content, err := c.talconfig.readPatch(text)
		if err != nil {
			return nil, err
		}
		patch, err := configpatcher.LoadPatch(content)
		if err != nil {
			return nil, fmt.Errorf("patch %s: %w", strings.SplitN(text, "\n", 2)[0], err)
		}
		patches = append(patches, patch)
	}
	return patches, nil
}

// validate reads a configuration back as a machine would and lets Talos judge it; a warning is
// a fault too.
func validate(output configpatcher.Output) error {
	text, err := output.Bytes()
	if err != nil {
		return err
	}
	provider, err := configloader.NewFromBytes(text)
	if err != nil {
		return err
	}
	_, err = provider.Validate(metal{}, validation.WithLocal(), validation.WithStrict())
	return err
}

func versionTag(version string) string {
	return "v" + strings.TrimPrefix(version, "v")
}
