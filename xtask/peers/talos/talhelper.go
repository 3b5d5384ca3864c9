package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/types/v1alpha1"
)

func (t *talconfig) cluster() clusterSpec {
	return clusterSpec{"talconfig.yaml", t.ClusterName, t.Endpoint, t.TalosVersion, t.KubernetesVersion}
}

func (t *talconfig) check() error {
	var faults []error
	for _, network := range append(append([]string{}, t.ClusterPodNets...), t.ClusterSvcNets...) {
		if prefix, err := netip.ParsePrefix(network); err != nil || prefix != prefix.Masked() {
			faults = append(faults, fmt.Errorf("%q is not a network", network))
		}
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
	return errors.Join(faults...)
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

func (t *talconfig) machines() []machineSpec {
	var result []machineSpec
	for _, n := range t.Nodes {
		group := t.Worker
		if n.ControlPlane {
			group = t.ControlPlane
		}
		result = append(result, machineSpec{
			name:       n.Hostname,
			controller: n.ControlPlane,
			options:    t.options(n),
			input:      func(input *generate.Input) { t.describe(n, input) },
			config:     n.describe,
			patches:    func() ([]patch, error) { return t.patches(n, t.Patches, group.Patches, n.Patches) },
		})
	}
	return result
}

func (t *talconfig) options(n node) []generate.Option {
	image := n.TalosImageURL
	if image == "" {
		image = "ghcr.io/siderolabs/installer"
	}
	options := []generate.Option{
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
	return options
}

func (t *talconfig) describe(n node, input *generate.Input) {
	input.AdditionalMachineCertSANs = append(append([]string{}, t.AdditionalMachineCertSans...), n.CertSANs...)
	if len(t.ClusterPodNets) > 0 {
		input.PodNet = t.ClusterPodNets
	}
	if len(t.ClusterSvcNets) > 0 {
		input.ServiceNet = t.ClusterSvcNets
	}
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

// patches gives the patches of a node in the order in which they are applied; its host name is
// the first.
func (t *talconfig) patches(n node, groups ...[]string) ([]patch, error) {
	contract, err := config.ParseContractFromVersion(t.TalosVersion)
	if err != nil {
		return nil, err
	}
	hostname := "machine:\n  network:\n    hostname: " + n.Hostname + "\n"
	if contract.MultidocNetworkConfigSupported() {
		hostname = "apiVersion: v1alpha1\nkind: HostnameConfig\nauto: off\nhostname: " + n.Hostname + "\n"
	}
	result := []patch{{"the host name", []byte(hostname)}}
	for _, group := range groups {
		for _, text := range group {
			content, err := t.readPatch(text)
			if err != nil {
				return nil, err
			}
			result = append(result, patch{strings.SplitN(text, "\n", 2)[0], content})
		}
	}
	return result, nil
}
