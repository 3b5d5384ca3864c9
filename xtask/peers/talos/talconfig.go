package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/config/types/v1alpha1"
	"go.yaml.in/yaml/v4"
)

// talconfig is the part of talhelper's format that is understood here; any other key is an error.
type talconfig struct {
	folder string
	env    map[string]string

	ClusterName                    string              `yaml:"clusterName"`
	TalosVersion                   string              `yaml:"talosVersion"`
	KubernetesVersion              string              `yaml:"kubernetesVersion"`
	Endpoint                       string              `yaml:"endpoint"`
	Domain                         string              `yaml:"domain"`
	AllowSchedulingOnControlPlanes bool                `yaml:"allowSchedulingOnControlPlanes"`
	AdditionalMachineCertSans      []string            `yaml:"additionalMachineCertSans"`
	AdditionalAPIServerCertSans    []string            `yaml:"additionalApiServerCertSans"`
	ClusterPodNets                 []string            `yaml:"clusterPodNets"`
	ClusterSvcNets                 []string            `yaml:"clusterSvcNets"`
	CNIConfig                      *v1alpha1.CNIConfig `yaml:"cniConfig"`
	Patches                        []string            `yaml:"patches"`
	ControlPlane                   group               `yaml:"controlPlane"`
	Worker                         group               `yaml:"worker"`
	Nodes                          []node              `yaml:"nodes"`
}

// group is what holds for every node of a role.
type group struct {
	Patches []string `yaml:"patches"`
}

type node struct {
	Hostname            string                         `yaml:"hostname"`
	IPAddress           string                         `yaml:"ipAddress"`
	ControlPlane        bool                           `yaml:"controlPlane"`
	InstallDisk         string                         `yaml:"installDisk"`
	InstallDiskSelector *v1alpha1.InstallDiskSelector  `yaml:"installDiskSelector"`
	MachineSpec         bootSpec                       `yaml:"machineSpec"`
	TalosImageURL       string                         `yaml:"talosImageURL"`
	CertSANs            []string                       `yaml:"certSANs"`
	NodeLabels          map[string]string              `yaml:"nodeLabels"`
	NodeAnnotations     map[string]string              `yaml:"nodeAnnotations"`
	NodeTaints          map[string]string              `yaml:"nodeTaints"`
	Nameservers         []string                       `yaml:"nameservers"`
	DisableSearchDomain bool                           `yaml:"disableSearchDomain"`
	KernelModules       []*v1alpha1.KernelModuleConfig `yaml:"kernelModules"`
	NetworkInterfaces   []*v1alpha1.Device             `yaml:"networkInterfaces"`
	Patches             []string                       `yaml:"patches"`
}

type bootSpec struct {
	Mode       string `yaml:"mode"`
	Arch       string `yaml:"arch"`
	Secureboot bool   `yaml:"secureboot"`
	UseUKI     bool   `yaml:"useUKI"`
	BootMethod string `yaml:"bootMethod"`
}

func readTalconfig(folder string) (*talconfig, error) {
	result := &talconfig{folder: folder, env: map[string]string{}}
	env, err := os.ReadFile(filepath.Join(folder, "talenv.yaml"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if err := yaml.Unmarshal(env, &result.env); err != nil {
		return nil, fmt.Errorf("talenv.yaml: %w", err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "talconfig.yaml"))
	if err != nil {
		return nil, err
	}
	text, err = result.substitute(text)
	if err != nil {
		return nil, fmt.Errorf("talconfig.yaml: %w", err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(result); err != nil {
		return nil, fmt.Errorf("talconfig.yaml: %w", err)
	}
	return result, nil
}

var placeholder = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// substitute puts the values of talenv.yaml in the place of ${name}.
func (t *talconfig) substitute(text []byte) ([]byte, error) {
	var unknown []string
	result := placeholder.ReplaceAllFunc(text, func(found []byte) []byte {
		name := string(placeholder.FindSubmatch(found)[1])
		value, ok := t.env[name]
		if !ok {
			unknown = append(unknown, name)
		}
		return []byte(value)
	})
	if len(unknown) > 0 {
		return nil, fmt.Errorf("talenv.yaml does not define %s", strings.Join(unknown, ", "))
	}
	return result, nil
}

// readPatch gives the text of a patch, which stands in talconfig.yaml itself or, after an @,
// is a path relative to it.
func (t *talconfig) readPatch(patch string) ([]byte, error) {
	path, isFile := strings.CutPrefix(patch, "@")
	if !isFile {
		return []byte(patch), nil
	}
	text, err := os.ReadFile(filepath.Join(t.folder, path))
	if err != nil {
		return nil, err
	}
	return t.substitute(text)
}
