package mayfly

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"
	"sort"
	"strings"
	"unicode/utf8"
)

// nestingMost is how deep values may be nested, as the server allows.
const nestingMost = 64

// cborError says why something cannot be encoded or decoded. It is thrown within this file alone.
type cborError string

func (e cborError) Error() string { return "mayfly: CBOR " + string(e) }

func catch(err *error) {
	if thrown := recover(); thrown != nil {
		reason, ok := thrown.(cborError)
		if !ok {
			panic(thrown)
		}
		*err = reason
	}
}

// EncodeCBOR gives the deterministic encoding of a value (RFC 8949, 4.2.1): equal values have equal
// bytes in every language. What is not made of nil, bool, int64, uint64, float64, string, []byte,
// []any and map[string]any is encoded as its JSON says.
func EncodeCBOR(value any) (encoded []byte, err error) {
	defer catch(&err)
	return appendItem(nil, value, 0), nil
}

// Digest is the digest that reconciliation compares: sha-256: and the hash of EncodeCBOR.
func Digest(value any) (string, error) {
	encoded, err := EncodeCBOR(value)
	hash := sha256.Sum256(encoded)
	return "sha-256:" + hex.EncodeToString(hash[:]), err
}

func appendItem(out []byte, value any, depth int) []byte {
	if depth > nestingMost {
		panic(cborError("is nested too deeply"))
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
		var tree any
		text, err := json.Marshal(v)
		if err == nil {
			err = jsonCodec.read(text, &tree)
		}
		if err != nil {
			panic(cborError("needs a value that JSON can say: " + err.Error()))
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

// A half is a single whose exponent counts from 15 instead of 127, without the last 13 bits.
const halfScale, halfCut = 0x1p112, 13

// toHalf is exact only where a half can say the number.
func toHalf(number float64) uint16 {
	bits := math.Float32bits(float32(number / halfScale))
	return uint16(bits>>16&0x8000 | bits>>halfCut&0x7fff)
}

func fromHalf(half uint16) float64 {
	if half&0x7c00 == 0x7c00 {
		return math.Inf(1)
	}
	return float64(math.Float32frombits(uint32(half&0x8000)<<16|uint32(half&0x7fff)<<halfCut)) * halfScale
}

func finite(number float64) float64 {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		panic(cborError("has a number that is not finite"))
	}
	return number
}

// DecodeCBOR reads one item as nil, bool, int64, uint64 (beyond int64), float64, string, []byte,
// []any or map[string]any.
func DecodeCBOR(data []byte) (value any, err error) {
	values, err := decodeSequence(data)
	if err == nil && len(values) != 1 {
		err = cborError("is not exactly one item")
	}
	if err != nil {
		return nil, err
	}
	return values[0], nil
}

// decodeSequence reads the items of a CBOR sequence (RFC 8742).
func decodeSequence(data []byte) (values []any, err error) {
	defer catch(&err)
	for d := (decoder{data}); len(d.data) > 0; {
		values = append(values, d.item(0))
	}
	return values, nil
}

type decoder struct{ data []byte }

const indefinite = 31

func (d *decoder) take(count uint64) []byte {
	if count > uint64(len(d.data)) {
		panic(cborError("ends too early"))
	}
	taken := d.data[:count]
	d.data = d.data[count:]
	return taken
}

func (d *decoder) head() (major, info byte, argument uint64) {
	first := d.take(1)[0]
	major, info = first>>5, first&0x1f
	if info < 24 || info == indefinite && major >= 2 && major <= 5 {
		return major, info, uint64(info)
	}
	if info > 27 {
		panic(cborError("has a reserved head"))
	}
	for _, b := range d.take(1 << (info - 24)) {
		argument = argument<<8 | uint64(b)
	}
	return major, info, argument
}

func (d *decoder) item(depth int) any {
	if depth > nestingMost {
		panic(cborError("is nested too deeply"))
	}
	major, info, argument := d.head()
	switch major {
	case 0:
		if argument <= math.MaxInt64 {
			return int64(argument)
		}
		return argument
	case 1:
		if argument > math.MaxInt64 {
			panic(cborError("has an integer below -2^63"))
		}
		return ^int64(argument)
	case 2:
		return d.chunks(2, info, argument)
	case 3:
		return d.text(info, argument)
	case 4:
		items := []any{}
		for d.more(info, &argument) {
			items = append(items, d.item(depth+1))
		}
		return items
	case 5:
		members := map[string]any{}
		for d.more(info, &argument) {
			major, info, length := d.head()
			if major != 3 {
				panic(cborError("has a map key that is not text"))
			}
			members[d.text(info, length)] = d.item(depth + 1)
		}
		return members
	case 6:
		panic(cborError("has a tag"))
	default:
		return simple(info, argument)
	}
}

// more tells whether another element follows: counted, or until the break.
func (d *decoder) more(info byte, left *uint64) bool {
	if info != indefinite {
		*left--
		return *left != math.MaxUint64
	}
	ahead := *d
	if ahead.take(1)[0] != 0xff {
		return true
	}
	*d = ahead
	return false
}

func (d *decoder) text(info byte, length uint64) string {
	text := d.chunks(3, info, length)
	if !utf8.Valid(text) {
		panic(cborError("has text that is not UTF-8"))
	}
	return string(text)
}

func (d *decoder) chunks(major, info byte, length uint64) []byte {
	if info != indefinite {
		return append([]byte{}, d.take(length)...)
	}
	joined := []byte{}
	for d.more(info, nil) {
		next, info, length := d.head()
		if next != major || info == indefinite {
			panic(cborError("has a chunk of another type"))
		}
		joined = append(joined, d.take(length)...)
	}
	return joined
}

func simple(info byte, argument uint64) any {
	switch info {
	case 20, 21:
		return info == 21
	case 22:
		return nil
	case 25:
		return finite(fromHalf(uint16(argument)))
	case 26:
		return finite(float64(math.Float32frombits(uint32(argument))))
	case 27:
		return finite(math.Float64frombits(argument))
	}
	panic(cborError("has a simple value that JSON cannot say"))
}
