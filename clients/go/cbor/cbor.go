// Package cbor writes and reads CBOR (RFC 8949) as far as JSON and byte strings need it. What it writes
// is deterministic (4.2.1): equal values have equal bytes in every language, and so equal digests.
//
// Values are nil, bool, int64, uint64 (beyond int64), float64, string, []byte, []any and
// map[string]any, nested at most 64 deep. Tags, map keys that are not text, numbers that are not finite
// and integers below -2^63 are refused.
package cbor

// nestingMost is how deep values may be nested, as the server allows.
const nestingMost = 64

// failure says why an item cannot be encoded or decoded. It is thrown within this package alone.
type failure string

func (e failure) Error() string { return "cbor: the item " + string(e) }

// catch turns a failure that was thrown into an error.
func catch(err *error) {
	if thrown := recover(); thrown != nil {
		reason, ok := thrown.(failure)
		if !ok {
			panic(thrown)
		}
		*err = reason
	}
}
