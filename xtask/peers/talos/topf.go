package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"go.yaml.in/yaml/v4"
)

// topf is the part of topf's format that is understood here; any other key is an error.
type topf struct {
	folder string

	ClusterName       string     `yaml:"clusterName"`
	ClusterEndpoint   string     `yaml:"clusterEndpoint"`
	KubernetesVersion string     `yaml:"kubernetesVersion"`
	TalosVersion      string     `yaml:"talosVersion"`
	SchematicID       string     `yaml:"schematicId"`
	Secureboot        bool       `yaml:"secureboot"`
	PatchesDir        string     `yaml:"patchesDir"`
	SecretsPath       string     `yaml:"secretsPath"`
	Nodes             []topfNode `yaml:"nodes"`
}

type topfNode struct {
	Host        string `yaml:"host"`
	IP          string `yaml:"ip"`
	Role        string `yaml:"role"`
	SchematicID string `yaml:"schematicId"`
	Secureboot  bool   `yaml:"secureboot"`
}

func readTopf(folder string) (*topf, error) {
	text, err := os.ReadFile(filepath.Join(folder, "topf.yaml"))
	if err != nil {
		return nil, err
	}
	result := &topf{folder: folder}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(result); err != nil {
		return nil, fmt.Errorf("topf.yaml: %w", err)
	}
	return result, nil
}

func (t *topf) cluster() clusterSpec {
	return clusterSpec{"topf.yaml", t.ClusterName, t.ClusterEndpoint, t.TalosVersion, t.KubernetesVersion}
}

func (t *topf) check() error {
	var faults []error
	controllers := 0
	for _, node := range t.Nodes {
		if _, err := netip.ParseAddr(node.IP); err != nil {
			faults = append(faults, err)
		}
		switch node.Role {
		case "control-plane":
			controllers++
		case "worker":
		default:
			faults = append(faults, fmt.Errorf("%s has the role %q", node.Host, node.Role))
		}
	}
	if controllers == 0 {
		faults = append(faults, errors.New("no node is a controller"))
	}
	return errors.Join(append(faults, t.checkFolders())...)
}

// checkFolders looks for patches that no node gets.
func (t *topf) checkFolders() error {
	known := map[string]bool{}
	for _, node := range t.Nodes {
		for _, folder := range node.folders() {
			known[folder] = true
		}
	}
	root := filepath.Join(t.folder, t.PatchesDir)
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err == nil && !known[folder] {
			err = fmt.Errorf("no node gets the patch %s", path)
		}
		return err
	})
}

// folders gives where the patches of a node are, in the order in which they are applied.
func (n topfNode) folders() []string {
	return []string{"all", n.Role, filepath.Join("node", n.Host)}
}

func (t *topf) machines() []machineSpec {
	var result []machineSpec
	for _, n := range t.Nodes {
		result = append(result, machineSpec{
			name:       n.Host,
			controller: n.Role == "control-plane",
			options:    []generate.Option{generate.WithInstallImage(t.image(n))},
			patches:    func() ([]patch, error) { return t.patches(n) },
		})
	}
	return result
}

func (t *topf) image(n topfNode) string {
	name, schematic := "metal-installer", t.SchematicID
	if n.Secureboot || t.Secureboot {
		name += "-secureboot"
	}
	if n.SchematicID != "" {
		schematic = n.SchematicID
	}
	return "factory.talos.dev/" + name + "/" + schematic + ":" + versionTag(t.TalosVersion)
}

func (t *topf) patches(n topfNode) ([]patch, error) {
	var result []patch
	for _, folder := range n.folders() {
		folder = filepath.Join(t.folder, t.PatchesDir, folder)
		entries, err := os.ReadDir(folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, entry := range entries {
			path := filepath.Join(folder, entry.Name())
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			if entry.IsDir() || !strings.HasSuffix(path, ".yaml") {
				return nil, fmt.Errorf("%s is not a patch", path)
			}
			result = append(result, patch{path, text})
		}
	}
	return result, nil
}
