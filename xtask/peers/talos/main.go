// Command talos-genconfig does what `talhelper genconfig` does with a talconfig.yaml, and keeps nothing.
//
// For every node it makes the machine configuration that Talos would be installed with:
// from a fresh secrets bundle, the cluster's values, the node's values and all patches,
// in that order. Talos's own code loads, merges and validates each; a key that it does
// not know is an error.
//
// Usage: talos-genconfig FOLDER, where FOLDER holds talconfig.yaml and what it refers to.
// It prints a JSON object {"claim": ..., "fault": null or text} per line, and ends with an
// error only if it cannot read the files.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: talos-genconfig FOLDER")
		os.Exit(2)
	}
	talconfig, err := readTalconfig(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	cluster, err := newCluster(talconfig)
	claim("talconfig.yaml describes a cluster", err)
	if err != nil {
		return
	}
	for _, node := range talconfig.Nodes {
		claim(node.Hostname+" has a valid machine configuration", cluster.generate(node))
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
