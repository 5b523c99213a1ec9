package mayfly

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"

	"mayfly.io/clients/go/cbor"
	"mayfly.io/clients/go/internal/jsontree"
)

// codec is how values are spelt on the wire. A stream is its documents one after the other.
type codec struct {
	mediaType, streamType string
	encode                func(value any) ([]byte, error)
	decode                func(stream []byte) ([]any, error)
}

var (
	jsonCodec = codec{"application/json", "application/x-ndjson", encodeJSON, jsontree.Read}
	cborCodec = codec{"application/cbor", "application/cbor-seq", cbor.Encode, cbor.DecodeSequence}
)

// encodeJSON ends the document with a line feed.
func encodeJSON(value any) ([]byte, error) {
	var out bytes.Buffer
	err := json.NewEncoder(&out).Encode(value)
	return out.Bytes(), err
}

// read decodes one document into a variable.
func (c codec) read(document []byte, into any) error {
	trees, err := c.decode(document)
	if err == nil && len(trees) != 1 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	return assign(trees[0], into)
}

// assign puts a tree into a variable: as it is into an any, else as its JSON says.
func assign(tree, into any) error {
	if target, ok := into.(*any); ok {
		*target = tree
		return nil
	}
	text, err := json.Marshal(tree)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// assignParts puts an object into a variable, and its member "value", if it has one, into another.
func assignParts(tree, into, value any) error {
	err := assign(tree, into)
	if part, there := member(tree, "value"); err == nil && there && value != nil {
		err = assign(part, value)
	}
	return err
}

func member(tree any, name string) (any, bool) {
	members, _ := tree.(map[string]any)
	value, there := members[name]
	return value, there
}

// Digest is the digest that reconciliation compares: sha-256: and the hash of the value's CBOR.
func Digest(value any) (string, error) {
	encoded, err := cbor.Encode(value)
	hash := sha256.Sum256(encoded)
	return "sha-256:" + hex.EncodeToString(hash[:]), err
}
