// Answers what sops makes of documents, many in one process.
//
// Each line of the input is a request, each line of the output its answer, in the same
// order. Everything is done by the packages that the program sops consists of.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/getsops/sops/v3"
	"github.com/getsops/sops/v3/aes"
	"github.com/getsops/sops/v3/age"
	"github.com/getsops/sops/v3/cmd/sops/common"
	"github.com/getsops/sops/v3/cmd/sops/formats"
	"github.com/getsops/sops/v3/config"
	"github.com/getsops/sops/v3/keyservice"
	"github.com/getsops/sops/v3/version"
)

type request struct {
	// encrypt, decrypt, or reformat: read a plain file and write it.
	Task   string
	Format string
	Data   []byte
	// Recipients by group.
	Groups    [][]string
	Threshold int
	// One of the six options over what is encrypted.
	Option           string
	Pattern          string
	MacOnlyEncrypted bool
	YAMLIndent       int
	JSONIndent       int
	// What SOPS_AGE_KEY holds.
	Identities string
}

type answer struct {
	Data  []byte
	Error string
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	decoder, encoder := json.NewDecoder(in), json.NewEncoder(os.Stdout)
	for decoder.More() {
		var asked request
		if err := decoder.Decode(&asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		data, err := asked.result()
		given := answer{Data: data}
		if err != nil {
			given = answer{Error: err.Error()}
		}
		if err := encoder.Encode(given); err != nil {
			os.Exit(1)
		}
	}
}

// result turns a panic of sops into an error: other requests are to be answered too.
func (asked request) result() (data []byte, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v", panicked)
		}
	}()
	store, err := asked.store()
	if err != nil {
		return nil, err
	}
	switch asked.Task {
	case "encrypt":
		return asked.encrypt(store)
	case "decrypt":
		return asked.decrypt(store)
	case "reformat":
		branches, err := store.LoadPlainFile(asked.Data)
		if err != nil {
			return nil, err
		}
		return store.EmitPlainFile(branches)
	}
	return nil, errors.New("unknown task")
}

func (asked request) store() (common.Store, error) {
	names := map[string]formats.Format{
		"yaml": formats.Yaml, "json": formats.Json, "dotenv": formats.Dotenv,
		"ini": formats.Ini, "binary": formats.Binary,
	}
	format, found := names[asked.Format]
	if !found {
		return nil, errors.New("unknown format")
	}
	stores := config.NewStoresConfig()
	stores.YAML.Indent = asked.YAMLIndent
	stores.JSON.Indent = asked.JSONIndent
	stores.JSONBinary.Indent = asked.JSONIndent
	return common.StoreForFormat(format, stores), nil
}

func (asked request) encrypt(store common.Store) ([]byte, error) {
	branches, err := store.LoadPlainFile(asked.Data)
	if err != nil {
		return nil, err
	}
	if len(branches) < 1 {
		return nil, errors.New("File cannot be completely empty")
	}
	if store.HasSopsTopLevelKey(branches[0]) {
		return nil, errors.New("File already encrypted")
	}
	metadata, err := asked.metadata()
	if err != nil {
		return nil, err
	}
	tree := sops.Tree{Branches: branches, Metadata: metadata, FilePath: "/document"}
	key, failures := tree.GenerateDataKeyWithKeyServices(services())
	if len(failures) > 0 {
		return nil, fmt.Errorf("Could not generate data key: %s", failures)
	}
	options := common.EncryptTreeOpts{DataKey: key, Tree: &tree, Cipher: aes.NewCipher()}
	if err := common.EncryptTree(options); err != nil {
		return nil, err
	}
	return store.EmitEncryptedFile(tree)
}

func (asked request) metadata() (sops.Metadata, error) {
	metadata := sops.Metadata{
		ShamirThreshold:  asked.Threshold,
		MACOnlyEncrypted: asked.MacOnlyEncrypted,
		Version:          version.Version,
	}
	for _, recipients := range asked.Groups {
		var group sops.KeyGroup
		for _, recipient := range recipients {
			key, err := age.MasterKeyFromRecipient(recipient)
			if err != nil {
				return metadata, err
			}
			group = append(group, key)
		}
		metadata.KeyGroups = append(metadata.KeyGroups, group)
	}
	options := map[string]*string{
		"unencrypted_suffix":        &metadata.UnencryptedSuffix,
		"encrypted_suffix":          &metadata.EncryptedSuffix,
		"unencrypted_regex":         &metadata.UnencryptedRegex,
		"encrypted_regex":           &metadata.EncryptedRegex,
		"unencrypted_comment_regex": &metadata.UnencryptedCommentRegex,
		"encrypted_comment_regex":   &metadata.EncryptedCommentRegex,
	}
	if asked.Option == "" && asked.Format != "binary" {
		metadata.UnencryptedSuffix = sops.DefaultUnencryptedSuffix
	} else if field, found := options[asked.Option]; found {
		*field = asked.Pattern
	}
	return metadata, nil
}

func (asked request) decrypt(store common.Store) ([]byte, error) {
	if err := os.Setenv(age.SopsAgeKeyEnv, asked.Identities); err != nil {
		return nil, err
	}
	tree, err := store.LoadEncryptedFile(asked.Data)
	if err != nil {
		return nil, err
	}
	options := common.DecryptTreeOpts{
		Tree: &tree, KeyServices: services(), DecryptionOrder: []string{"age"}, Cipher: aes.NewCipher(),
	}
	if _, err := common.DecryptTree(options); err != nil {
		return nil, err
	}
	return store.EmitPlainFile(tree.Branches)
}

func services() []keyservice.KeyServiceClient {
	return []keyservice.KeyServiceClient{keyservice.NewLocalClient()}
}
