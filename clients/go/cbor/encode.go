package cbor

import (
	"bytes"
	"encoding/binary"
	"math"
	"sort"
	"strings"

	"mayfly.io/clients/go/internal/jsontree"
)

// Encode encodes a value. One of another type than the package names is encoded as its JSON says.
// Text that is not UTF-8 is mended as encoding/json mends it.
func Encode(value any) (encoded []byte, err error) {
	defer catch(&err)
	return appendItem(nil, value, 0), nil
}

func appendItem(out []byte, value any, depth int) []byte {
	if depth > nestingMost {
		panic(failure("is nested too deeply"))
	}
	switch v := value.(type) {
	case nil:
		return append(out, 0xf6)
	case bool:
		if v {
			return append(out, 0xf5)
		}
		return append(out, 0xf4)
	case int64:
		if v < 0 {
			return appendHead(out, 1, uint64(^v))
		}
		return appendHead(out, 0, uint64(v))
	case uint64:
		return appendHead(out, 0, v)
	case float64:
		return appendFloat(out, v)
	case string:
		text := strings.ToValidUTF8(v, "\uFFFD")
		return append(appendHead(out, 3, uint64(len(text))), text...)
	case []byte:
		return append(appendHead(out, 2, uint64(len(v))), v...)
	case []any:
		out = appendHead(out, 4, uint64(len(v)))
		for _, item := range v {
			out = appendItem(out, item, depth+1)
		}
		return out
	case map[string]any:
		return appendMap(out, v, depth)
	default:
		tree, err := jsontree.Of(v)
		if err != nil {
			panic(failure("needs a value that JSON can say: " + err.Error()))
		}
		return appendItem(out, tree, depth)
	}
}

func appendMap(out []byte, members map[string]any, depth int) []byte {
	encoded := make([][2][]byte, 0, len(members))
	for name, member := range members {
		encoded = append(encoded, [2][]byte{appendItem(nil, name, depth), appendItem(nil, member, depth+1)})
	}
	sort.Slice(encoded, func(i, j int) bool { return bytes.Compare(encoded[i][0], encoded[j][0]) < 0 })
	out = appendHead(out, 5, uint64(len(members)))
	for _, member := range encoded {
		out = append(append(out, member[0]...), member[1]...)
	}
	return out
}

// appendHead appends a major type and its argument in the shortest form.
func appendHead(out []byte, major byte, argument uint64) []byte {
	if argument < 24 {
		return append(out, major<<5|byte(argument))
	}
	size := 0 // Of the argument, as a power of two.
	for size < 3 && argument>>(8<<size) != 0 {
		size++
	}
	out = append(out, major<<5|byte(24+size))
	for bits := 8 << size; bits > 0; bits -= 8 {
		out = append(out, byte(argument>>(bits-8)))
	}
	return out
}

// appendFloat appends the shortest of half, single and double precision that keeps the number.
func appendFloat(out []byte, number float64) []byte {
	single := float32(finite(number))
	if float64(single) != number {
		return binary.BigEndian.AppendUint64(append(out, 0xfb), math.Float64bits(number))
	}
	if half := toHalf(number); fromHalf(half) == number {
		return binary.BigEndian.AppendUint16(append(out, 0xf9), half)
	}
	return binary.BigEndian.AppendUint32(append(out, 0xfa), math.Float32bits(single))
}
