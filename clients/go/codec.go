package mayfly

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// codec is how values are spelt on the wire. A stream is its documents one after the other.
type codec struct {
	mediaType, streamType string
	encode                func(value any) ([]byte, error)
	decode                func(stream []byte) ([]any, error)
}

var (
	jsonCodec = codec{"application/json", "application/x-ndjson", encodeJSON, decodeJSON}
	cborCodec = codec{"application/cbor", "application/cbor-seq", EncodeCBOR, decodeSequence}
)

// encodeJSON ends the document with a line feed.
func encodeJSON(value any) ([]byte, error) {
	var out bytes.Buffer
	err := json.NewEncoder(&out).Encode(value)
	return out.Bytes(), err
}

// decodeJSON reads documents as trees. Integers stay exact: int64, or uint64 beyond it.
func decodeJSON(stream []byte) ([]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(stream))
	decoder.UseNumber()
	var trees []any
	for {
		var tree any
		err := decoder.Decode(&tree)
		if err == io.EOF {
			return trees, nil
		}
		if err == nil {
			tree, err = numbers(tree)
		}
		if err != nil {
			return nil, err
		}
		trees = append(trees, tree)
	}
}

// numbers replaces each json.Number in a tree by the number that it is.
func numbers(tree any) (any, error) {
	var err error
	switch v := tree.(type) {
	case json.Number:
		text := v.String()
		if strings.ContainsAny(text, ".eE") {
			return strconv.ParseFloat(text, 64)
		}
		if integer, err := strconv.ParseInt(text, 10, 64); err == nil {
			return integer, nil
		}
		return strconv.ParseUint(text, 10, 64)
	case []any:
		for i := range v {
			if v[i], err = numbers(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for name := range v {
			if v[name], err = numbers(v[name]); err != nil {
				return nil, err
			}
		}
	}
	return tree, nil
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
