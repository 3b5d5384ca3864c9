package main

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	machineapi "github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/compatibility"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/encoder"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/config/types/v1alpha1"
	"github.com/siderolabs/talos/pkg/machinery/config/validation"
)

// tool is a folder as talhelper or topf understands it.
type tool interface {
	cluster() clusterSpec
	check() error
	machines() []machineSpec
}

// clusterSpec is what all nodes have in common.
type clusterSpec struct {
	file, name, endpoint, talosVersion, kubernetesVersion string
}

// machineSpec is what makes the configuration of a node.
type machineSpec struct {
	name       string
	controller bool
	options    []generate.Option
	// input changes what Talos generates from, and config what it generates, before the patches.
	// Either may be nil.
	input  func(*generate.Input)
	config func(*v1alpha1.MachineConfig)
	// patches gives the texts of the patches in the order in which they are applied.
	patches func() ([]patch, error)
}

type patch struct {
	name string
	text []byte
}

// metal is the way of running that asks for most: there is a disk to install to.
type metal struct{}

func (metal) String() string        { return "metal" }
func (metal) RequiresInstall() bool { return true }
func (metal) InContainer() bool     { return false }

// bench holds what two folders share, so that their configurations can be compared.
type bench struct {
	contract *config.VersionContract
	secrets  *secrets.Bundle
}

func newBench(talosVersion string) (*bench, error) {
	contract, err := config.ParseContractFromVersion(talosVersion)
	if err != nil {
		return nil, err
	}
	bundle, err := secrets.NewBundle(secrets.NewFixedClock(time.Now()), contract)
	if err != nil {
		return nil, err
	}
	return &bench{contract: contract, secrets: bundle}, nil
}

// check looks at what Talos takes without a look.
func (c clusterSpec) check() error {
	var faults []error
	if endpoint, err := url.Parse(c.endpoint); err != nil || endpoint.Scheme != "https" || endpoint.Port() == "" {
		faults = append(faults, fmt.Errorf("endpoint %q is not https://HOST:PORT", c.endpoint))
	}
	talos, err := compatibility.ParseTalosVersion(&machineapi.VersionInfo{Tag: versionTag(c.talosVersion)})
	if err != nil {
		return errors.Join(append(faults, err)...)
	}
	kubernetes, err := compatibility.ParseKubernetesVersion(c.kubernetesVersion)
	if err != nil {
		return errors.Join(append(faults, err)...)
	}
	return errors.Join(append(faults, kubernetes.SupportedWith(talos))...)
}

// generate makes and validates the machine configuration of a node.
func (b *bench) generate(c clusterSpec, m machineSpec) (string, error) {
	options := append([]generate.Option{
		generate.WithVersionContract(b.contract),
		generate.WithSecretsBundle(b.secrets),
	}, m.options...)
	input, err := generate.NewInput(c.name, c.endpoint, strings.TrimPrefix(c.kubernetesVersion, "v"), options...)
	if err != nil {
		return "", err
	}
	role := machine.TypeWorker
	if m.controller {
		role = machine.TypeControlPlane
	}
	if m.input != nil {
		m.input(input)
	}
	base, err := input.Config(role)
	if err != nil {
		return "", err
	}
	if m.config != nil {
		base, err = base.PatchV1Alpha1(func(config *v1alpha1.Config) error {
			m.config(config.MachineConfig)
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	patches, err := m.load()
	if err != nil {
		return "", err
	}
	patched, err := configpatcher.Apply(configpatcher.WithConfig(base), patches)
	if err != nil {
		return "", err
	}
	return validate(patched)
}

func (m machineSpec) load() ([]configpatcher.Patch, error) {
	texts, err := m.patches()
	if err != nil {
		return nil, err
	}
	var patches []configpatcher.Patch
	for _, it := range texts {
		patch, err := configpatcher.LoadPatch(it.text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", it.name, err)
		}
		patches = append(patches, patch)
	}
	return patches, nil
}

// validate reads a configuration back as a machine would and lets Talos judge it; a warning is
// a fault too.
func validate(output configpatcher.Output) (string, error) {
	text, err := output.Bytes()
	if err != nil {
		return "", err
	}
	provider, err := configloader.NewFromBytes(text)
	if err != nil {
		return "", err
	}
	if _, err = provider.Validate(metal{}, validation.WithLocal(), validation.WithStrict()); err != nil {
		return "", err
	}
	canonical, err := provider.EncodeBytes(encoder.WithComments(encoder.CommentsDisabled))
	return installer.ReplaceAllString(string(canonical), "installer"), err
}

// installer is the name of the installer, which the Image Factory has under two names.
var installer = regexp.MustCompile(`\b(metal-)?installer`)

func firstDifference(one, other string) string {
	a, b := strings.Split(one, "\n"), strings.Split(other, "\n")
	for i := range a {
		if i >= len(b) {
			return fmt.Sprintf("%q is missing", a[i])
		}
		if a[i] != b[i] {
			return fmt.Sprintf("line %d is %q and %q", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("%q is missing", b[len(a)])
}

func versionTag(version string) string {
	return "v" + strings.TrimPrefix(version, "v")
}
