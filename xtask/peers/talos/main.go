// Command talos-genconfig does what `talhelper genconfig` does with a talconfig.yaml, and
// `topf render` with a topf.yaml, and keeps nothing.
//
// For every node it makes the machine configuration that Talos would be installed with:
// from a fresh secrets bundle, the cluster's values, the node's values and all patches,
// in that order. Talos's own code loads, merges and validates each; a key that it does
// not know is an error.
//
// Usage: talos-genconfig FOLDER [OTHER], where FOLDER holds talconfig.yaml or topf.yaml and
// what it refers to. With an OTHER, both also have to make the same configurations from the
// same secrets, but for the name under which the Image Factory has the installer.
// It prints a JSON object {"claim": ..., "fault": null or text} per line, and ends with an
// error only if it cannot read the files.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 && len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: talos-genconfig FOLDER [OTHER]")
		os.Exit(2)
	}
	var all []map[string]string
	var common *bench
	for _, folder := range os.Args[1:] {
		tool, err := read(folder)
		if err == nil && common == nil {
			common, err = newBench(tool.cluster().talosVersion)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		all = append(all, judge(tool, common))
	}
	if len(all) == 2 {
		compare(all[0], all[1])
	}
}

// read takes the folder of either tool.
func read(folder string) (tool, error) {
	if _, err := os.Stat(filepath.Join(folder, "topf.yaml")); err == nil {
		return readTopf(folder)
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return readTalconfig(folder)
}

// judge claims that every configuration is valid, and gives those that are, by node.
func judge(tool tool, common *bench) map[string]string {
	result := map[string]string{}
	cluster := tool.cluster()
	err := errors.Join(cluster.check(), tool.check())
	claim(cluster.file+" describes a cluster", err)
	if err != nil {
		return result
	}
	for _, machine := range tool.machines() {
		text, err := common.generate(cluster, machine)
		claim(fmt.Sprintf("%s: %s has a valid machine configuration", cluster.file, machine.name), err)
		result[machine.name] = text
	}
	return result
}

func compare(one, other map[string]string) {
	for name, text := range one {
		var err error
		if text == "" || text != other[name] {
			err = errors.New(firstDifference(text, other[name]))
		}
		claim(name+" has the same configuration from both folders", err)
	}
}

func claim(text string, err error) {
	line := struct {
		Claim string  `json:"claim"`
		Fault *string `json:"fault"`
	}{Claim: text}
	if err != nil {
		fault := err.Error()
		line.Fault = &fault
	}
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		panic(err)
	}
}
