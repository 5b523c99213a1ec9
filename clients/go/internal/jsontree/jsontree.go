// Package jsontree reads JSON as trees of nil, bool, int64, uint64 (beyond int64), float64, string,
// []any and map[string]any: unlike those of encoding/json they keep every integer exact.
package jsontree

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// Of gives the tree of any value, as its JSON says.
func Of(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	trees, err := Read(text)
	if err != nil {
		return nil, err
	}
	return trees[0], nil
}

// Read reads documents that stand one after the other.
func Read(stream []byte) ([]any, error) {
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
		return number(string(v))
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

func number(text string) (any, error) {
	if strings.ContainsAny(text, ".eE") {
		return strconv.ParseFloat(text, 64)
	}
	if integer, err := strconv.ParseInt(text, 10, 64); err == nil {
		return integer, nil
	}
	return strconv.ParseUint(text, 10, 64)
}
