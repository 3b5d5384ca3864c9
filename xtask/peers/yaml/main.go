// What tools of Kubernetes read from YAML.
//
// On standard input comes one JSON text a line, which is YAML. For each, one line goes out with
// `kubectl`, what sigs.k8s.io/yaml makes of it, and `kustomize`, what yaml.v3 does, both as JSON
// would carry it; a text that is refused is `null` there.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"log"
	"os"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
	k8s "sigs.k8s.io/yaml"
)

// dated tells dates from text, which JSON does not.
func dated(value any) any {
	switch value := value.(type) {
	case time.Time:
		return map[string]any{"date": true}
	case map[string]any:
		for key := range value {
			value[key] = dated(value[key])
		}
	case []any:
		for index := range value {
			value[index] = dated(value[index])
		}
	}
	return value
}

// kubectl gives the JSON that Kubernetes gets, with numbers as they are written there.
func kubectl(text []byte) json.RawMessage {
	found, err := k8s.YAMLToJSON(text)
	if err != nil {
		return nil
	}
	return numbered(found)
}

func kustomize(text []byte) json.RawMessage {
	var value any
	if yaml.Unmarshal(text, &value) != nil {
		return nil
	}
	found, err := json.Marshal(dated(value))
	if err != nil {
		return nil
	}
	return numbered(found)
}

// numbered writes numbers as Kubernetes reads them: an integer if it is one of 64 bits, and else
// the nearest number of double precision, in an object of its own.
func numbered(text []byte) json.RawMessage {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil
	}
	out, err := json.Marshal(exact(value))
	if err != nil {
		return nil
	}
	return out
}

func exact(value any) any {
	switch value := value.(type) {
	case json.Number:
		if _, err := strconv.ParseInt(value.String(), 10, 64); err == nil {
			return map[string]any{"int": value.String()}
		}
		if _, err := strconv.ParseUint(value.String(), 10, 64); err == nil {
			return map[string]any{"int": value.String()}
		}
		return map[string]any{"float": value.String()}
	case map[string]any:
		for key := range value {
			value[key] = exact(value[key])
		}
	case []any:
		for index := range value {
			value[index] = exact(value[index])
		}
	}
	return value
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var text string
		if err := json.Unmarshal(lines.Bytes(), &text); err != nil {
			log.Fatal(err)
		}
		answer := map[string]json.RawMessage{"kubectl": kubectl([]byte(text)), "kustomize": kustomize([]byte(text))}
		if err := out.Encode(answer); err != nil {
			log.Fatal(err)
		}
	}
}
